"""Checks what is derived from the store against it: vectors for FAISS, and words for Tantivy."""

from collections.abc import Iterator

import numpy as np

from index import lexical
from index.dense import DenseIndex
from index.dense_file import FILE_NAME, read_base
from index.errors import IndexDamagedError
from index.findings import Finding
from index.sqlite_store import SqliteStore
from index.store import Ids

_BATCH = 10_000
_EXACT, _ROUGH = 0.9999, 0.9
"""Least cosine of a vector to the stored one: as it is, and kept as 8 bits a dimension."""


def check_dense(store: SqliteStore) -> Iterator[Finding]:
    """Compare file and stamp, then ids and vectors as they are searched with the store's."""
    wanted = store.chunk_ids()
    base, _, fault = read_base(store.home, store.meta("index_id") or "")
    if fault or (base is None and wanted.size):
        yield Finding("FAISS", f"{store.home / FILE_NAME} is {fault or 'missing'}", "FAISS")
        return
    dense = DenseIndex.load(store)
    held = np.sort(dense.ids())
    if not np.array_equal(held, wanted):
        what = f"holds {held.size} vectors that are not the {wanted.size}"
        yield Finding("FAISS", what, "FAISS")
    elif wrong := _other_vectors(dense, store, wanted):
        yield Finding("FAISS", f"{wrong} vectors are not those of the database", "FAISS")


def check_lexical(store: SqliteStore) -> Iterator[Finding]:
    """Compare Tantivy's files with their stamp, and the chunks that they hold with the store's."""
    if not lexical.is_large(store):
        return
    try:
        lexical.check_files(store, hashed=True)
        index = lexical.LexicalIndex.load(store)
        held = None if index is None else index.ids()
    except IndexDamagedError as error:
        yield Finding("Tantivy", str(error), "Tantivy")
        return
    wanted = store.chunk_ids()
    if held is None:
        yield Finding("Tantivy", "is missing, or of another generation", "Tantivy")
    elif not np.array_equal(held, wanted):
        what = f"holds {held.size} chunks that are not the {wanted.size}"
        yield Finding("Tantivy", what, "Tantivy")


def _other_vectors(dense: DenseIndex, store: SqliteStore, ids: Ids) -> int:
    """Count the vectors that are not the store's, but for rounding where lists are approximate."""
    rough = dense.made is not None and dense.made.kind == "approximate"
    least = _ROUGH if rough else _EXACT
    wrong = 0
    for first in range(0, ids.size, _BATCH):
        batch = ids[first : first + _BATCH]
        held, stored = dense.vectors(batch), store.vectors(batch.tolist())
        wrong += int(np.count_nonzero(np.einsum("ij,ij->i", held, stored) < least))
    return wrong
