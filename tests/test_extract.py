import os
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from bad_worker import parse

from index.errors import LoadError
from index.extract import Extractor
from index.load import LOADERS
from index.settings import Settings
from index.worker import from_json, to_json


@pytest.fixture
def extractor():
    settings = Settings(extract_processes=2, extract_seconds=20, extract_memory_mb=1024)
    with Extractor(settings, "bad_worker") as made:
        yield made


def pdf(extractor, word):
    return extractor.extract(Path(f"{word}.pdf"), word.encode())


def test_a_document_comes_back_whole(extractor):
    found = pdf(extractor, "good")
    assert re.fullmatch(r"good of process \d+", found.text)
    assert str(os.getpid()) not in found.text
    assert replace(found, text="") == replace(parse(b"good", "good"), text="")
    assert from_json(to_json(found)) == found


@pytest.mark.parametrize(
    ("word", "cause"),
    [
        ("crash", r"its parser crashed \(SIGABRT\)"),
        ("leave", r"its parser crashed \(exit status 3\)"),
        ("memory", "needs too much memory; raise extract_memory_mb"),
        ("raise", r"cannot be read \(KeyError: 'no such part'\)"),
        ("deep", "nested too deeply"),
        ("surrogate", r"cannot be read \(UnicodeEncodeError"),
    ],
)
def test_a_bad_file_costs_that_file_only(extractor, word, cause):
    with pytest.raises(LoadError, match=cause):
        pdf(extractor, word)
    assert pdf(extractor, "good").title == "good"


def test_a_parser_that_hangs_is_stopped():
    settings = Settings(extract_processes=1, extract_seconds=1.5)
    with Extractor(settings, "bad_worker") as extractor:
        assert pdf(extractor, "good").title == "good"
        with pytest.raises(LoadError, match=r"took longer than 1\.5 seconds; raise extract_sec"):
            pdf(extractor, "hang")


def test_the_loader_is_told_the_settings():
    settings = Settings(
        extract_processes=1, extract_seconds=9, max_pages=7, ocr=True, ocr_language="deu"
    )
    with Extractor(settings, "bad_worker") as extractor:
        text = pdf(extractor, "options").text
    assert text.startswith("{'seconds': 9.0, 'max_pages': 7, 'ocr_language': 'deu'} of process")


def test_the_real_worker_reads_the_fields_that_are_named():
    content = b'{"title": "One two three.", "body": "Four."}'
    with Extractor(Settings(extract_processes=1, json_fields=["body"])) as extractor:
        assert extractor.extract(Path("a.json"), content).text == "Four."


def test_work_is_shared_and_results_keep_their_order(extractor):
    def work(word):
        try:
            return pdf(extractor, word).text.split(" ", 1)[0]
        except LoadError:
            return None

    words = ["a", "crash", "b", "raise", "c", "d"]
    assert list(extractor.map(work, words)) == ["a", None, "b", None, "c", "d"]


def test_plain_text_needs_no_process(monkeypatch):
    monkeypatch.setattr("subprocess.Popen", None)
    with Extractor(Settings()) as extractor:
        assert extractor.extract(Path("a.txt"), b"Cats purr.").text == "Cats purr."


def test_nothing_else_is_read_without_one(monkeypatch):
    monkeypatch.setattr("subprocess.Popen", None)
    with Extractor(Settings()) as extractor, pytest.raises(TypeError):
        extractor.extract(Path("a.md"), b"Cats purr.")


def test_the_real_worker_says_what_it_cannot_read():
    with Extractor(Settings(extract_processes=1)) as extractor, pytest.raises(LoadError):
        extractor.extract(Path("a.zip"), b"PK")


def test_a_text_that_its_reader_stumbles_over_costs_that_file_only(monkeypatch):
    def stumble(_content, _stem):
        raise KeyError("no\nsuch part")

    with Extractor(Settings()) as extractor:
        with monkeypatch.context() as patched:
            patched.setitem(LOADERS, "text/plain", stumble)
            with pytest.raises(LoadError, match=r"^cannot be read \(KeyError: .*part'\); is"):
                extractor.extract(Path("a.txt"), b"Cats purr.")
        assert extractor.extract(Path("a.txt"), b"Cats purr.").text == "Cats purr."


def test_an_archive_is_never_opened_here(extractor, monkeypatch):
    monkeypatch.setattr("index.extract.media_type", None)
    with pytest.raises(LoadError):
        extractor.extract(Path("a.txt"), b"PK\x03\x04")


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is kept by Linux")
def test_a_file_that_leaves_no_memory_for_an_answer_says_so():
    settings = Settings(extract_processes=1, extract_seconds=60, extract_memory_mb=256)
    with Extractor(settings) as extractor:
        with pytest.raises(LoadError, match="needs too much memory; raise extract_memory_mb"):
            extractor.extract(Path("large.pdf"), bytes(300 << 20))
        assert extractor.extract(Path("a.html"), b"<p>Cats purr.</p>").text == "Cats purr."
