"""Texts held in memory."""

import shutil
import sqlite3
from contextlib import closing

import pytest
from pdf_files import lines, pdf

from index.errors import QuoteError
from index.sqlite_store import FILE_NAME, SqliteStore
from index.store import text_sha256
from ui import texts
from ui.texts import Texts

GATE, FERRY = "The gate opens at nine.\n", "The ferry leaves at ten.\n"


@pytest.fixture
def filled(pinpoint, folder):
    (folder / "gate.txt").write_text(GATE)
    (folder / "ferry.txt").write_text(FERRY)
    pinpoint.sync(folder)
    return pinpoint


@pytest.fixture
def hashed(monkeypatch):
    """Note which texts are hashed."""
    seen = []
    monkeypatch.setattr(
        texts, "text_sha256", lambda text: (seen.append(text), text_sha256(text))[1]
    )
    return seen


def test_a_text_is_read_and_hashed_once(filled, hashed):
    held = Texts(filled.home)
    for _ in range(3):
        assert held.find(text_sha256(GATE)).text == GATE
    assert hashed == [GATE]


def test_the_last_texts_that_fit_are_held(filled, hashed):
    held = Texts(filled.home, limit_chars=len(GATE) + len(FERRY) - 1)
    for text in (GATE, FERRY, FERRY, GATE):
        held.find(text_sha256(text))
    assert hashed == [GATE, FERRY, GATE]


def test_a_text_beyond_the_limit_is_held_alone(filled, hashed):
    held = Texts(filled.home, limit_chars=1)
    for text in (GATE, GATE, FERRY):
        held.find(text_sha256(text))
    assert hashed == [GATE, FERRY]


def test_a_removed_document_is_not_found_although_its_text_was_held(filled, folder):
    held = Texts(filled.home)
    held.find(text_sha256(GATE))
    (folder / "gate.txt").write_text("The gate stays shut.")
    filled.sync()
    with pytest.raises(QuoteError):
        held.find(text_sha256(GATE))


def test_a_damaged_text_is_refused(filled):
    with closing(sqlite3.connect(filled.home / FILE_NAME)) as db, db:
        db.execute("UPDATE texts SET text = replace(text, 'nine', 'five')")
    held = Texts(filled.home)
    for _ in range(2):
        with pytest.raises(QuoteError, match="damaged"):
            held.find(text_sha256(GATE))


def test_the_structure_is_that_of_the_index(filled):
    held = Texts(filled.home)
    document = held.find(text_sha256(GATE)).document
    with SqliteStore.open(filled.home) as store:
        extracted = store.extracted(document.rowid)
    assert held.structure(document) == texts.Structure(extracted.blocks, extracted.locations)
    assert held.rectangles(document, 0, 3) == []


def test_rectangles_are_of_the_index_as_it_is_even_if_it_was_made_anew(pinpoint, folder):
    held = Texts(pinpoint.home)
    for page, pages in ((1, [lines("The gate opens.")]), (2, [lines("."), lines("A gate.")])):
        shutil.rmtree(pinpoint.home, ignore_errors=True)
        (folder / "gate.pdf").write_bytes(pdf(*pages))
        pinpoint.sync(folder)
        found = held.find(pinpoint.documents().documents[0].sha256)
        assert found.document.rowid == 1
        assert [r.page for r in held.rectangles(found.document, 3, 6)] == [page]
