"""What is asked of FAISS, which is imported where it is first needed."""

import contextlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from index.embed import Vectors
from index.store import Ids


def faiss() -> Any:  # noqa: ANN401 - FAISS has no types
    """Import FAISS. Building uses all OpenMP threads (`OMP_NUM_THREADS` bounds them)."""
    import faiss

    return faiss


def selector(ids: Ids, *, negated: bool = False) -> Any:  # noqa: ANN401
    """Return FAISS's selector of these ids, or of all but these: a bit for each possible id."""
    mask = np.zeros(int(ids.max(initial=0)) + 1, dtype=bool)
    mask[ids] = True
    chosen = faiss().IDSelectorBitmap(np.packbits(mask, bitorder="little"))
    return faiss().IDSelectorNot(chosen) if negated else chosen


def search(
    index: Any,  # noqa: ANN401
    queries: Vectors,
    count: int,
    *,
    chosen: Any = None,  # noqa: ANN401
    probes: int | None = None,
) -> tuple[Ids, Vectors]:
    """Return ids and scores, shape `(len(queries), count)`; the id is -1 where there is none.

    Args:
        index: An index of FAISS; one with inverted lists needs `probes`.
        queries: Shape `(n, dimension)`.
        count: How many for each query, best first.
        chosen: A selector; None searches all.
        probes: Inverted lists to look into.
    """
    if probes is None:
        parameters = faiss().SearchParameters(sel=chosen)
    else:
        parameters = faiss().SearchParametersIVF(sel=chosen, nprobe=probes)
    with _one_thread() if len(queries) == 1 else contextlib.nullcontext():
        scores, ids = index.search(queries, count, params=parameters)
    return ids, scores


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """Let FAISS use the calling thread alone.

    A search for one query has nothing to share out, but OpenMP would still wait for its second
    thread: on two busy cores that took 72 ms at the median where the search itself takes 0.3.
    OpenMP keeps the number for each calling thread apart, so nobody else is slowed down.
    """
    before = faiss().omp_get_max_threads()
    faiss().omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss().omp_set_num_threads(before)
