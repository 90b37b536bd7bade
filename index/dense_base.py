"""A FAISS index over the vectors of one generation: exact while that is fast, else approximate.

The approximate one sorts vectors into inverted lists by their nearest centroid, and keeps each as
8 bits a dimension. A search looks into the lists with the nearest centroids only. Its scores are
rough, so what it finds is scored again with the stored vectors (see `index.dense`).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

from index.dense_faiss import faiss, search, selector
from index.dense_recall import choose_probes
from index.embed import Vectors
from index.sqlite_store import SqliteStore
from index.store import Ids

EXACT_LIMIT = 50_000
"""Vectors up to which every one is compared; docs/scale-single.md has the measurements."""

_LISTS_PER_ROOT = 4  # lists = 4 * sqrt(vectors)
_TRAINED_PER_LIST = 40  # FAISS warns below 39
_ITERATIONS, _SEED = 10, 20261125
_BLOCK = 8192


class Made(BaseModel):
    """How a FAISS index was made, and how well it finds.

    Attributes:
        kind: Whether every vector is compared, or those of the nearest lists.
        vectors: How many it held when it was written.
        trained_on: How many vectors there were when the lists were chosen; None when exact.
        lists: Inverted lists; None when exact.
        probes: Lists that a search looks into; None when exact.
        recall: Share of the true ten nearest that a search for ten finds.
    """

    model_config = ConfigDict(frozen=True)

    kind: Literal["exact", "approximate"]
    vectors: int
    trained_on: int | None = None
    lists: int | None = None
    probes: int | None = None
    recall: float = 1.0


@dataclass(frozen=True)
class Base:
    """A FAISS index that is never changed while somebody searches it.

    Attributes:
        index: FAISS's own object; inner product of unit vectors is their cosine.
        made: How it was made.
        content: The file's bytes that `index` points into, if it was read from a file.
    """

    index: Any
    made: Made
    content: npt.NDArray[np.uint8] | None = None

    @property
    def dimension(self) -> int:
        """Width of a vector."""
        return int(self.index.d)

    def ids(self) -> Ids:
        """Return the ids held, in no particular order."""
        if self.made.lists is None:
            ids: Ids = faiss().vector_to_array(self.index.id_map)
            return ids
        held = self.index.invlists
        return np.concatenate(
            [
                faiss().rev_swig_ptr(held.get_ids(i), held.list_size(i)).copy()
                for i in range(held.nlist)
                if held.list_size(i)
            ]
            or [np.empty(0, dtype=np.int64)]
        )

    def vectors(self, ids: Ids) -> Vectors:
        """Return these vectors as they are searched: shape `(n, dimension)`.

        Not while somebody searches: FAISS makes a table of where each id is.
        """
        if self.made.lists is None:
            held = self.ids()
            order = np.argsort(held)
            rows = order[np.searchsorted(held, ids, sorter=order)]
            flat = faiss().downcast_index(self.index.index)
            stored = faiss().rev_swig_ptr(flat.get_xb(), held.size * self.dimension)
            return np.array(stored.reshape(held.size, -1)[rows])
        if self.index.direct_map.type != faiss().DirectMap.Hashtable:
            self.index.set_direct_map_type(faiss().DirectMap.Hashtable)
        found: Vectors = self.index.reconstruct_batch(ids)
        return found

    def search(
        self,
        query: Vectors,
        count: int,
        chosen: Any = None,  # noqa: ANN401
        probes: int | None = None,
    ) -> tuple[Ids, Vectors]:
        """Return ids and scores of up to `count` of the nearest, best first; scores may be rough.

        Args:
            query: Shape `(dimension,)`.
            count: How many.
            chosen: A selector; None searches all.
            probes: Lists to look into; None means as many as was found to be enough.
        """
        if probes is None:
            probes = self.made.probes
        ids, scores = search(self.index, query[np.newaxis], count, chosen=chosen, probes=probes)
        found = ids[0] >= 0
        return ids[0][found], scores[0][found]


def is_exact(vectors: int) -> bool:
    """Tell whether an index of so many vectors compares every one."""
    return vectors <= EXACT_LIMIT


def build(store: SqliteStore) -> Base | None:
    """Make a FAISS index of all vectors, or None if there are none; the vectors go in by blocks."""
    ids = store.chunk_ids()
    if not ids.size:
        return None
    dimension = store.vectors(ids[:1].tolist()).shape[1]
    if is_exact(ids.size):
        index = faiss().IndexIDMap(faiss().IndexFlatIP(dimension))
        _add_all(index, store)
        return Base(index, Made(kind="exact", vectors=ids.size))
    index = _trained(store, ids, dimension)
    _add_all(index, store)
    return _measured(store, index, trained_on=int(ids.size))


def merged(store: SqliteStore, base: Base, added: Ids, removed: Ids) -> Base | None:
    """Return a base with these changes made, without change to the one given.

    Lists stay as they were trained until their size doubled or halved. An exact base, or one that
    has to change its kind, is built again.
    """
    vectors = base.made.vectors + added.size - removed.size
    trained_on = base.made.trained_on
    if (
        trained_on is None
        or vectors < EXACT_LIMIT // 2  # not at the limit itself: it would go to and fro
        or not trained_on // 2 <= vectors <= trained_on * 2
    ):
        return build(store)
    index = _copied(base)
    if removed.size:
        index.remove_ids(selector(removed))
    for ids in blocks(added):
        index.add_with_ids(store.vectors(ids.tolist()), ids)
    return _measured(store, index, trained_on=trained_on)


def blocks(ids: Ids, size: int = _BLOCK) -> Iterator[Ids]:
    """Yield the ids in blocks."""
    for first in range(0, ids.size, size):
        yield ids[first : first + size]


def _trained(store: SqliteStore, ids: Ids, dimension: int) -> Any:  # noqa: ANN401
    lists = round(_LISTS_PER_ROOT * math.sqrt(ids.size))
    index = faiss().IndexIVFScalarQuantizer(
        faiss().IndexFlatIP(dimension),
        dimension,
        lists,
        faiss().ScalarQuantizer.QT_8bit,
        faiss().METRIC_INNER_PRODUCT,
    )
    index.cp.niter, index.cp.seed = _ITERATIONS, _SEED
    count = min(lists * _TRAINED_PER_LIST, ids.size)
    chosen = ids[np.linspace(0, ids.size - 1, count).astype(np.int64)]
    sample = np.empty((count, dimension), dtype=np.float32)
    for first in range(0, count, _BLOCK):
        part = chosen[first : first + _BLOCK]
        sample[first : first + part.size] = store.vectors(part.tolist())
    index.train(sample)
    return index


def _add_all(index: Any, store: SqliteStore) -> None:  # noqa: ANN401
    for ids, vectors in store.vector_blocks(_BLOCK):
        index.add_with_ids(vectors, ids)


def _measured(store: SqliteStore, index: Any, trained_on: int) -> Base:  # noqa: ANN401
    probes, recall = choose_probes(store, index)
    made = Made(
        kind="approximate",
        vectors=int(index.ntotal),
        trained_on=trained_on,
        lists=int(index.nlist),
        probes=probes,
        recall=recall,
    )
    return Base(index, made)


def _copied(base: Base) -> Any:  # noqa: ANN401
    """Return FAISS's object in memory of its own."""
    if base.content is None:
        return faiss().clone_index(base.index)
    content, at = base.content, 0

    def read(size: int) -> bytes:
        nonlocal at
        at += size
        return content[at - size : at].tobytes()

    # Not FAISS's own reader of memory: what that returns points into the file and cannot grow.
    return faiss().read_index(faiss().PyCallbackIOReader(read))
