"""The vectors of one generation, searchable: a FAISS file of some generation and what changed."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.dense_base import Base, Made, build, is_exact, merged
from index.dense_delta import Delta
from index.dense_faiss import selector
from index.dense_file import FILE_NAME, STAMP_NAME, file_stamp, read_base, remove_base, write_base
from index.dense_recall import RESCORED
from index.dense_score import Hits, best, cosines
from index.embed import Vectors
from index.sqlite_store import SqliteStore
from index.store import Ids

__all__ = ["FILE_NAME", "STAMP_NAME", "DenseIndex", "save_if_behind"]

_KEPT_BESIDE = 2000  # changes that are always left beside the file
_KEPT_BESIDE_SHARE = 0.02  # and so many of the file's vectors
_MOST_BESIDE = 50_000  # added vectors that are searched one by one; 77 MB at 384 dimensions
_SCORED_ALL = 1000  # allowed ids that are compared one by one
_SPARE = 8  # candidates more than wanted, as FAISS rounds another way
_ROUNDING = 1e-6
_BLOCK = 8192

_log = logging.getLogger(__name__)


class DenseIndex:
    """Search by cosine over the vectors of one generation; never changes, so threads may share it.

    Ids are the store's chunk ids, and every id that comes back is the store's. The base is a FAISS
    index of this or an earlier generation; `delta` is what changed since.
    """

    def __init__(self, base: Base | None, delta: Delta, generation: int, source: str) -> None:
        self._base = base
        self._delta = delta
        self._source = source  # which file of which index the base is
        self.generation = generation
        removed = delta.removed
        self._present = selector(removed, negated=True) if removed.size else None

    @classmethod
    def load(
        cls, store: SqliteStore, previous: "DenseIndex | None" = None, *, asking: bool = False
    ) -> "DenseIndex":
        """Return the index for the store's generation; writes nothing.

        Made from `previous`, if that is of the same index and its file is still the one in the
        home; else from the home's file where that is whole, caught up with the store; else built
        from the store, which is said through `logging` if the file is damaged.

        Args:
            store: The generation.
            previous: An index loaded before.
            asking: Somebody waits for an answer. Then lists that take minutes are not built; the
                store is scanned instead, until a sync has written the file.
        """
        source = _source(store)
        if previous is not None and previous._source == source:
            return previous.caught_up(store, asking=asking)
        base, stamp, reason = read_base(store.home, store.meta("index_id") or "")
        if reason:
            _log.warning("%s: %s; rebuilt from the database", store.home / FILE_NAME, reason)
        if base is None or stamp is None:
            return cls._built(store, source, asking=asking)
        return cls(base, Delta.none(), stamp.generation, source).caught_up(store, asking=asking)

    @staticmethod
    def _built(store: SqliteStore, source: str, *, asking: bool) -> "DenseIndex":
        if asking and not is_exact(store.state().chunks):
            return _Scan(None, Delta.none(), store.generation(), source)
        return DenseIndex(build(store), Delta.none(), store.generation(), source)

    def caught_up(self, store: SqliteStore, *, asking: bool = False) -> "DenseIndex":
        """Return the index for the store's generation; the work is in proportion to the change."""
        generation = store.generation()
        if generation == self.generation:
            return self
        added, removed = self._changes(store)
        delta = self._delta.returned(added)
        new = np.setdiff1d(added, self._delta.removed)
        if delta.ids.size + new.size > _MOST_BESIDE or self._width_differs(store, new):
            return self._built(store, self._source, asking=asking)
        delta = delta.after(new, store.vectors(new.tolist()), removed)
        return DenseIndex(self._base, delta, generation, self._source)

    def fits(self, store: SqliteStore) -> bool:
        """Tell whether this is the index of the store's generation."""
        index_id = self._source.split()[0]
        return self.generation == store.generation() and index_id == store.meta("index_id")

    def ids(self) -> Ids:
        """Return the ids held, in no particular order."""
        held = self._base.ids() if self._base else np.empty(0, dtype=np.int64)
        held = held[~np.isin(held, self._delta.removed)] if self._delta.removed.size else held
        return np.concatenate([held, self._delta.ids])

    def vectors(self, ids: Ids) -> Vectors:
        """Return the vectors of ids that are held, as they are searched; not while it is used."""
        beside = dict(zip(self._delta.ids.tolist(), self._delta.vectors, strict=True))
        based = ids[~np.isin(ids, self._delta.ids)]
        rows = iter(self._base.vectors(based) if self._base and based.size else ())
        return np.stack([beside[one] if one in beside else next(rows) for one in ids.tolist()])

    def __len__(self) -> int:
        held = self._base.made.vectors if self._base else 0
        return int(held - self._delta.removed.size + self._delta.ids.size)

    def search(
        self,
        store: SqliteStore,
        query: Vectors,
        limit: int,
        allowed: Sequence[int] | Ids | None = None,
    ) -> Hits:
        """Return the `limit` best `(id, cosine)` by (-cosine, id), and all that tie with the last.

        Cosines are those of the stored vectors. An approximate index may miss some of the best.

        Args:
            store: The same generation.
            query: Shape `(dimension,)`, unit length.
            limit: How many; fewer come back when there are fewer.
            allowed: Ids of this generation to search among; None searches all.
        """
        chosen = None if allowed is None else _ascending(allowed)
        among = len(self) if chosen is None else min(len(self), chosen.size)
        wanted = min(limit, among)
        if wanted < 1:
            return []
        if chosen is not None and chosen.size <= max(_SCORED_ALL, wanted):
            return best(cosines(store, query, chosen.tolist()), wanted)
        pool = self._pool(wanted)
        while True:
            ids = self._candidates(query, pool, chosen, among)
            hits = cosines(store, query, ids.tolist())
            settled = len(hits) >= pool and hits[-1][1] < hits[wanted - 1][1] - _ROUNDING
            if settled or pool >= among:
                return best(hits, wanted)
            pool = min(2 * pool, among)

    @property
    def made(self) -> Made | None:
        """How the base was made; None if there is no base."""
        return self._base.made if self._base else None

    def save(self, home: Path, index_id: str) -> None:
        """Write the base; only one without changes beside it can be written.

        Raises:
            OSError: no space, no permission.
        """
        if self._base is None:
            remove_base(home)
        else:
            write_base(home, index_id, self.generation, self._base)

    def merged(self, store: SqliteStore) -> "DenseIndex":
        """Return the same index with all changes in its base."""
        delta = self._delta
        if not delta.ids.size and not delta.removed.size:
            return self
        if self._base is None or not len(self):
            base = build(store)
        else:
            base = merged(store, self._base, np.sort(delta.ids), delta.removed)
        return DenseIndex(base, Delta.none(), self.generation, self._source)

    def _changes(self, store: SqliteStore) -> tuple[Ids, Ids]:
        # An older generation, as a reader sees that began before, has no changes since.
        forward = store.generation() >= self.generation
        changes = store.changes_since(self.generation) if forward else None
        if changes is not None:
            return changes
        wanted, held = store.chunk_ids(), np.sort(self.ids())
        return (
            np.setdiff1d(wanted, held, assume_unique=True),
            np.setdiff1d(held, wanted, assume_unique=True),
        )

    def _width_differs(self, store: SqliteStore, new: Ids) -> bool:
        """Tell whether vectors of a model of another width came in."""
        if self._base is None or not new.size:
            return False
        return bool(store.vectors(new[:1].tolist()).shape[1] != self._base.dimension)

    def _pool(self, wanted: int) -> int:
        rough = self._base is not None and self._base.made.kind == "approximate"
        return wanted * RESCORED if rough else wanted + _SPARE

    def _candidates(self, query: Vectors, pool: int, allowed: Ids | None, among: int) -> Ids:
        ids, scores = self._delta.search(query, pool, allowed)
        if self._base is None:
            return ids
        chosen: Any = self._present
        if allowed is not None:
            chosen = selector(allowed)
        probes = self._probes(pool, among)
        found, rough = self._base.search(query, pool, chosen, probes)
        ids, scores = np.concatenate([ids, found]), np.concatenate([scores, rough])
        return ids[np.argsort(-scores, kind="stable")[:pool]]

    def _probes(self, pool: int, among: int) -> int | None:
        """Return how many lists to look into: more where fewer vectors of each may be found."""
        made = self._base.made if self._base else None
        if made is None or made.lists is None or made.probes is None:
            return None
        share = among / max(len(self), 1)
        filled = pool * made.lists / among  # lists that hold as many as are wanted
        return min(made.lists, round(max(made.probes, 2 * filled) / share**2))


