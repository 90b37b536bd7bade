"""What changed since a base was made: small, in memory, searched exactly beside it."""

from dataclasses import dataclass

import numpy as np

from index.embed import Vectors
from index.store import Ids


@dataclass(frozen=True)
class Delta:
    """Vectors added to a base, and ids that it holds and that are gone. It never changes.

    Attributes:
        ids: Of the added vectors, shape `(n,)`.
        vectors: Shape `(n, dimension)`.
        removed: Ids that only the base still holds.
    """

    ids: Ids
    vectors: Vectors
    removed: Ids

    @classmethod
    def none(cls) -> "Delta":
        """Return the delta of a base that is up to date."""
        empty = np.empty(0, dtype=np.int64)
        return cls(empty, np.empty((0, 0), dtype=np.float32), empty)

    def after(self, added: Ids, vectors: Vectors, removed: Ids) -> "Delta":
        """Return the delta after one more change.

        Args:
            added: Ids that came in, and that the base never held.
            vectors: Theirs.
            removed: Ids that went, whether added before or held by the base.
        """
        kept = ~np.isin(self.ids, removed)
        gone = np.union1d(self.removed, np.setdiff1d(removed, self.ids))
        if not kept.any():
            return Delta(added, vectors, gone)
        if not added.size:
            return Delta(self.ids[kept], self.vectors[kept], gone)
        return Delta(
            np.concatenate([self.ids[kept], added]),
            np.concatenate([self.vectors[kept], vectors]),
            gone,
        )

    def returned(self, ids: Ids) -> "Delta":
        """Return the delta after ids that the base holds were found to be there after all."""
        return Delta(self.ids, self.vectors, np.setdiff1d(self.removed, ids))

    def search(self, query: Vectors, count: int, allowed: Ids | None) -> tuple[Ids, Vectors]:
        """Return ids and cosines of up to `count` of the nearest, in no particular order."""
        if not self.ids.size:
            return self.ids, np.empty(0, dtype=np.float32)
        ids, vectors = self.ids, self.vectors
        if allowed is not None:
            among = np.isin(ids, allowed)
            ids, vectors = ids[among], vectors[among]
        scores = np.einsum("ij,j->i", vectors, query)  # on this thread alone
        if ids.size > count:
            best = np.argpartition(-scores, count - 1)[:count]
            return ids[best], scores[best]
        return ids, scores
