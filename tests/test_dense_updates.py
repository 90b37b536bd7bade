"""How `DenseIndex` keeps up with the store: beside its file, and in it."""

import threading

import numpy as np
import pytest
from vector_stores import Log, add, brute_force, remove, unit

from index import dense as module
from index import dense_base
from index.dense import DenseIndex, save_if_behind
from index.dense_status import dense_status
from index.sqlite_store import SqliteStore
from index.sqlite_writer import SqliteWriter


@pytest.fixture
def log(monkeypatch):
    return Log(monkeypatch)


@pytest.fixture
def home(tmp_path, log, monkeypatch):
    """400 vectors in inverted lists, written to the file."""
    monkeypatch.setattr(dense_base, "EXACT_LIMIT", 300)
    monkeypatch.setattr(module, "_KEPT_BESIDE", 20)
    home = tmp_path / "home"
    add(home, unit(400))
    saved(home, log)
    return home


def saved(home, log):
    log.note(home)
    with SqliteStore.open(home) as store:
        save_if_behind(store)


def ids_of(hits):
    return [chunk for chunk, _ in hits]


def share_found(store, dense, queries):
    hits = [
        len(set(ids_of(dense.search(store, q, 10))) & set(ids_of(brute_force(store, q, 10))))
        for q in queries
    ]
    return sum(hits) / (10 * len(queries))


def test_approximate_search_is_scored_from_the_store(home):
    with SqliteStore.open(home) as store:
        dense = DenseIndex.load(store)
        assert dense.made.kind == "approximate"
        for query in unit(20, seed=5):
            truth = dict(brute_force(store, query, 400))
            hits = dense.search(store, query, 10)
            assert len(hits) == 10
            assert hits == [(i, truth[i]) for i in ids_of(hits)]
            assert hits == sorted(hits, key=lambda hit: (-hit[1], hit[0]))
        assert share_found(store, dense, unit(50, seed=6)) >= 0.98


def test_all_that_there_is_comes_back_when_it_is_asked_for(home):
    query = unit(1, seed=5)[0]
    with SqliteStore.open(home) as store:
        dense = DenseIndex.load(store)
        assert dense.search(store, query, 1000) == brute_force(store, query, 400)
        assert dense.search(store, query, 399) == brute_force(store, query, 399)


def test_ties_are_found_in_lists_too(home, log):
    same = np.repeat(unit(1, seed=77), 60, axis=0)
    new = add(home, same)
    saved(home, log)
    with SqliteStore.open(home) as store:
        dense = DenseIndex.load(store)
        assert dense.made.vectors == 460  # 60 are more than are kept beside
        assert ids_of(dense.search(store, same[0], 3)) == new


@pytest.mark.parametrize("scored_all", [1000, 1])
def test_only_allowed_ids_are_searched_in_lists_and_beside(home, monkeypatch, scored_all):
    monkeypatch.setattr(module, "_SCORED_ALL", scored_all)
    new = add(home, unit(5, seed=3))
    remove(home, [40])
    with SqliteStore.open(home) as store:
        dense = DenseIndex.load(store)
        for allowed in ([1, 2, 3, new[0]], [*range(1, 40), *range(41, 101), *new]):
            vectors = store.vectors(allowed)
            for query in unit(10, seed=4):
                scores = np.einsum("ij,j->i", vectors, query)
                best = sorted(zip(-scores, allowed, strict=True))[:3]
                assert ids_of(dense.search(store, query, 3, allowed)) == [i for _, i in best]


def test_a_change_is_kept_beside_the_file(home, log):
    before = (home / "vectors.faiss").read_bytes()
    new = add(home, unit(8, seed=2))
    remove(home, [3, new[0]])
    saved(home, log)
    assert (home / "vectors.faiss").read_bytes() == before
    with SqliteStore.open(home) as store:
        dense = DenseIndex.load(store)
        assert dense.generation == store.generation() == 3
        assert len(dense) == 406
        assert sorted(dense.ids().tolist()) == store.chunk_ids().tolist()
        assert ids_of(dense.search(store, unit(8, seed=2)[1], 1)) == [new[1]]
        assert 3 not in ids_of(dense.search(store, unit(400)[2], 10))
        assert share_found(store, dense, unit(50, seed=6)) >= 0.98


def test_a_larger_change_goes_into_the_file(home, log):
    with SqliteStore.open(home) as store:
        before = DenseIndex.load(store)
    new = add(home, unit(15, seed=2))
    remove(home, [1, 2, 3, 4, 5, 6])
    saved(home, log)
    with SqliteStore.open(home) as store:
        status = dense_status(store)
        assert (status.generation, status.vectors, status.kind) == (3, 409, "approximate")
        dense = DenseIndex.load(store, before)
        assert dense.made.vectors == len(dense) == 409
        assert sorted(dense.ids().tolist()) == store.chunk_ids().tolist()
        assert ids_of(dense.search(store, unit(15, seed=2)[9], 1)) == [new[9]]


