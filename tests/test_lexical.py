import json
import shutil

import numpy as np
import pytest
from fakes import TermReader, WordEmbedder

from index.lexical import FOLDER, STAMP_NAME, LexicalIndex, save_if_behind
from index.settings import Settings
from index.sqlite_store import SqliteStore
from index.sync import sync
from qa.api import Pinpoint
from qa.terms import match_query, phrases
from ui import show

WORDS = ["red", "green", "blue", "black", "white"]


@pytest.fixture
def home(tmp_path, folder, monkeypatch):
    """An index of 40 passages that is large enough: number n holds `word` n % 5 and n `the`."""
    monkeypatch.setattr("index.lexical.FROM_CHUNKS", 10)
    for number in range(40):
        text = f"A {WORDS[number % 5]} house of number{number}. {'the ' * number}"
        (folder / f"{number:02}.txt").write_text(text.strip())
    sync(tmp_path / "home", [folder], WordEmbedder(), Settings())
    return tmp_path / "home"


def search(home, words, limit=50, allowed=None):
    with SqliteStore.open(home) as store:
        index = LexicalIndex.load(store)
        assert index is not None
        return [chunk for chunk, _ in index.search(words, limit, allowed)]


def resync(home, **options):
    return sync(home, None, WordEmbedder(), Settings(), **options)


@pytest.mark.parametrize(
    "question",
    ["red houses", "Which number7 is green?", "numbers", "house the", "U.S.", "nothing there"],
)
def test_it_finds_and_orders_what_sqlite_does(home, question):
    with SqliteStore.open(home) as store:
        expected = [chunk for chunk, _ in store.search_terms(match_query(question), 50)]
        found = LexicalIndex.load(store).search(phrases(question), 50)
    assert sorted(c for c, _ in found) == sorted(expected)
    assert [c for c, _ in found][:3] == expected[:3]


def test_words_are_stemmed_and_diacritics_folded(home, folder):
    (folder / "40.txt").write_text("Running café.")
    resync(home)
    assert search(home, ["runs"]) == [41]
    assert search(home, ["CAFE"]) == [41]


def test_words_in_a_row_must_stand_in_a_row(home, folder):
    (folder / "40.txt").write_text("The U.S. left.")
    (folder / "41.txt").write_text("S. comes before U.")
    resync(home)
    assert search(home, ["u s"]) == [41]


def test_the_shorter_passage_is_the_better_one_and_ties_come_together(home, folder):
    assert search(home, ["red"], 2) == [1, 6]
    for name in ("40", "41", "42"):
        (folder / f"{name}.txt").write_text("Purple house." + " " * int(name))
    resync(home)
    assert search(home, ["purple"], 1) == [41, 42, 43]
    assert search(home, ["purple"], 3) == [41, 42, 43]


def test_only_allowed_chunks_are_found_however_deep_they_lie(home):
    assert search(home, ["house"], 2, np.array([38, 40])) == [38, 40]
    assert search(home, ["house"], 2, np.array([], dtype=np.int64)) == []
    assert search(home, [], 2) == []


def test_changes_are_followed(home, folder):
    (folder / "00.txt").unlink()
    (folder / "05.txt").write_text("A yellow house.")
    resync(home)
    assert 1 not in search(home, ["red"])
    assert search(home, ["yellow"]) == [41]
    assert len(search(home, ["house"], 100)) == 39


def test_small_collections_are_left_to_sqlite(home, folder):
    for number in range(35):
        (folder / f"{number:02}.txt").unlink()
    resync(home)
    assert not (home / FOLDER).exists()
    assert not (home / STAMP_NAME).exists()
    with SqliteStore.open(home) as store:
        assert LexicalIndex.load(store) is None


@pytest.mark.parametrize("name", ["meta.json", None])
def test_damaged_files_are_not_used_and_made_again(home, caplog, name):
    path = home / FOLDER / (name or max((home / FOLDER).iterdir(), key=lambda p: p.stat().st_size))
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with SqliteStore.open(home) as store:
        assert LexicalIndex.load(store) is None
        assert "damaged, or not of this index; SQLite is searched" in caplog.text
        save_if_behind(store)
    assert search(home, ["number7"]) == [8]


def test_files_that_are_missing_are_made_again(home):
    (home / FOLDER / "meta.json").unlink()
    resync(home)
    assert search(home, ["number7"]) == [8]


def test_a_stamp_of_another_index_or_generation_is_not_believed(home, caplog):
    stamp = json.loads((home / STAMP_NAME).read_text())
    for change in ({"index_id": "other"}, {"generation": 7}, {"layout": 0}):
        (home / STAMP_NAME).write_text(json.dumps(stamp | change))
        with SqliteStore.open(home) as store:
            assert LexicalIndex.load(store) is None
    (home / STAMP_NAME).write_text("no stamp")
    resync(home)
    assert search(home, ["number7"]) == [8]
    assert caplog.text == ""


def test_asking_writes_nothing_and_gives_what_sqlite_gives(home, monkeypatch):
    def ask():
        pinpoint = Pinpoint(home, Settings(), embedder=WordEmbedder(), reader=TermReader())
        return pinpoint.ask("Which house is number17?", until="2100-01-01"), pinpoint.ask(
            "Which house is number17?"
        )

    before = {p: p.read_bytes() for p in sorted(home.rglob("*")) if p.is_file()}
    dated, undated = ask()
    assert {p: p.read_bytes() for p in sorted(home.rglob("*")) if p.is_file()} == before
    assert dated.answered is False
    assert undated.text.startswith("A blue house of number17. [1]")
    monkeypatch.setattr("index.lexical.FROM_CHUNKS", 1000)
    assert [c.quote for c in ask()[1].citations] == [c.quote for c in undated.citations]


def test_an_open_handle_sees_that_the_index_was_deleted_and_made_anew(home, folder):
    pinpoint = Pinpoint(home, Settings(), embedder=WordEmbedder(), reader=TermReader())
    assert pinpoint.ask("Which house is number17?").text.startswith("A blue house of number17.")
    shutil.rmtree(home)
    for number in range(17, 40):
        (folder / f"{number}.txt").unlink()
    sync(home, [folder], WordEmbedder(), Settings())
    assert pinpoint.ask("Which house is number16?").text.startswith("A green house of number16.")
    assert not pinpoint.ask("Where is number17?").answered


def test_a_file_that_cannot_be_written_is_only_logged(home, folder, monkeypatch, caplog):
    def refuse(*_args, **_options):
        raise OSError(28, "No space left on device")

    (folder / "40.txt").write_text("Purple house.")
    monkeypatch.setattr("index.lexical.replacing", refuse)
    resync(home)
    assert "No space left on device" in caplog.text
    with SqliteStore.open(home) as store:
        assert LexicalIndex.load(store) is None


def test_status_says_what_searches(home, monkeypatch):
    pinpoint = Pinpoint(home, Settings(), embedder=WordEmbedder(), reader=TermReader())
    status = pinpoint.status()
    assert status.terms == "tantivy"
    assert (status.vectors.kind, status.vectors.vectors, status.vectors.recall) == ("exact", 40, 1)
    assert "vectors exactly, words by Tantivy\n" in show.status(status)
    approximate = status.vectors.model_copy(update={"kind": "approximate", "recall": 0.9914})
    told = show.status(status.model_copy(update={"vectors": approximate}))
    assert "vectors approximately, recall@10 0.991, words by Tantivy\n" in told
    monkeypatch.setattr("index.lexical.FROM_CHUNKS", 1000)
    assert pinpoint.status().terms == "sqlite"
