"""How well an approximate index finds: recall@10 against exact scores, measured when it is made."""

from typing import Any

import numpy as np

from index.dense_faiss import search
from index.embed import Vectors
from index.sqlite_store import SqliteStore
from index.store import Ids

NEAREST = 10
RESCORED = 4
"""Candidates taken from an approximate index for each one wanted, to be scored exactly."""

ENOUGH = 0.99
"""Recall that the probes are chosen for; what is promised is 0.98."""

_QUERIES, _MIXED = 200, 4
_BLOCK = 8192
_FEWEST_PROBES = 8


def choose_probes(store: SqliteStore, index: Any) -> tuple[int, float]:  # noqa: ANN401
    """Return the fewest probes whose recall is enough, and that recall.

    Each try has half as many more, from 8 on, up to all lists.
    """
    queries = sample_queries(store)
    truth = nearest(store, queries)
    probes = min(_FEWEST_PROBES, index.nlist)
    while True:
        recall = measure(index, queries, truth, probes)
        if recall >= ENOUGH or probes == index.nlist:
            return probes, recall
        probes = min(probes * 3 // 2, index.nlist)


def sample_queries(store: SqliteStore) -> Vectors:
    """Return the same queries for the same vectors: shape `(n, dimension)`, unit length.

    Each is the mean of four stored vectors far apart by id. A stored vector, even a blurred one,
    would be too easy: its neighbours lie in its own list, while those of a question lie in many.
    Real questions over a million passages found slightly more than these (docs/scale-single.md).
    """
    ids = store.chunk_ids()
    count = min(_QUERIES, ids.size // _MIXED)
    chosen = ids[np.linspace(0, ids.size - 1, count * _MIXED).astype(np.int64)]
    vectors = store.vectors(chosen.tolist())
    mixed = vectors.reshape(_MIXED, count, -1).sum(axis=0)
    lengths = np.linalg.norm(mixed, axis=1, keepdims=True)
    return np.asarray(mixed / np.maximum(lengths, 1e-9), dtype=np.float32)


def nearest(store: SqliteStore, queries: Vectors) -> Ids:
    """Return the ids of the ten nearest stored vectors to each query: shape `(n, 10)`."""
    scores = np.empty((len(queries), 0), dtype=np.float32)
    ids = np.empty((len(queries), 0), dtype=np.int64)
    for block_ids, vectors in store.vector_blocks(_BLOCK):
        scores = np.concatenate([scores, queries @ vectors.T], axis=1)
        ids = np.concatenate([ids, np.broadcast_to(block_ids, (len(ids), len(block_ids)))], axis=1)
        order = np.argpartition(-scores, min(NEAREST, scores.shape[1]) - 1, axis=1)[:, :NEAREST]
        scores = np.take_along_axis(scores, order, axis=1)
        ids = np.take_along_axis(ids, order, axis=1)
    return ids


def measure(index: Any, queries: Vectors, truth: Ids, probes: int) -> float:  # noqa: ANN401
    """Return the share of the truth among the candidates of each query.

    Candidates are scored exactly before they are returned, so a true neighbour that is among them
    is also among the ten that come back.
    """
    found, _ = search(index, queries, RESCORED * NEAREST, probes=probes)
    hits = sum(len(np.intersect1d(a, b)) for a, b in zip(found, truth, strict=True))
    return float(hits / truth.size)
