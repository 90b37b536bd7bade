"""Question to passages: dense search and BM25 together."""

from collections.abc import Iterable, Mapping

import numpy as np

from index.dense import DenseIndex
from index.dense_score import cosines
from index.embed import Vectors
from index.filter import EVERYTHING, Filter
from index.lexical import LexicalIndex
from index.rows import StoredChunk
from index.settings import Settings
from index.store import Store
from qa.read import Passage
from qa.terms import match_query, phrases

_NEARLY_THE_SAME = 0.95


def retrieve(
    store: Store,
    dense: DenseIndex,
    query: Vectors,
    question: str,
    settings: Settings,
    *,
    lexical: LexicalIndex | None = None,
    within: Filter = EVERYTHING,
) -> list[Passage]:
    """Return the best passages by (-score, path, start), other versions of them last.

    Args:
        store: One generation of the index.
        dense: The vector index of the same generation.
        query: The question's vector, shape `(dimension,)`.
        question: The question in words.
        settings: `candidates` from each retriever, `passages` in the end.
        lexical: The full-text index of the same generation; None asks the store's own.
        within: Bounds of the documents to search.
    """
    allowed = store.chunk_ids_within(within) if within else None
    if allowed is not None and not allowed.size:
        return []
    by_vector = dict(dense.search(store, query, settings.candidates, allowed))
    if lexical is not None:
        by_term = dict(lexical.search(phrases(question), settings.candidates, allowed))
    elif match := match_query(question):
        by_term = dict(store.search_terms(match, settings.candidates, within))
    else:
        by_term = {}
    ids = sorted(by_vector.keys() | by_term.keys())
    if not ids:
        return []
    similarity = by_vector | dict(cosines(store, query, [i for i in ids if i not in by_vector]))
    scores = average_min_max([similarity, {chunk: by_term.get(chunk, 0.0) for chunk in ids}])
    return _passages(store, scores, similarity, settings.passages, within)


def average_min_max(rankings: list[dict[int, float]]) -> dict[int, float]:
    """Return the mean of each ranking's scores, scaled so that they run from 0 to 1.

    A ranking in which all scores are equal says nothing and counts as 0.
    """
    fused: dict[int, float] = {}
    for scores in rankings:
        values = np.array(list(scores.values()), dtype=np.float64)
        low, width = values.min(), np.ptp(values)
        for key, value in scores.items():
            share = (value - low) / width if width else 0.0
            fused[key] = fused.get(key, 0.0) + float(share) / len(rankings)
    return fused


def _passages(
    store: Store,
    scores: dict[int, float],
    similarity: dict[int, float],
    limit: int,
    within: Filter,
) -> list[Passage]:
    chunks = store.chunks(list(scores))
    documents = store.copies_within({chunk.document for chunk in chunks}, within)
    chunks.sort(key=lambda c: (-scores[c.rowid], documents[c.document].path, c.start))
    bodies = store.bodies([chunk.rowid for chunk in chunks])
    best = _different(chunks, bodies, limit)
    return [
        Passage(
            document=documents[chunk.document],
            start=chunk.start,
            text=bodies[chunk.rowid],
            heading=chunk.heading,
            sentences=chunk.sentences,
            similarity=similarity[chunk.rowid],
            score=scores[chunk.rowid],
        )
        for chunk in best
    ]


def _different(
    chunks: Iterable[StoredChunk], bodies: Mapping[int, str], limit: int
) -> list[StoredChunk]:
    """Return the first chunks without those that repeat one of another document.

    Copies and versions of a document would otherwise take the places of other sources. A version
    may answer otherwise by a single word, so where places are left it gets one, at the end.
    """
    best: list[tuple[StoredChunk, frozenset[str]]] = []
    versions: list[StoredChunk] = []
    seen: dict[frozenset[str], int] = {}
    for chunk in chunks:
        words = frozenset(bodies[chunk.rowid].lower().split())
        if seen.setdefault(words, chunk.document) != chunk.document:
            continue
        if any(kept.document != chunk.document and _alike(words, w) for kept, w in best):
            versions.append(chunk)
        else:
            best.append((chunk, words))
        if len(best) == limit:
            break
    return [*(chunk for chunk, _ in best), *versions][:limit]


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Tell whether the Jaccard similarity of two texts' words reaches `_NEARLY_THE_SAME`."""
    return len(one & other) >= _NEARLY_THE_SAME * len(one | other)