def test_the_share_that_is_kept_beside_grows_with_the_file(home, log, monkeypatch):
    monkeypatch.setattr(module, "_KEPT_BESIDE", 0)
    monkeypatch.setattr(module, "_KEPT_BESIDE_SHARE", 0.02)
    add(home, unit(8, seed=2))  # 2% of 400
    saved(home, log)
    with SqliteStore.open(home) as store:
        assert dense_status(store).generation == 1
    add(home, unit(1, seed=3))
    saved(home, log)
    with SqliteStore.open(home) as store:
        assert dense_status(store).generation == 3


def test_a_save_reads_no_vectors_while_the_change_is_small(home, log, monkeypatch):
    add(home, unit(3, seed=2))
    log.note(home)
    for name in ("load", "save"):
        monkeypatch.setattr(DenseIndex, name, None)
    with SqliteStore.open(home) as store:
        save_if_behind(store)


def test_one_edit_reads_only_what_it_changed(home, log, monkeypatch):
    with SqliteStore.open(home) as store:
        dense = DenseIndex.load(store)
    first = add(home, unit(4, seed=2))
    saved(home, log)
    with SqliteStore.open(home) as store:
        dense = DenseIndex.load(store, dense)
    second = add(home, unit(1, seed=3))
    remove(home, first[:1])
    log.asked.clear()
    read = []
    real = SqliteStore.vectors
    monkeypatch.setattr(
        SqliteStore, "vectors", lambda store, ids: read.extend(ids) or real(store, ids)
    )
    monkeypatch.setattr(module, "read_base", None)
    with SqliteStore.open(home) as store:
        dense = DenseIndex.load(store, dense)
        assert set(read) == set(second)
        assert log.asked == [2]  # asked from the generation before, not from that of the file
        assert sorted(dense.ids().tolist()) == store.chunk_ids().tolist()


def test_running_searches_keep_their_generation(home, log):
    with SqliteStore.open(home) as store:
        old = DenseIndex.load(store)
        expected = [old.search(store, query, 5) for query in unit(20, seed=5)]
        failures = []

        def search():
            with SqliteStore.open(home) as mine:
                for _ in range(20):
                    found = [old.search(mine, query, 5) for query in unit(20, seed=5)]
                    failures.extend([] if found == expected else [found])

        threads = [threading.Thread(target=search) for _ in range(3)]
        for thread in threads:
            thread.start()
        new = old
        for _ in range(50):
            new = DenseIndex(new._base, new._delta.returned(np.array([1])), 1, new._source)
        for thread in threads:
            thread.join()
        assert failures == []
        assert len(old) == 400
    remove(home, list(range(1, 6)))
    log.note(home)
    with SqliteStore.open(home) as store:
        assert len(DenseIndex.load(store, old)) == 395
        assert len(old) == 400


@pytest.mark.parametrize("known", [True, False])
def test_a_reader_that_began_earlier_sees_its_own_generation(home, log, known):
    """The log says what came since a generation, not what went before it."""
    with SqliteStore.open(home) as reader:
        old = DenseIndex.load(reader)
        ids, generation = reader.chunk_ids(), reader.generation()
    new = add(home, unit(3, seed=2))
    remove(home, [7])
    if known:
        log.note(home)
    with SqliteStore.open(home) as store:
        newer = DenseIndex.load(store, old)
        assert set(new) < set(newer.ids().tolist())

        class Earlier(SqliteStore):
            def generation(self):
                return generation

            def chunk_ids(self):
                return ids

            def vectors(self, wanted=None):
                assert 7 not in (wanted or []), "its vector is in the base"
                return super().vectors(wanted)

        earlier = newer.caught_up(Earlier(store._db, home))
    assert sorted(earlier.ids().tolist()) == list(range(1, 401))
    assert earlier.generation == 1


def test_without_a_log_all_ids_are_compared(home, log):
    log.known.clear()
    add(home, unit(3, seed=2))
    remove(home, [7])
    with SqliteStore.open(home) as store:
        dense = DenseIndex.load(store)
        assert sorted(dense.ids().tolist()) == store.chunk_ids().tolist()
        save_if_behind(store)
        assert dense_status(store).generation == 3  # so that the log reaches back again


