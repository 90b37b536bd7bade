"""Question to passages: dense search and BM25 together."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np

from index.embed import Vectors
from index.filter import EVERYTHING, Filter
from index.rows import StoredChunk
from index.settings import Settings
from index.store import Store
from qa.context import Context
from qa.read import Passage
from qa.search import Search

_NEARLY_THE_SAME = 0.95
_SPOKEN_OF = 0.1  # chosen with bench.follow_up, on its half for development
_SHARE_OF_VERSIONS = 0.25  # of the passages; sources that differ must both be read


class Spoken(NamedTuple):
    """What was spoken of before a question, and the vector of its words, `(dimension,)`."""

    context: Context
    vector: Vectors


def retrieve(
    store: Store,
    search: Search,
    query: Vectors,
    question: str,
    settings: Settings,
    *,
    within: Filter = EVERYTHING,
    spoken: Spoken | None = None,
) -> list[Passage]:
    """Return the best passages by (-score, path, start).

    Args:
        store: One generation of the index.
        search: What searches the same generation.
        query: The question's vector, shape `(dimension,)`.
        question: The question in words.
        settings: `candidates` from each way to search, `passages` in the end.
        within: Bounds of the documents to search.
        spoken: What was spoken of before; its score counts as much as the question's own.
    """
    asked = [search.propose(query, question, settings.candidates, within)]
    if spoken:
        words = spoken.context.words
        asked.append(search.propose(spoken.vector, words, settings.candidates, within))
    ids = sorted(set().union(*(each.ids() for each in asked)))
    if not ids:
        return []
    similarities = [each.similarities(store, ids) for each in asked]
    rankings = [
        ranking
        for each, similarity in zip(asked, similarities, strict=True)
        for ranking in each.scores(similarity)
    ]
    scores = average_min_max(rankings)
    if spoken:
        scores = _nearer(store, scores, spoken.context.documents)
    return _passages(store, scores, similarities[0], settings.passages, within)


def _nearer(store: Store, scores: dict[int, float], documents: frozenset[str]) -> dict[int, float]:
    """Return scores with a little more for passages of documents that were spoken of."""
    chunks = store.chunks(list(scores))
    described = store.described({chunk.document for chunk in chunks})
    near = {chunk.rowid for chunk in chunks if described[chunk.document].sha256 in documents}
    return {chunk: score + _SPOKEN_OF * (chunk in near) for chunk, score in scores.items()}


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
    """Return the first chunks, in their order, without those that repeat one of another document.

    Copies and versions of a document would otherwise take the places of other sources. A version
    may answer otherwise by a single word, so a share of the places is theirs, and what is left.
    """
    best: list[tuple[StoredChunk, frozenset[str]]] = []
    versions: list[StoredChunk] = []
    seen: dict[frozenset[str], int] = {}
    places: dict[int, int] = {}
    for place, chunk in enumerate(chunks):
        places[chunk.rowid] = place
        words = frozenset(bodies[chunk.rowid].lower().split())
        if seen.setdefault(words, chunk.document) != chunk.document:
            continue
        if any(kept.document != chunk.document and _alike(words, w) for kept, w in best):
            versions.append(chunk)
        else:
            best.append((chunk, words))
        if len(best) == limit:
            break
    room = max(limit - len(best), int(limit * _SHARE_OF_VERSIONS))
    versions = versions[:room]
    chosen = [*(chunk for chunk, _ in best[: limit - len(versions)]), *versions]
    return sorted(chosen, key=lambda chunk: places[chunk.rowid])


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Tell whether the Jaccard similarity of two texts' words reaches `_NEARLY_THE_SAME`."""
    return len(one & other) >= _NEARLY_THE_SAME * len(one | other)
