import faiss
import numpy as np
import pytest
from vector_stores import add, unit

from index.dense_recall import choose_probes, measure, nearest, sample_queries
from index.sqlite_store import SqliteStore


@pytest.fixture
def store(tmp_path):
    add(tmp_path / "home", unit(400))
    with SqliteStore.open(tmp_path / "home") as store:
        yield store


def lists_of(store, lists):
    index = faiss.IndexIVFFlat(faiss.IndexFlatIP(16), 16, lists, faiss.METRIC_INNER_PRODUCT)
    index.cp.seed, index.cp.min_points_per_centroid = 1, 1
    index.train(store.vectors())
    index.add_with_ids(store.vectors(), store.chunk_ids())
    return index


def test_queries_are_means_of_four_and_always_the_same(store):
    queries = sample_queries(store)
    assert queries.shape == (100, 16)
    vectors = store.vectors()
    mean = vectors[[0, 100, 200, 300]].sum(axis=0)
    # 400 ids in 400 places: every vector is used once, the first query takes each hundredth.
    assert np.allclose(queries[0], mean / np.linalg.norm(mean), atol=1e-6)
    assert np.array_equal(queries, sample_queries(store))


def test_the_nearest_equal_brute_force(store, monkeypatch):
    monkeypatch.setattr("index.dense_recall._BLOCK", 64)
    queries = sample_queries(store)
    expected = store.chunk_ids()[np.argsort(-(queries @ store.vectors().T), axis=1)[:, :10]]
    assert np.array_equal(np.sort(nearest(store, queries)), np.sort(expected))


def test_recall_by_hand(store):
    index = lists_of(store, 1)
    queries = sample_queries(store)[:2]
    truth = nearest(store, queries)
    assert measure(index, queries, truth, 1) == 1.0
    truth[0, :5] = -7  # five of twenty cannot be found
    assert measure(index, queries, truth, 1) == 0.75


def test_the_fewest_probes_that_are_enough(store, monkeypatch):
    index, queries = lists_of(store, 40), sample_queries(store)
    truth = nearest(store, queries)
    by_probes = {n: measure(index, queries, truth, n) for n in (8, 12, 18, 27, 40)}
    assert by_probes[8] < by_probes[18] < by_probes[40] == 1.0
    assert choose_probes(store, index) == next(i for i in by_probes.items() if i[1] >= 0.99)
    monkeypatch.setattr("index.dense_recall.ENOUGH", by_probes[8])
    assert choose_probes(store, index) == (8, by_probes[8])
    monkeypatch.setattr("index.dense_recall.ENOUGH", 2.0)  # out of reach
    assert choose_probes(store, index) == (40, 1.0)
