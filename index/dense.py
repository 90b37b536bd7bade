"""The FAISS index: derived from the store, stamped with the generation it was made from."""

import contextlib
import hashlib
import json
import logging
import os
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.embed import Vectors
from index.store import Store

FILE_NAME = "vectors.faiss"
STAMP_NAME = "vectors.json"

_log = logging.getLogger(__name__)


class DenseIndex:
    """Exact inner-product search over the vectors of one generation.

    Inner product of unit vectors is their cosine. Ids are the store's chunk ids.
    """

    def __init__(self, index: Any, generation: int) -> None:  # noqa: ANN401 - FAISS has no types
        self._index = index
        self.generation = generation

    @classmethod
    def load(cls, store: Store) -> "DenseIndex":
        """Return the index for the store's generation; writes nothing.

        Taken from the home's file where that is whole, and caught up with the store; built from
        the store where it is missing, or damaged, which is said through `logging`.
        """
        index, reason = _read(store)
        if reason:
            _log.warning("%s: %s; rebuilt from the database", store.home / FILE_NAME, reason)
        dense = cls(index, store.generation())
        dense.catch_up(store)
        return dense

    def catch_up(self, store: Store) -> None:
        """Remove and add vectors until the ids are the store's. Ids are never given twice."""
        wanted = store.chunk_ids()
        removed = np.setdiff1d(self.ids(), wanted)
        added = np.setdiff1d(wanted, self.ids())
        if self._index is not None and removed.size:
            self._index.remove_ids(removed)
        if added.size:
            vectors = store.vectors(added.tolist())
            if self._index is None or self._index.d != vectors.shape[1]:
                self._index = _empty(vectors.shape[1])  # a model of another width came in
            self._index.add_with_ids(vectors, added)
        self.generation = store.generation()

    def ids(self) -> npt.NDArray[np.int64]:
        """Return the ids held, in no particular order."""
        if self._index is None:
            return np.empty(0, dtype=np.int64)
        ids: npt.NDArray[np.int64] = _faiss().vector_to_array(self._index.id_map)
        return ids

    def search(
        self, query: Vectors, limit: int, allowed: list[int] | None = None
    ) -> list[tuple[int, float]]:
        """Return at least `limit` `(id, cosine)` by (-cosine, id), with every tie at the cut-off.

        Args:
            query: Shape `(dimension,)`, unit length.
            limit: How many; more come back when the last ones tie, fewer when there are fewer.
            allowed: Ids to search among; None searches all.
        """
        held = int(self._index.ntotal) if self._index is not None else 0
        available = held if allowed is None else min(held, len(allowed))
        wanted = min(limit, available)
        while wanted:
            hits = self._search(query, min(wanted + 1, available), allowed)
            if len(hits) <= wanted or hits[-1][1] < hits[wanted - 1][1]:
                return hits[:wanted]
            wanted = min(2 * wanted, available)
        return []

    def _search(
        self, query: Vectors, limit: int, allowed: list[int] | None
    ) -> list[tuple[int, float]]:
        faiss = _faiss()
        parameters = None
        if allowed is not None:
            selector = faiss.IDSelectorBatch(np.asarray(allowed, dtype=np.int64))
            parameters = faiss.SearchParameters(sel=selector)
        scores, ids = self._index.search(query[np.newaxis], limit, params=parameters)
        found = [(int(i), float(s)) for i, s in zip(ids[0], scores[0], strict=True) if i >= 0]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))

    def save(self, home: Path, index_id: str) -> None:
        """Write file and stamp, each in one step; a crash in between makes the stamp not match."""
        if self._index is None:
            for name in (STAMP_NAME, FILE_NAME):
                (home / name).unlink(missing_ok=True)
            return
        content = _faiss().serialize_index(self._index).tobytes()
        stamp = {
            "index_id": index_id,
            "generation": self.generation,
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        _replace(home / FILE_NAME, content)
        _replace(home / STAMP_NAME, json.dumps(stamp).encode())


def save_if_behind(store: Store) -> None:
    """Bring the FAISS file up to the store's generation, if it is not there yet.

    The database is whole without it, so a file that cannot be written is only logged.
    """
    if _stamp(store).get("generation") == store.generation() and _read(store)[0] is not None:
        return
    try:
        DenseIndex.load(store).save(store.home, store.meta("index_id") or "")
    except OSError as error:
        _log.warning("%s: cannot be written (%s)", store.home / FILE_NAME, error)


def _stamp(store: Store) -> dict[str, Any]:
    with contextlib.suppress(OSError, ValueError):
        stamp = json.loads((store.home / STAMP_NAME).read_bytes())
        if isinstance(stamp, dict) and stamp.get("index_id") == store.meta("index_id"):
            return stamp
    return {}


def _read(store: Store) -> tuple[Any, str]:
    """Return the index in the file, or None and why not."""
    try:
        content = (store.home / FILE_NAME).read_bytes()
    except FileNotFoundError:
        return None, ""  # derived, so nothing is wrong
    except OSError as error:
        return None, f"cannot be read ({error})"
    # FAISS trusts what it reads, so bytes that are not ours never reach it.
    if hashlib.sha256(content).hexdigest() != _stamp(store).get("sha256"):
        return None, "damaged, or not of this index"
    return _faiss().deserialize_index(np.frombuffer(content, dtype=np.uint8)), ""


def _empty(dimension: int) -> Any:  # noqa: ANN401
    faiss = _faiss()
    return faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))


def _replace(path: Path, content: bytes) -> None:
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _faiss() -> Any:  # noqa: ANN401
    import faiss

    return faiss
