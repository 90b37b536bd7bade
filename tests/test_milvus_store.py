"""What a version on a server is asked for once, and what is said of what has gone from it."""

import pytest
from milvus_connection import FakeServer, connect_to

from index.document import Extracted
from index.errors import IndexTooNewError, PinpointError
from index.milvus import store as milvus_store
from index.stores import open_store, open_writer
from qa.api import _Sources


def test_warnings_are_read_once_a_change(tmp_path, monkeypatch):
    connect_to(FakeServer(), monkeypatch)
    read = []
    loaded = milvus_store.loaded
    monkeypatch.setattr(milvus_store, "loaded", lambda text: read.append(text) or loaded(text))

    def add(path, warning):
        document = Extracted(
            text=path, title="", date=None, media_type="text/plain", warnings=(warning,)
        )
        with open_writer(tmp_path, 1.0) as store:
            store.add_document(path, 1, "0" * 64, document)

    def warnings():
        with open_store(tmp_path) as store:
            return store.warnings()

    add("/a", "page 2 unreadable")
    assert warnings() == warnings() == {"/a": ("page 2 unreadable",)}
    assert len(read) == 1
    add("/b", "page 3 unreadable")
    assert warnings() == {"/a": ("page 2 unreadable",), "/b": ("page 3 unreadable",)}


def test_a_document_that_has_gone_is_told_of_in_words(tmp_path, monkeypatch):
    connect_to(FakeServer(), monkeypatch)
    with open_writer(tmp_path, 1.0) as store:
        store.set_roots(["/a"])
    with (
        open_store(tmp_path) as store,
        pytest.raises(PinpointError, match="was taken out of the index meanwhile; ask again"),
    ):
        _Sources(store)[1]


def test_what_a_newer_version_of_pinpoint_wrote_is_not_read(tmp_path, monkeypatch):
    server = FakeServer()
    connection = connect_to(server, monkeypatch)
    with open_writer(tmp_path, 1.0) as store:
        store.set_roots(["/a"])
    connection._states.clear()
    for row in server.collections["parts"].values():
        row["content"] = row["content"].replace('{"generation"', '{"later": 1, "generation"')
    with (
        pytest.raises(IndexTooNewError, match=r"/tests: written by a newer Pinpoint; upgrade"),
        open_store(tmp_path),
    ):
        pass
