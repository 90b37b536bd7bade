import json
import os
import threading
import time

import pytest
from fakes import WordEmbedder

from index import lock
from index.lock import KNOCK_NAME, holder, knocking, let_in
from index.settings import Settings
from index.sqlite_store import SqliteStore
from index.sqlite_writer import SqliteWriter
from index.sync import sync
from index.transaction import commit, writers_place


@pytest.fixture
def home(tmp_path, folder):
    (folder / "a.txt").write_text("One.")
    sync(tmp_path / "home", [folder], WordEmbedder(), Settings())
    return tmp_path / "home"


def test_the_writers_place_writes_nothing_by_itself(home):
    before = {path.name: path.read_bytes() for path in home.iterdir()}
    with writers_place(home, 1.0) as db:
        db.execute("DELETE FROM chunks")
        assert holder(home).startswith(f"process {os.getpid()} ")
    assert holder(home) is None
    assert {path.name: path.read_bytes() for path in home.iterdir()} == before


def test_a_large_change_keeps_no_reader_out_before_its_commit(home, monkeypatch):
    monkeypatch.setattr("index.sqlite_store._READ_TIMEOUT_SECONDS", 0.1)
    with writers_place(home, 1.0) as db:
        db.execute("CREATE TABLE large (content)")
        # SQLite's own cache of 2 MB would be full after two thousand of these.
        db.executemany("INSERT INTO large VALUES (zeroblob(1000))", [()] * 20_000)
        with SqliteStore.open(home) as store:
            assert store.generation() == 1


def test_a_commit_waits_for_a_reader_and_knocks(home, monkeypatch):
    monkeypatch.setattr("index.transaction._GAP_TIMEOUT_SECONDS", 0.01)
    knocked = threading.Event()

    class Seen:
        def __init__(self, home):
            self._knocking = knocking(home)

        def __enter__(self):
            self._knocking.__enter__()
            knocked.set()

        def __exit__(self, *error):
            self._knocking.__exit__(*error)

    monkeypatch.setattr("index.transaction.knocking", Seen)

    def write():
        with SqliteWriter.writing(home) as store:
            store.set_meta("note", "written")

    writer = threading.Thread(target=write)
    with SqliteStore.open(home) as store:
        assert store.generation() == 1  # from here on it reads
        writer.start()
        assert knocked.wait(30)
        assert (home / KNOCK_NAME).exists()
        assert store.meta("note") is None
    writer.join()
    assert not (home / KNOCK_NAME).exists()
    with SqliteStore.open(home) as store:
        assert store.meta("note") == "written"


def test_without_a_reader_nobody_is_asked_to_wait(home, monkeypatch):
    monkeypatch.setattr("index.transaction.knocking", lambda _: 1 / 0)
    with writers_place(home, 1.0) as db:
        db.execute("INSERT INTO meta VALUES ('note', 'written')")
        commit(db, home)
    with SqliteStore.open(home) as store:
        assert store.meta("note") == "written"


def test_readers_let_a_knocking_writer_in(tmp_path, monkeypatch):
    slept = []

    def sleep(seconds):
        slept.append(seconds)
        if len(slept) == 3:
            (tmp_path / KNOCK_NAME).unlink()

    monkeypatch.setattr(lock.time, "sleep", sleep)
    let_in(tmp_path)
    assert slept == []
    with knocking(tmp_path):
        let_in(tmp_path)
    assert slept == [0.01] * 3


def test_nobody_waits_for_a_writer_that_is_gone_or_for_long(tmp_path, monkeypatch):
    monkeypatch.setattr(lock.time, "sleep", lambda _: None)
    note = {"process": 2**22 + 1, "host": lock.socket.gethostname(), "command": "x", "since": "y"}
    (tmp_path / KNOCK_NAME).write_text(json.dumps(note))
    monkeypatch.setattr(lock, "_LONGEST_WAIT_SECONDS", float("inf"))
    let_in(tmp_path)
    (tmp_path / KNOCK_NAME).write_text("{")
    let_in(tmp_path)
    # Of a container, say, whose name nobody has any more.
    (tmp_path / KNOCK_NAME).write_text(json.dumps(note | {"host": "elsewhere"}))
    os.utime(tmp_path / KNOCK_NAME, (time.time() - 61,) * 2)
    let_in(tmp_path)
    monkeypatch.setattr(lock, "_LONGEST_WAIT_SECONDS", 0.05)
    started = time.monotonic()
    with knocking(tmp_path):
        let_in(tmp_path)
    assert time.monotonic() - started >= 0.05


def test_documents_below_a_path_are_those_inside_it(tmp_path, folder):
    for name in ("a/x.txt", "a/y/z.txt", "a.txt", "ab/x.txt", "a0.txt", "b.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    sync(tmp_path / "home", [folder], WordEmbedder(), Settings())
    with SqliteStore.open(tmp_path / "home") as store:

        def below(*names):
            found = store.documents(below=[str(folder / name) for name in names])
            return [document.path.removeprefix(f"{folder}/") for document in found]

        assert below("a") == ["a/x.txt", "a/y/z.txt"]
        assert below("b.txt", "a/y", "gone") == ["a/y/z.txt", "b.txt"]
        assert below() == []
        assert store.documents(below=["/"]) == store.documents()
