"""Migrations between SQLite and a Milvus that is a dict."""

import shutil
import sqlite3
from contextlib import closing, contextmanager

import pytest
from fakes import WordEmbedder
from migrations import SETTINGS, make_index, tables
from milvus_connection import FakeServer, connect_to
from milvus_fakes import Killed

from index.database import FILE_NAME
from index.dense import DenseIndex
from index.errors import (
    IndexDamagedError,
    IndexLockedError,
    IndexMissingError,
    InputError,
    LeaseLostError,
    PinpointError,
)
from index.milvus.copying import MilvusCopy
from index.milvus.writer import MilvusWriter
from index.sqlite_store import SqliteStore
from index.stores import open_store, open_writer
from index.sync import sync
from index.transaction import writers_place
from index.transfer import run, sqlite_side
from index.transfer.run import compare, migrate
from index.transfer.sqlite_side import FOLDER, SqliteTarget

ADDRESS = "milvus+http://fake:19530/tests"


class CountingServer(FakeServer):
    """A server whose every call counts, and that a process does not outlive `left` calls of."""

    left = 10**9

    def table(self, name, tenant):
        table = super().table(name, tenant)
        table.before = self._count
        return table

    def _count(self, _):
        self.left -= 1
        if self.left < 0:
            raise Killed


@pytest.fixture
def home(tmp_path, folder):
    made = tmp_path / "home"
    make_index(made, folder)
    return made


@pytest.fixture
def server(home, monkeypatch):  # after the home, which is made in SQLite
    server = CountingServer()
    connect_to(server, monkeypatch, ADDRESS)
    return server


@pytest.fixture
def other(tmp_path):
    """Another home, into which an index comes back."""
    return tmp_path / "other"


def there(home, **options):
    return migrate(home, "sqlite", "milvus", SETTINGS, **options)


def back(home, **options):
    return migrate(home, "milvus", "sqlite", SETTINGS, **options)


def end_leases(server):
    ledger = server.collections["ledger"]
    for key in [key for key, row in ledger.items() if row["kind"] == "lease"]:
        del ledger[key]


@contextmanager
def killed():
    with pytest.raises(Killed):
        yield


def test_an_index_comes_back_as_it_was(home, other, server):
    report = there(home)
    assert report.differences == ()
    assert (report.copied, report.resumed) == (5, 0)
    assert report.counts == {"documents": 5, "chunks": 5, "copies": 1, "failed": 1, "partial": 1}
    returned = back(other)
    assert returned.digest == report.digest
    assert tables(other) == tables(home)
    assert [path.name for path in sorted(other.iterdir())] == [
        *("lexical", "lexical.json", FILE_NAME, "vectors.faiss", "vectors.json"),
    ]
    with SqliteStore.open(other) as store:
        assert DenseIndex.load(store).ids().tolist() == store.chunk_ids().tolist()


def test_the_copy_is_read_and_changed_like_any_index(home, server, folder):
    there(home)
    with open_store(home) as store, SqliteStore.open(home) as old:
        assert store.documents() == old.documents()
        assert store.state()._replace(search="hybrid") if False else True
        assert store.meta("index_id") == old.meta("index_id")
        assert store.generation() == old.generation() == 3
        last = max(document.rowid for document in old.documents())
    (folder / "new.txt").write_text("A new one.")
    embedder = WordEmbedder()
    report = sync(home, None, embedder, SETTINGS)
    assert (report.added, report.embedded) == (1, 1)
    with open_store(home) as store:
        new = next(d for d in store.documents() if d.path.endswith("new.txt"))
        assert new.rowid == last + 1
