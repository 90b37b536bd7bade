"""Checks the FAISS file against its stamp, and what is loaded from it against the database."""

import hashlib
import json
from collections.abc import Iterator

import numpy as np

from index.dense import FILE_NAME, STAMP_NAME, DenseIndex
from index.embed import Vectors
from index.findings import Finding
from index.store import Ids, Store

_BATCH = 10_000


def check_dense(store: Store) -> Iterator[Finding]:
    """Compare file and stamp, then ids and vectors as they are searched with the store's."""
    file, stamp = store.home / FILE_NAME, store.home / STAMP_NAME
    if file.exists() or stamp.exists():
        what = _stamp_fault(store)
        if what:
            yield Finding("FAISS", what, "FAISS")
            return
    elif store.chunk_ids().size:
        yield Finding("FAISS", f"{file} is missing", "FAISS")
        return
    dense = DenseIndex.load(store)
    held, wanted = np.sort(dense.ids()), store.chunk_ids()
    if not np.array_equal(held, wanted):
        yield Finding("FAISS", f"holds {held.size} vectors that are not the {wanted.size}", "FAISS")
    elif wrong := _other_vectors(dense, store, wanted):
        yield Finding("FAISS", f"{wrong} vectors are not those of the database", "FAISS")


def _stamp_fault(store: Store) -> str | None:
    file, stamp = store.home / FILE_NAME, store.home / STAMP_NAME
    try:
        told = json.loads(stamp.read_bytes())
        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except (OSError, ValueError) as error:
        return f"file or stamp cannot be read ({error})"
    if not isinstance(told, dict) or told.get("index_id") != store.meta("index_id"):
        return f"{stamp} is that of another index"
    return None if told.get("sha256") == digest else f"{file} does not match its stamp"


def _other_vectors(dense: DenseIndex, store: Store, ids: Ids) -> int:
    """Count the vectors that are not, bit by bit, those of the store."""
    wrong = 0
    for first in range(0, ids.size, _BATCH):
        batch = ids[first : first + _BATCH]
        same = _vectors(dense, batch) == store.vectors(batch.tolist())
        wrong += int(np.count_nonzero(~same.all(axis=1)))
    return wrong


def _vectors(dense: DenseIndex, ids: Ids) -> Vectors:
    """Return the vectors of these ids as they are searched."""
    found: Vectors = dense._index.reconstruct_batch(ids)
    return found
