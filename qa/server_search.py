"""Search where the index is on a server: by vector and words there, or by words here."""

from index.dense_score import Hits, cosines
from index.embed import Vectors
from index.filter import Filter
from index.milvus.search import fused, nearest
from index.milvus.store import MilvusStore
from index.milvus.words import Words
from qa.search import Proposed
from qa.terms import match_query

_DEEPER = 8
"""Times as many candidates as wanted are scored by words where the server cannot search them."""


class ServerSearch:
    """Asks the server for passages of one version.

    Args:
        store: The version.
    """

    def __init__(self, store: MilvusStore) -> None:
        self._store = store

    def propose(self, vector: Vectors, words: str, limit: int, within: Filter) -> Proposed:
        """See `qa.search.Search.propose`."""
        if self._store.state().search == "server":
            # Each of the two searches may bring `limit`. Their ranks, which is all that servers'
            # different scores leave to fuse, choose; cosines and words order better than ranks.
            found = fused(self._store, vector, words, 2 * limit, within)
            by_term = dict(self._scored(words, found, 2 * limit))
            hits = cosines(self._store, vector, [chunk for chunk, _ in found])
            return Proposed(vector, dict(hits), (by_term,))
        hits = nearest(self._store, vector, limit * _DEEPER, within)
        by_term = dict(self._scored(words, hits, limit))
        near = dict(hits)
        chosen = [*(chunk for chunk, _ in hits[:limit]), *by_term]
        return Proposed(vector, {chunk: near[chunk] for chunk in chosen}, (by_term,))

    def _scored(self, question: str, hits: Hits, limit: int) -> Hits:
        match = match_query(question)
        if match is None or not hits:
            return []
        texts = self._store.searched_texts(chunk for chunk, _ in hits)
        return Words(texts).search(match, limit)
