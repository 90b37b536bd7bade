import faiss
import numpy as np
import pytest
from vector_stores import add, remove, unit

from index import dense_base
from index.dense_base import blocks, build, merged
from index.dense_faiss import search, selector
from index.sqlite_store import SqliteStore


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(dense_base, "EXACT_LIMIT", 300)
    add(tmp_path / "home", unit(400))
    return tmp_path / "home"


def ids(*numbers):
    return np.array(numbers, dtype=np.int64)


def test_an_empty_store_has_no_base(tmp_path):
    add(tmp_path / "home", [])
    with SqliteStore.open(tmp_path / "home") as store:
        assert build(store) is None


def test_the_size_decides_the_kind(home, monkeypatch):
    with SqliteStore.open(home) as store:
        rough = build(store)
        monkeypatch.setattr(dense_base, "EXACT_LIMIT", 400)
        exact = build(store)
    assert exact.made.model_dump() == {
        "kind": "exact",
        "vectors": 400,
        "trained_on": None,
        "lists": None,
        "probes": None,
        "recall": 1.0,
    }
    assert (rough.made.kind, rough.made.vectors, rough.made.trained_on) == ("approximate", 400, 400)
    assert rough.made.lists == 80  # 4 * sqrt(400)
    assert 0.99 <= rough.made.recall <= 1.0
    for base in (exact, rough):
        assert sorted(base.ids().tolist()) == list(range(1, 401))
        assert base.dimension == 16


def test_all_lists_hold_what_exact_search_finds(home):
    vectors = unit(400)
    with SqliteStore.open(home) as store:
        base = build(store)
    for query in unit(20, seed=5):
        expected = set((np.argsort(-(vectors @ query))[:10] + 1).tolist())
        found, scores = base.search(query, 20, probes=80)
        assert expected <= set(found.tolist())
        # Eight bits a dimension are off by little.
        assert np.allclose(scores, vectors[found - 1] @ query, atol=0.02)


def test_training_is_the_same_each_time(home):
    query = unit(1, seed=9)[0]
    with SqliteStore.open(home) as store:
        first, second = build(store), build(store)
    assert first.made == second.made
    assert np.array_equal(first.search(query, 30)[0], second.search(query, 30)[0])
    assert np.array_equal(first.search(query, 30)[1], second.search(query, 30)[1])


def test_a_merge_keeps_the_lists_and_leaves_the_old_base_alone(home, monkeypatch):
    with SqliteStore.open(home) as store:
        old = build(store)
    added = ids(*add(home, unit(30, seed=2)))
    remove(home, [5, 6])
    monkeypatch.setattr(dense_base, "_trained", None)  # not trained again
    with SqliteStore.open(home) as store:
        new = merged(store, old, added, ids(5, 6))
        assert sorted(new.ids().tolist()) == store.chunk_ids().tolist()
        assert new.made.vectors == 428
        assert new.made.trained_on == 400
        for vector, chunk in zip(unit(30, seed=2), added.tolist(), strict=True):
            assert new.search(vector, 1, probes=80)[0].tolist() == [chunk]
    assert sorted(old.ids().tolist()) == list(range(1, 401))


@pytest.mark.parametrize(
    ("added", "removed", "kind", "trained_on"),
    [(400, 0, "approximate", 400), (401, 0, "approximate", 801), (0, 201, "exact", None)],
)
def test_lists_are_trained_again_when_the_size_doubled_or_halved(
    home, added, removed, kind, trained_on
):
    with SqliteStore.open(home) as store:
        old = build(store)
    new = ids(*add(home, unit(added, seed=2))) if added else ids()
    gone = ids(*range(1, removed + 1))
    remove(home, gone.tolist())
    with SqliteStore.open(home) as store:
        base = merged(store, old, new, gone)
        assert (base.made.kind, base.made.trained_on) == (kind, trained_on)
        assert sorted(base.ids().tolist()) == store.chunk_ids().tolist()


def test_below_the_limit_lists_stay_until_half_of_it(home):
    with SqliteStore.open(home) as store:
        old = build(store)
    for gone, kind in ((ids(*range(1, 201)), "approximate"), (ids(*range(1, 252)), "exact")):
        left = 400 - gone.size
        with SqliteStore.open(home) as store:
            remaining = store.chunk_ids()
        remove(home, np.intersect1d(gone, remaining).tolist())
        with SqliteStore.open(home) as store:
            base = merged(store, old, ids(), gone)
        assert (base.made.kind, base.made.vectors) == (kind, left)


def test_a_search_for_one_query_uses_one_thread(home):
    with SqliteStore.open(home) as store:
        base = build(store)
    threads, used = faiss.omp_get_max_threads(), []

    class Index:
        def search(self, *arguments, **named):
            used.append(faiss.omp_get_max_threads())
            return base.index.search(*arguments, **named)

    search(Index(), unit(1), 5, probes=8)
    search(Index(), unit(2), 5, probes=8)
    assert used == [1, threads]
    assert faiss.omp_get_max_threads() == threads


def test_selectors_and_blocks(home):
    with SqliteStore.open(home) as store:
        base = build(store)
    query = unit(1, seed=3)
    among, _ = search(base.index, query, 5, chosen=selector(ids(7, 300)), probes=80)
    assert sorted(among[0].tolist()) == [-1, -1, -1, 7, 300]
    others, _ = search(
        base.index, query, 400, chosen=selector(ids(7, 300), negated=True), probes=80
    )
    assert sorted(others[0].tolist())[2:] == [i for i in range(1, 401) if i not in (7, 300)]
    assert [block.tolist() for block in blocks(ids(1, 2, 3), 2)] == [[1, 2], [3]]
    assert list(blocks(ids())) == []