class _Scan(DenseIndex):
    """Searches the store's own vectors, all of them: slow, but right at once."""

    def caught_up(self, store: SqliteStore, *, asking: bool = False) -> DenseIndex:
        return self._built(store, self._source, asking=asking)

    def fits(self, store: SqliteStore) -> bool:
        return super().fits(store) and _source(store) == self._source  # no file has come yet

    def search(
        self,
        store: SqliteStore,
        query: Vectors,
        limit: int,
        allowed: Sequence[int] | Ids | None = None,
    ) -> Hits:
        found: Hits = []
        for ids, vectors in store.vector_blocks(_BLOCK):
            among = np.ones(ids.size, bool) if allowed is None else np.isin(ids, allowed)
            scores = np.einsum("ij,j->i", vectors[among], query)
            hits = [*found, *zip(ids[among].tolist(), scores.tolist(), strict=True)]
            found = best(sorted(hits, key=lambda hit: (-hit[1], hit[0])), limit)
        return found


def _source(store: SqliteStore) -> str:
    """Return which file of which index there is now."""
    index_id = store.meta("index_id") or ""
    stamp = file_stamp(store.home, index_id)
    return f"{index_id} {stamp.sha256 if stamp else ''}"


def save_if_behind(store: SqliteStore) -> None:
    """Write the FAISS file anew, if it is missing or damaged, or if more changed than is kept.

    The database is whole without it, so a file that cannot be written is only logged.
    """
    index_id = store.meta("index_id") or ""
    stamp = file_stamp(store.home, index_id)
    if stamp is not None:
        if stamp.generation == store.generation():
            return
        changes = store.changes_since(stamp.generation)
        most = max(_KEPT_BESIDE, int(_KEPT_BESIDE_SHARE * stamp.made.vectors))
        if changes is not None and sum(ids.size for ids in changes) <= most:
            return
    try:
        DenseIndex.load(store).merged(store).save(store.home, index_id)
    except OSError as error:
        _log.warning("%s: cannot be written (%s)", store.home / FILE_NAME, error)


def _ascending(ids: Sequence[int] | Ids) -> Ids:
    """Return each id once; `numpy.unique` alone takes 200 ms for half a million."""
    given = np.asarray(ids, dtype=np.int64)
    return given if bool(np.all(np.diff(given) > 0)) else np.unique(given)
