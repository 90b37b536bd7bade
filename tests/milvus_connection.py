"""A connection to a Milvus that is a dict, and what makes a test's home use it."""

from types import SimpleNamespace

import numpy as np
from milvus_fakes import FakeTable, matches

from index.milvus.connection import Connection
from index.milvus.ledger import current
from index.milvus.table import MilvusTable


class FakeServer:
    """Rows of all collections and tenants; every process's connection to it shares them."""

    def __init__(self, table_kind=None):
        self.collections = {}
        self.table_kind = table_kind or SearchedTable

    def table(self, name, tenant):
        return self.table_kind(self.collections.setdefault(name, {}), tenant, name)


class SearchedTable(FakeTable):
    """A table that is searched by comparing every vector."""

    timeout_seconds = 1.0

    def __init__(self, shared, tenant, name):
        super().__init__(shared, tenant)
        self.collection = name
        self.client = SimpleNamespace(search=self._search)

    def scoped(self, expression):
        return expression

    def _search(self, _collection, *, data, filter, limit, **_):  # noqa: A002 - pymilvus's name
        rows = [row for row in self._rows() if matches(filter, row)]
        scores = [float(np.dot(data[0], row["vector"])) for row in rows]
        best = sorted(range(len(rows)), key=lambda n: -scores[n])[:limit]
        return [[{"entity": {"id": rows[n]["id"]}, "distance": scores[n]} for n in best]]


class FakeConnection(Connection):
    """A connection whose server has no full-text search, as Milvus 2.3."""

    searches_words = False

    def __init__(self, server, address):
        super().__init__(address)
        self._server = server

    @property
    def ledger(self):
        return self._named("ledger")

    @property
    def parts(self):
        return self._named("parts")

    @property
    def documents(self):
        return self._named("documents")

    def chunks(self, dimension):
        return self._named(f"chunks {dimension}")

    def unfinished(self, dimension):
        return self._named(f"vectors {dimension}")

    def unfinished_widths(self):
        return self._widths("vectors ")

    def chunk_widths(self):
        return self._widths("chunks ")

    def _current(self):
        return current(self.ledger)

    def _widths(self, start):
        names = self._server.collections
        return sorted(int(name.split()[1]) for name in names if name.startswith(start))

    def index_of(self, dimension):  # noqa: ARG002
        return "FLAT"

    def has_words(self, _dimension):
        return False

    def _named(self, name) -> MilvusTable:
        return self._server.table(name, self.tenant)


def connect_to(server, monkeypatch, address="milvus+http://fake:19530/tests"):
    """Let all homes of a test use a fake server; return the connection."""
    made = FakeConnection(server, address)
    monkeypatch.setenv("PINPOINT_STORE", address)
    monkeypatch.setattr("index.milvus.settle._LAG_SECONDS", 0.0)
    for module in ("store", "writer"):
        monkeypatch.setattr(f"index.milvus.{module}.connect", lambda _: made)
    return made
