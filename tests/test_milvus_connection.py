"""How a connection is made: late, quietly, and with words for what is in the way."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from index.errors import SettingsError, StoreError
from index.milvus import connection
from index.milvus.connection import Connection, parse

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("address", "uri", "tenant"),
    [
        ("milvus+http://host:19530", "http://host:19530", "default"),
        ("milvus+http://host:19530/", "http://host:19530", "default"),
        ("milvus+https://host/mine_1-a", "https://host", "mine_1-a"),
        ("milvus+file:/a/b%20c.db", "/a/b c.db", "default"),
        ("milvus+file:/a/b.db/mine", "/a/b.db", "mine"),
        ("milvus+file:///a/b.db", "/a/b.db", "default"),
        ("milvus+file:b.db", "b.db", "default"),
    ],
)
def test_an_address_names_a_server_or_file_and_a_tenant(address, uri, tenant):
    assert parse(address) == (uri, tenant)


def test_more_after_a_tenant_is_refused():
    for address in ("milvus+http://h/a b", "milvus+http://h/a?b", "milvus+http://h/a/b"):
        with pytest.raises(SettingsError, match=r"store: "):
            parse(address)


def test_a_file_of_another_machine_is_refused():
    with pytest.raises(SettingsError, match=r"names a machine; write milvus\+file:/path"):
        parse("milvus+file://home/me/index.db")


def test_nobody_is_there():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        port = taken.getsockname()[1]
        with pytest.raises(StoreError) as raised:
            Connection(f"milvus+http://user:secret@127.0.0.1:{port}/mine").version()
    said = str(raised.value)
    assert said.startswith(f"milvus+http://127.0.0.1:{port}/mine: connecting failed (")
    assert said.endswith(
        "see that the server runs and that the setting `store` names it, then try again"
    )
    assert "secret" not in said


def test_the_library_takes_nothing_from_a_file_and_logs_nothing(tmp_path):
    """With a library that begins as the real one does: it takes a .env file from above its own."""
    (tmp_path / ".env").write_text("TAKEN_FROM_A_FILE=yes\n")
    (tmp_path / "pymilvus").mkdir()
    (tmp_path / "pymilvus" / "__init__.py").write_text("import dotenv; dotenv.load_dotenv()")
    program = (
        "import os, logging; from index.milvus.driver import pymilvus; pymilvus();"
        "logging.getLogger('pymilvus.decorators').error('noise');"
        "print(os.environ.get('TAKEN_FROM_A_FILE'), 'PYTHON_DOTENV_DISABLED' in os.environ)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("None False\n", "")


@pytest.mark.milvus
def test_a_file_that_another_process_has_open(tmp_path):
    pytest.importorskip("milvus_lite", reason="milvus-lite is not installed")
    address = f"milvus+file:{tmp_path}/lite.db"
    program = (
        "import sys; from index.milvus.connection import Connection;"
        f"Connection({address!r}).client.list_collections(); print('open', flush=True);"
        "sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(StoreError, match=r"cannot be opened \(.*serves one at a time"):
            Connection(address).version()
        other.stdin.close()
        other.kill()


class Library:
    """A client library that fails to connect some times."""

    class MilvusException(Exception):  # noqa: N818 - the library's name
        def __init__(self, code, message):
            super().__init__(message)
            self.code, self.message = code, message

    def __init__(self, *codes):
        self.codes = list(codes)
        self.given = []

    def MilvusClient(self, uri, **options):  # noqa: N802 - the library's name
        self.given.append((uri, options))
        if self.codes:
            raise self.MilvusException(self.codes.pop(0), "Fail connecting to server")
        return f"client {len(self.given)}"


def connected(library, address, monkeypatch):
    monkeypatch.setattr(connection, "pymilvus", lambda: library)
    monkeypatch.setattr(connection, "_LITE_PAUSE_SECONDS", 0.0)
    return Connection(address).client


def test_a_file_is_not_pinged_and_a_server_is(monkeypatch):
    library = Library()
    connected(library, "milvus+file:/a.db", monkeypatch)
    connected(library, "milvus+http://host:1", monkeypatch)
    (_, lite), (_, server) = library.given
    assert lite["grpc_options"] == {"grpc.keepalive_time_ms": 2**31 - 1}
    assert "grpc_options" not in server


def test_a_file_that_does_not_answer_at_once_is_tried_three_times(monkeypatch):
    assert connected(Library(2, 2), "milvus+file:/a.db", monkeypatch) == "client 3"
    library = Library(2, 2, 2)
    with pytest.raises(StoreError, match="cannot be opened"):
        connected(library, "milvus+file:/a.db", monkeypatch)
    assert len(library.given) == 3


def test_a_file_that_cannot_be_opened_is_tried_once(monkeypatch):
    library = Library(1)
    with pytest.raises(StoreError, match="cannot be opened"):
        connected(library, "milvus+file:/a.db", monkeypatch)
    assert len(library.given) == 1
