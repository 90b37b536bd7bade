import json

import numpy as np
import pytest

from index.dense import DenseIndex, save_if_behind
from index.settings import Settings
from index.sqlite_store import SqliteStore
from index.sync import sync


@pytest.fixture
def home(tmp_path, folder, embedder):
    for number in range(40):
        (folder / f"{number:02}.txt").write_text(f"Word{number % 10} common word{number}.")
    sync(tmp_path / "home", [folder], embedder, Settings())
    return tmp_path / "home"


def test_search_equals_brute_force(home):
    rng = np.random.default_rng(7)
    with SqliteStore.open(home) as store:
        dense, ids, vectors = DenseIndex.load(store), store.chunk_ids(), store.vectors()
        for _ in range(20):
            query = rng.normal(size=vectors.shape[1]).astype(np.float32)
            scores = vectors @ query
            expected = sorted(zip(-scores, ids, strict=True))[:7]
            found = dense.search(store, query, 7)
            assert [i for i, _ in found] == [int(i) for _, i in expected]
            assert np.allclose([s for _, s in found], [-s for s, _ in expected], atol=1e-6)


def test_ties_at_the_cut_off_all_come_back(tmp_path, folder, embedder):
    for number, name in enumerate("abcdef"):
        text = "Same words." if name < "e" else "Others here."
        (folder / f"{name}.txt").write_text(text + " " * number)  # alike, but no two are copies
    sync(tmp_path / "h", [folder], embedder, Settings())
    query = embedder.encode_query("same words")
    with SqliteStore.open(tmp_path / "h") as store:
        dense = DenseIndex.load(store)
        assert [i for i, _ in dense.search(store, query, 2)] == [1, 2, 3, 4]
        assert [i for i, _ in dense.search(store, query, 5)] == [1, 2, 3, 4, 5, 6]
        assert [i for i, _ in dense.search(store, query, 100)] == [1, 2, 3, 4, 5, 6]
        assert dense.search(store, query, 0) == []


def test_only_allowed_ids_are_searched(home, embedder, monkeypatch):
    query = embedder.encode_query("word3 common word3")
    with SqliteStore.open(home) as store:
        dense = DenseIndex.load(store)
        for scored_all in (1000, 1):  # from the store, and by FAISS
            monkeypatch.setattr("index.dense._SCORED_ALL", scored_all)
            assert [i for i, _ in dense.search(store, query, 1)] == [4]
            assert sorted(i for i, _ in dense.search(store, query, 5, [2, 9])) == [2, 9]
            assert len(dense.search(store, query, 3, list(range(20, 41)))) >= 3
            assert min(i for i, _ in dense.search(store, query, 3, list(range(20, 41)))) >= 20
            assert dense.search(store, query, 5, []) == []
            assert sorted(i for i, _ in dense.search(store, query, 5, [9, 2, 9])) == [2, 9]


def test_a_missing_file_is_rebuilt_without_a_word(home, caplog):
    (home / "vectors.faiss").unlink()
    with SqliteStore.open(home) as store:
        assert DenseIndex.load(store).ids().tolist() == store.chunk_ids().tolist()
    assert caplog.text == ""
    assert not (home / "vectors.faiss").exists()


@pytest.mark.parametrize("content", [b"junk", b""])
def test_a_damaged_file_is_rebuilt_from_the_store_and_said(home, caplog, content):
    (home / "vectors.faiss").write_bytes(content)
    with SqliteStore.open(home) as store:
        assert sorted(DenseIndex.load(store).ids().tolist()) == store.chunk_ids().tolist()
        assert "damaged, or not of this index; rebuilt from the database" in caplog.text
        assert (home / "vectors.faiss").read_bytes() == content  # reading writes nothing
        save_if_behind(store)
        caplog.clear()
        DenseIndex.load(store)
    assert caplog.text == ""


def test_the_file_of_another_index_is_refused(home, tmp_path, folder, embedder, caplog):
    sync(tmp_path / "other", [folder / "00.txt"], embedder, Settings())
    for name in ("vectors.faiss", "vectors.json"):
        (home / name).write_bytes((tmp_path / "other" / name).read_bytes())
    with SqliteStore.open(home) as store:
        assert len(DenseIndex.load(store).ids()) == 40
    assert "not of this index" in caplog.text


def test_an_old_file_is_caught_up(home, folder, embedder, monkeypatch):
    old = {name: (home / name).read_bytes() for name in ("vectors.faiss", "vectors.json")}
    (folder / "00.txt").unlink()
    (folder / "new.txt").write_text("Brand new.")
    sync(home, None, embedder, Settings())
    for name, content in old.items():
        (home / name).write_bytes(content)
    with SqliteStore.open(home) as store:
        dense = DenseIndex.load(store)
        assert sorted(dense.ids().tolist()) == store.chunk_ids().tolist()
        assert dense.generation == store.generation() == 2
        stamp = json.loads((home / "vectors.json").read_text())
        assert stamp["generation"] == 1
        monkeypatch.setattr(
            SqliteStore, "changes_since", lambda *_: None
        )  # further back than is known
        save_if_behind(store)
        assert json.loads((home / "vectors.json").read_text())["generation"] == 2
