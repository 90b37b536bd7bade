"""Exact scores: cosines with the vectors of the store."""

from collections.abc import Sequence

import numpy as np

from index.embed import Vectors
from index.store import Store

Hits = list[tuple[int, float]]
"""`(id, cosine)` by (-cosine, id)."""


def cosines(store: Store, query: Vectors, ids: Sequence[int]) -> Hits:
    """Return `(id, cosine)` of these chunks' stored vectors by (-cosine, id)."""
    if not ids:
        return []
    # Row by row, so that a score never depends on what else is scored: equal vectors tie.
    scores = np.einsum("ij,j->i", store.vectors(ids), query).tolist()
    return sorted(zip(ids, scores, strict=True), key=lambda hit: (-hit[1], hit[0]))


def best(hits: Hits, wanted: int) -> Hits:
    """Return the first hits and those that tie with the last of them."""
    if len(hits) <= wanted:
        return hits
    return [hit for hit in hits if hit[1] >= hits[wanted - 1][1]]
