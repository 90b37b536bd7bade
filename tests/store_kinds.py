"""The stores that keep one contract: SQLite, a Milvus that is a dict, a real one, Milvus Lite."""

from uuid import uuid4

import pytest
from milvus_connection import FakeServer, connect_to

KINDS = [
    "sqlite",
    "dict",
    pytest.param("server", marks=pytest.mark.milvus),
    pytest.param("lite", marks=pytest.mark.milvus),
]


def address_at(request, kind, tenant):
    """Return the setting for a tenant on a real server, or in a file that a module shares."""
    if kind == "server":
        return f"milvus+{request.getfixturevalue('milvus_server').uri}/{tenant}"
    pytest.importorskip("milvus_lite", reason="milvus-lite is not installed")
    return f"milvus+file:{request.getfixturevalue('lite_file')}/{tenant}"


def use(request, monkeypatch, kind, tenant=None):
    """Let all homes of a test use a new tenant of a store of this kind."""
    if kind == "dict":
        connect_to(FakeServer(), monkeypatch)
    elif kind != "sqlite":
        address = address_at(request, kind, tenant or uuid4().hex)
        monkeypatch.setenv("PINPOINT_STORE", address)
