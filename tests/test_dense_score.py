import numpy as np
import pytest
from vector_stores import add, unit

from index.dense_score import best, cosines
from index.sqlite_store import SqliteStore


def test_cosines_by_hand(tmp_path):
    vectors = np.array([[0.6, 0.8], [1, 0], [0, 1], [0.6, 0.8]], dtype=np.float32)
    add(tmp_path / "home", vectors)
    query = np.array([1, 0], dtype=np.float32)
    with SqliteStore.open(tmp_path / "home") as store:
        found = cosines(store, query, [3, 4, 1, 2])
        assert [chunk for chunk, _ in found] == [2, 1, 4, 3]
        assert [score for _, score in found] == pytest.approx([1.0, 0.6, 0.6, 0.0])
        assert cosines(store, query, []) == []


def test_a_score_does_not_depend_on_what_else_is_scored(tmp_path):
    vectors = unit(300, dimension=384)
    vectors[::7] = vectors[0]
    add(tmp_path / "home", vectors)
    same = list(range(1, 301, 7))
    with SqliteStore.open(tmp_path / "home") as store:
        for number, query in enumerate(unit(20, seed=3, dimension=384), 1):
            alone = cosines(store, query, [1])[0][1]
            for ids in (same, list(range(1, 301)), [1, *range(2, 2 + number)]):
                scores = dict(cosines(store, query, ids))
                assert {scores[chunk] for chunk in same if chunk in scores} == {alone}


def test_ties_with_the_last_come_along():
    hits = [(4, 0.9), (1, 0.5), (7, 0.5), (9, 0.1)]
    assert best(hits, 1) == hits[:1]
    assert best(hits, 2) == hits[:3]
    assert best(hits, 3) == hits[:3]
    assert best(hits, 9) == hits
