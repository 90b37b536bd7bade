"""Question to passages: dense search and BM25 together, then the best sentence of each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from statistics import fmean
from typing import NamedTuple

import numpy as np

from index.embed import Vectors
from index.filter import EVERYTHING, Filter
from index.settings import Settings
from index.store import Store
from qa.context import Context
from qa.read import Passage
from qa.search import Search
from qa.sentence_reader import Asked, default_model, stems_above
from qa.terms import all_stems

_NEARLY_THE_SAME = 0.95
_FETCHED = 40  # passages at a time
_ORDERED = 20  # at least, so that fewer are the first of these
_SENTENCE = 1 / 3  # what fits training questions best, beside two rankings (docs/reader.md)
# 0.1 of the score in the end, chosen with bench.follow_up on its half for development.
_SPOKEN_OF = 0.1 / (1 - _SENTENCE)
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

    The best 20, or more where more are wanted, by what each way to search says are ordered by that
    and by how much of the question stands in one sentence; the first of them are returned.

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
    found = _passages(store, scores, similarities[0], within)
    best = _different(found, max(settings.passages, _ORDERED))
    sought = [question, spoken.context.words] if spoken else [question]
    return _different(_by_sentence(best, sought), settings.passages)


def _by_sentence(passages: Sequence[Passage], asked: Sequence[str]) -> list[Passage]:
    """Score passages anew: two thirds as before, one by the share of terms in one sentence.

    Unlike `coverage`, without families of words, which would take longer.
    """
    shares = [_shares(words) for words in asked]

    def best(passage: Passage) -> float:
        above = stems_above(passage)
        held = [above | all_stems(passage.slice(*sentence)) for sentence in passage.sentences]
        return fmean(
            max(sum(share for term, share in each.items() if term in found) for found in held)
            for each in shares
        )

    scored = [replace(p, score=(1 - _SENTENCE) * p.score + _SENTENCE * best(p)) for p in passages]
    return sorted(scored, key=lambda p: (-p.score, p.document.path, p.start))


def _shares(words: str) -> dict[str, float]:
    """Return what each term of a query weighs by its rarity; 1 together."""
    terms = Asked.of(words, default_model()).terms
    total = sum(terms.values())
    return {term: weight / total for term, weight in terms.items()}


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
    store: Store, scores: dict[int, float], similarity: dict[int, float], within: Filter
) -> Iterator[Passage]:
    """Yield passages by (-score, path, start), fetched some at a time."""
    left = sorted(scores, key=lambda chunk: -scores[chunk])
    while left:
        least = scores[left[:_FETCHED][-1]]
        ids = [chunk for chunk in left if scores[chunk] >= least]
        left = left[len(ids) :]
        chunks = store.chunks(ids)
        documents = store.copies_within({chunk.document for chunk in chunks}, within)
        chunks.sort(key=lambda c: (-scores[c.rowid], documents[c.document].path, c.start))
        bodies = store.bodies(ids)
        for chunk in chunks:
            yield Passage(
                document=documents[chunk.document],
                start=chunk.start,
                text=bodies[chunk.rowid],
                heading=chunk.heading,
                sentences=chunk.sentences,
                similarity=similarity[chunk.rowid],
                score=scores[chunk.rowid],
            )


def _different(passages: Iterable[Passage], limit: int) -> list[Passage]:
    """Return the first passages, in their order, without those that repeat one elsewhere.

    Copies and versions of a document would otherwise take the places of other sources. A version
    may answer otherwise by a single word, so a share of the places is theirs, and what is left.
    """
    best: list[tuple[int, Passage, frozenset[str]]] = []
    versions: list[tuple[int, Passage]] = []
    seen: dict[frozenset[str], int] = {}
    for place, passage in enumerate(passages):
        document = passage.document.rowid
        words = frozenset(passage.text.lower().split())
        if seen.setdefault(words, document) != document:
            continue
        if any(kept.document.rowid != document and _alike(words, w) for _, kept, w in best):
            versions.append((place, passage))
        else:
            best.append((place, passage, words))
        if len(best) == limit:
            break
    room = max(limit - len(best), int(limit * _SHARE_OF_VERSIONS))
    chosen = dict(versions[:room])
    chosen |= {place: passage for place, passage, _ in best[: limit - len(chosen)]}
    return [chosen[place] for place in sorted(chosen)]


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Tell whether the Jaccard similarity of two texts' words reaches `_NEARLY_THE_SAME`."""
    fewer, more = sorted((len(one), len(other)))
    if fewer < _NEARLY_THE_SAME * more:  # the words shared are no more than the fewer
        return False
    return len(one & other) >= _NEARLY_THE_SAME * len(one | other)
