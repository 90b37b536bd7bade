"""A folder of bad files costs none of the good ones, and shows nothing that it should not."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from extracted import check

from index.sqlite_store import SqliteStore
from tests.good_files import good_files, sentence
from tests.hostile_attacks import HIDDEN
from tests.hostile_files import bits_turned, hostile_files

pytestmark = pytest.mark.slow

PROGRAM = Path(__file__).parent / "hostile_sync.py"
SECRET = "zebrafinch marmalade"
SEED = 20_231
MAX_PEAK_KIB = 1_200_000


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """The folder's files, the secret beside it, and what a sync in a process of its own says."""
    place = tmp_path_factory.mktemp("hostile")
    folder = place / "documents"
    folder.mkdir()
    secret = place / "secret.txt"
    secret.write_text(SECRET)
    bad = hostile_files(SEED, secret)
    for name, content in bad.items():
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(content)
    for kind, content in good_files().items():
        (folder / f"good.{kind}").write_bytes(content)
    command = [sys.executable, str(PROGRAM), str(place / "home"), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr[-2000:]
    return place / "home", bad, json.loads(done.stdout)


@pytest.fixture(scope="module")
def documents(corpus):
    """Name to document, for all that was indexed."""
    with SqliteStore.open(corpus[0]) as store:
        return {Path(d.path).name: store.extracted(d.rowid) for d in store.documents()}


def test_the_files_are_many_and_the_same_each_time(corpus):
    _, bad, _ = corpus
    assert len(bad) >= 500
    again = bits_turned(good_files(), random.Random(SEED))
    assert len(again) > 200
    assert all(bad[name.encode()] == content for name, content in again.items())


def test_every_good_file_is_indexed(documents):
    for kind in good_files():
        assert sentence(kind) in documents[f"good.{kind}"].text


def test_every_bad_file_is_indexed_or_named_with_its_cause(corpus):
    home, bad, report = corpus
    failed = {each["path"] for each in report["failed"]}
    with SqliteStore.open(home) as store:
        indexed = {document.path for document in store.documents()}
    # A ZIP archive stands for the files in it.
    named = {part for path in failed | indexed for part in Path(path).parts}
    assert {name.decode("utf-8", "replace") for name in bad} <= named
    assert not failed & indexed
    assert report["added"] == len(indexed)


def test_causes_are_one_line_for_people(corpus):
    for each in corpus[2]["failed"]:
        assert each["cause"].isprintable(), each
        assert 10 < len(each["cause"]) < 400
        assert "Traceback" not in each["cause"]
        each["cause"].encode()


def test_documents_are_valid(corpus, documents):
    for document in documents.values():
        check(document)
        names = [place.name for place in document.locations]
        headings = [title for block in document.blocks for title in block.heading]
        for text in (document.title, document.authors or "", *names, *headings):
            text.encode()
            assert len(text) <= 300
    with SqliteStore.open(corpus[0]) as store:
        for chunk in store.chunks(store.chunk_ids().tolist()):
            assert chunk.start < chunk.end


def test_scripts_and_the_secret_are_in_no_text(documents):
    for name, document in documents.items():
        shown = [document.title, document.authors or "", *document.warnings]
        if name != "script-as.txt" or "<script" not in document.text:
            assert HIDDEN not in "\n".join([document.text, *shown]), name
        assert "zebrafinch" not in "\n".join([document.text, *shown]), name


def test_memory_is_bounded(corpus):
    report = corpus[2]
    assert report["workers_peak_kib"] < MAX_PEAK_KIB
    assert report["own_peak_kib"] < MAX_PEAK_KIB