def test_many_new_vectors_make_a_new_base(home, log, monkeypatch):
    monkeypatch.setattr(module, "_MOST_BESIDE", 10)
    with SqliteStore.open(home) as store:
        dense = DenseIndex.load(store)
    for number, expected in ((6, 400), (5, 411)):
        add(home, unit(number, seed=number))
        log.note(home)
        with SqliteStore.open(home) as store:
            dense = DenseIndex.load(store, dense)
            assert dense.made.vectors == expected
            assert sorted(dense.ids().tolist()) == store.chunk_ids().tolist()


def test_vectors_of_another_width_make_a_new_base(home, log):
    with SqliteStore.open(home) as store:
        dense = DenseIndex.load(store)
    with SqliteWriter.writing(home) as store:
        for document in store.documents():
            store.remove_document(document.rowid)
    wider = unit(30, dimension=24)
    new = add(home, wider)
    log.note(home)
    with SqliteStore.open(home) as store:
        dense = DenseIndex.load(store, dense)
        assert dense.ids().tolist() == new
        assert ids_of(dense.search(store, wider[4], 1)) == [new[4]]


def test_an_emptied_index_finds_nothing_and_loses_its_file(home, log):
    remove(home, list(range(1, 401)))
    log.note(home)
    with SqliteStore.open(home) as store:
        assert DenseIndex.load(store).search(store, unit(1)[0], 5) == []
        save_if_behind(store)
        assert dense_status(store) is None
        assert DenseIndex.load(store).search(store, unit(1)[0], 5) == []
    assert [p.name for p in home.iterdir()] == ["pinpoint.db"]
    new = add(home, unit(2, seed=2))
    log.note(home)
    with SqliteStore.open(home) as store:
        assert ids_of(DenseIndex.load(store).search(store, unit(2, seed=2)[1], 1)) == new[1:]


def test_the_file_of_another_index_in_the_home_is_noticed(home, tmp_path, caplog):
    with SqliteStore.open(home) as store:
        dense = DenseIndex.load(store)
    add(tmp_path / "other", unit(10, seed=2))
    with SqliteStore.open(tmp_path / "other") as store:
        assert store.generation() == dense.generation
        assert not dense.fits(store)
        found = DenseIndex.load(store, dense)
        assert found.fits(store)
        assert found.ids().tolist() == list(range(1, 11))
    assert caplog.text == ""


def test_a_missing_file_is_made_once(home, monkeypatch):
    (home / "vectors.faiss").unlink()
    made = []

    def build(store):
        made.append(store.generation())
        return dense_base.build(store)

    monkeypatch.setattr(module, "build", build)
    monkeypatch.setattr(module, "merged", None)
    with SqliteStore.open(home) as store:
        save_if_behind(store)
        assert made == [1]
        assert dense_status(store).vectors == 400


def test_status_is_the_stamp_alone(home):
    with SqliteStore.open(home) as store:
        status = dense_status(store)
    assert (status.kind, status.vectors, status.lists, status.generation) == (
        "approximate",
        400,
        80,
        1,
    )
    assert 8 <= status.probes <= 80
    assert 0.98 <= status.recall <= 1.0


def test_a_file_that_cannot_be_written_is_only_said(home, log, monkeypatch, caplog):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "write_base", full)
    add(home, unit(30, seed=2))
    saved(home, log)
    assert "vectors.faiss: cannot be written ([Errno 28] No space left on device)" in caplog.text
    with SqliteStore.open(home) as store:
        assert len(DenseIndex.load(store)) == 430


def test_who_asks_scans_the_store_until_the_file_has_come(home, log, monkeypatch):
    content = {name: (home / name).read_bytes() for name in ("vectors.faiss", "vectors.json")}
    (home / "vectors.faiss").unlink()

    def refuse(_store):
        raise AssertionError("lists are built while somebody waits")

    with SqliteStore.open(home) as store:
        monkeypatch.setattr(module, "build", refuse)
        dense = DenseIndex.load(store, asking=True)
        query = unit(1, seed=6)[0]
        assert dense.search(store, query, 10) == brute_force(store, query, 10)
        allowed = [5, 7, 300]
        assert sorted(ids_of(dense.search(store, query, 10, allowed))) == allowed
        assert dense.fits(store)
    new = add(home, unit(3, seed=9))
    log.note(home)
    with SqliteStore.open(home) as store:
        assert not dense.fits(store)
        dense = DenseIndex.load(store, dense, asking=True)
        assert ids_of(dense.search(store, unit(3, seed=9)[1], 1)) == [new[1]]
        for name, written in content.items():
            (home / name).write_bytes(written)
        assert not dense.fits(store)  # the file has come
        assert DenseIndex.load(store, dense, asking=True).made.kind == "approximate"
