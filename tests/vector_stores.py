"""Stores that hold given vectors, one a document, and a log of changes as a store would keep it."""

import numpy as np

from index.chunk import Chunk
from index.document import Block, Extracted
from index.sqlite_store import SqliteStore
from index.sqlite_writer import SqliteWriter


def unit(count, *, seed=1, dimension=16, families=20):
    """Return `count` unit vectors around some directions, so that there are neighbours to find."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(families, dimension))
    vectors = centres[rng.integers(families, size=count)]
    vectors = vectors + 0.7 * rng.normal(size=(count, dimension))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def add(home, vectors):
    """Add a document with one chunk for each vector, in one change; return the chunks' ids."""
    with SqliteWriter.writing(home) as store:
        first = len(store.documents())
        ids = [_add(store, f"/{first}/{number}") for number in range(len(vectors))]
        store.add_vectors(zip(ids, (vector.tobytes() for vector in vectors), strict=True))
        store.next_generation()
    return ids


def remove(home, ids):
    """Remove the documents of these chunks, in one change."""
    with SqliteWriter.writing(home) as store:
        for chunk in store.chunks(ids):
            store.remove_document(chunk.document)
        store.next_generation()


def _add(store, path):
    text = f"Passage {path}."
    document = Extracted(text, "Title", None, "text/plain", (Block(0, len(text), (), "text"),))
    chunk = Chunk(0, len(text), (), ((0, len(text)),), text)
    rowid = store.add_document(path, len(text), "0" * 64, document)
    return store.add_chunks(rowid, document, [chunk], "recipe")[0]


class Log:
    """Stands in for `Store.changes_since`: knows the ids of the generations it was shown."""

    def __init__(self, monkeypatch):
        self.known = {}
        self.asked = []

        def changes_since(store, generation):
            return self.changes_since(store, generation)

        monkeypatch.setattr(SqliteStore, "changes_since", changes_since)

    def note(self, home):
        with SqliteStore.open(home) as store:
            self.known[store.generation()] = store.chunk_ids()

    def changes_since(self, store, generation):
        assert generation <= store.generation()
        self.asked.append(generation)
        then, now = self.known.get(generation), store.chunk_ids()
        return None if then is None else (np.setdiff1d(now, then), np.setdiff1d(then, now))


def brute_force(store, query, limit):
    """Return `(id, cosine)` of the best by (-cosine, id), worked out by NumPy alone."""
    scores = np.einsum("ij,j->i", store.vectors(), query)
    best = sorted(zip(-scores, store.chunk_ids(), strict=True))[:limit]
    return [(int(i), -float(s)) for s, i in best]
