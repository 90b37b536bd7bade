"""What proposes passages for a question: the home's own indexes, or a server."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from index.dense import DenseIndex
from index.dense_score import cosines
from index.embed import Vectors
from index.filter import Filter
from index.lexical import LexicalIndex
from index.sqlite_store import SqliteStore
from index.store import Store
from qa.terms import match_query, phrases


class Proposed(NamedTuple):
    """What is proposed for a query: chunk ids with cosines, and with the score of each ranking.

    Attributes:
        vector: Of the query, `(dimension,)`.
        by_vector: Cosines, of some chunks or all.
        rankings: Scores that are fused with cosines, by chunk id; a chunk that is not there has 0.
    """

    vector: Vectors
    by_vector: dict[int, float]
    rankings: tuple[dict[int, float], ...]

    def ids(self) -> set[int]:
        """Return all chunks proposed."""
        return set(self.by_vector).union(*self.rankings)

    def similarities(self, store: Store, ids: Sequence[int]) -> dict[int, float]:
        """Return the cosine of each of these chunks."""
        missing = [chunk for chunk in ids if chunk not in self.by_vector]
        known = {chunk: self.by_vector[chunk] for chunk in ids if chunk in self.by_vector}
        return known | dict(cosines(store, self.vector, missing))

    def scores(self, similarities: dict[int, float]) -> list[dict[int, float]]:
        """Return the rankings to be fused, each with a score of every chunk."""
        filled = [{chunk: each.get(chunk, 0.0) for chunk in similarities} for each in self.rankings]
        return [similarities, *filled]


class Search(Protocol):
    """Proposes passages of one generation."""

    def propose(self, vector: Vectors, words: str, limit: int, within: Filter) -> Proposed:
        """Return chunks that may answer, from each way to search.

        Args:
            vector: Of the query, `(dimension,)`, unit length.
            words: The query.
            limit: How many each way proposes.
            within: Bounds of the documents.
        """


class LocalSearch:
    """Dense search and BM25 by the indexes of the home.

    Args:
        store: One generation of the index.
        dense: The vector index of the same generation.
        lexical: The full-text index of the same generation; None asks the store's own.
    """

    def __init__(
        self, store: SqliteStore, dense: DenseIndex, lexical: LexicalIndex | None = None
    ) -> None:
        self._store = store
        self._dense = dense
        self._lexical = lexical

    def propose(self, vector: Vectors, words: str, limit: int, within: Filter) -> Proposed:
        """See `Search.propose`."""
        allowed = self._store.chunk_ids_within(within) if within else None
        if allowed is not None and not allowed.size:
            return Proposed(vector, {}, ({},))
        by_vector = dict(self._dense.search(self._store, vector, limit, allowed))
        if self._lexical is not None:
            found = self._lexical.search(phrases(words), limit, allowed)
        elif match := match_query(words):
            found = self._store.search_terms(match, limit, within)
        else:
            found = []
        return Proposed(vector, by_vector, (dict(found),))
