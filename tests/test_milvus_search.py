"""Searches of a server: exact cosines by any index, and any number of copies within bounds."""

import numpy as np
import pytest
from milvus_connection import FakeConnection, FakeServer, SearchedTable, connect_to

from index.chunk import Chunk
from index.document import Extracted
from index.filter import Filter
from index.milvus import store as milvus_store
from index.milvus.search import nearest
from index.stores import open_store, open_writer

VECTORS = np.array([[1.0, 0.0], [0.96, 0.28], [0.8, 0.6], [0.6, 0.8], [0.0, 1.0]], dtype="<f4")


class Rough(SearchedTable):
    """Distances of vectors that were made smaller: every one is the same."""

    def _search(self, *arguments, **options):
        (hits,) = super()._search(*arguments, **options)
        return [[hit | {"distance": 1.0} for hit in hits]]


def fill(home, folders=("/a",)):
    """Five texts, each in a document of the first folder and copied to the others."""
    with open_writer(home, 5.0) as store:
        for number, vector in enumerate(VECTORS):
            text = f"Text {number}."
            document = Extracted(text, "", None, "text/plain")
            held = store.add_document(f"{folders[0]}/{number}", 1, "0" * 64, document)
            chunk = Chunk(0, len(text), (), ((0, len(text)),), text)
            store.add_vectors([(*store.add_chunks(held, document, [chunk], "r"), vector.tobytes())])
            for folder in folders[1:]:
                store.add_document(f"{folder}/{number}", 1, "0" * 64, document)


@pytest.mark.parametrize("kind", ["IVF_SQ8", "DISKANN"])
def test_cosines_are_those_of_the_stored_vectors(tmp_path, monkeypatch, kind):
    connect_to(FakeServer(Rough), monkeypatch)
    monkeypatch.setattr(FakeConnection, "index_of", lambda *_: kind)
    fill(tmp_path)
    with open_store(tmp_path) as store:
        hits = nearest(store, np.array([0.8, 0.6], dtype="<f4"), 3, Filter())
    assert [chunk for chunk, _ in hits] == [3, 4, 2]
    assert [score for _, score in hits] == pytest.approx([1.0, 0.96, 0.936])


def test_copies_within_bounds_are_found_in_short_lists(tmp_path, monkeypatch):
    connect_to(FakeServer(), monkeypatch)
    monkeypatch.setattr(milvus_store, "_AT_ONCE", 2)
    fill(tmp_path, folders=("/a", "/b"))
    with open_store(tmp_path) as store:
        within = Filter(folders=("/b",))
        conditions = milvus_store.chunk_bounds(store, within)
        assert [each.rpartition("document in ")[2] for each in conditions] == [
            "[1, 3]",
            "[5, 7]",
            "[9]",
        ]
        assert store.chunk_ids_within(within).tolist() == [1, 2, 3, 4, 5]
        hits = nearest(store, np.array([0.0, 1.0], dtype="<f4"), 4, within)
        assert [chunk for chunk, _ in hits] == [5, 4, 3, 2]


def test_a_holder_within_the_bounds_is_not_named(tmp_path, monkeypatch):
    connect_to(FakeServer(), monkeypatch)
    fill(tmp_path, folders=("/a/b", "/a/c"))
    with open_store(tmp_path) as store:
        (condition,) = milvus_store.chunk_bounds(store, Filter(folders=("/a",)))
        assert "document in" not in condition
