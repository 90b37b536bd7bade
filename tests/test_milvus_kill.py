"""A sync that dies between any two calls of the server, or within one, leaves all as it should."""

import threading

import pytest
from fakes import WordEmbedder
from index_seen import seen
from milvus_connection import FakeServer, SearchedTable, connect_to

from index.errors import IndexMissingError
from index.settings import Settings
from index.sync import sync

FRACTIONS = (0.0, 0.5, 1.0)
"""How much of the last write happens: the reply to all of it may be lost too."""


class Died(BaseException):
    """The end of a process."""


class Mortal(SearchedTable):
    """A table of a process that dies at its call number `at`; other threads' do not count."""

    at = None
    fraction = 0.0
    calls = 0

    def insert(self, rows):
        self._write(super().insert, rows)

    def upsert(self, rows):
        self._write(super().upsert, rows)

    def delete(self, pks):
        self._write(super().delete, pks)

    def query(self, *arguments):
        self._write(lambda _: None, ())
        return super().query(*arguments)

    def _write(self, write, rows):
        rows = list(rows)
        if threading.current_thread() is not threading.main_thread():
            return
        Mortal.calls += 1
        if Mortal.at is not None and Mortal.calls >= Mortal.at:
            if Mortal.calls == Mortal.at:
                write(rows[: round(len(rows) * Mortal.fraction)])
            raise Died
        write(rows)


@pytest.fixture
def server(monkeypatch):
    made = FakeServer(Mortal)
    connect_to(made, monkeypatch)
    monkeypatch.setattr(Mortal, "at", None)
    return made


def write_version(folder, version):
    """Each version has files that stay, change, move, go, come, and copies of which one goes."""
    for path in folder.iterdir():
        path.unlink()
    (folder / "stays.md").write_text("# Stays\n\nIt stays. " + "Always. " * 9)
    (folder / "changes.md").write_text(f"# Changes\n\nNow it is {version}.")
    (folder / f"moves{version}.md").write_text("# Moves\n\nIt moves.")
    (folder / f"copy{version}.txt").write_text("A copy of one text.")
    (folder / "copy-last.txt").write_text("A copy of one text.")
    (folder / f"only{version}.txt").write_text(f"Only in {version}.")


def die(home, folder, at, fraction, embedder):
    """Sync until the call `at`; tell whether it came to that."""
    Mortal.at, Mortal.fraction, Mortal.calls = at, fraction, 0
    try:
        sync(home, [folder], embedder, Settings(embed_batch=2))
    except Died:
        return True
    finally:
        Mortal.at = None
    return False


def time_passes(server):
    """Let the places of dead writers be free."""
    ledger = server.collections.get("ledger", {})
    for key in [key for key, row in ledger.items() if row["kind"] == "lease"]:
        del ledger[key]


def check_nothing_is_left(server):
    """Check that no row is there that no reader of this version or the one before needs."""
    ledger = [row["number"] for row in server.collections["ledger"].values()]
    assert len(set(ledger)) == 1
    documents = list(server.collections["documents"].values())
    used = {row[name] for row in documents for name in ("text_key", "structure_key")}
    kept = {row["key"] for row in server.collections["parts"].values()}
    states = {key for key in kept if key.startswith("state:")}
    assert kept - states == used
    assert len(states) <= 2
    born = {int(key.split(":")[1]) for key in states} | {row["born"] for row in documents}
    for name, rows in server.collections.items():
        if name.startswith("vectors"):
            assert not rows
        if name.startswith("chunks"):
            living = [row for row in rows.values() if row["died"] == 2**62]
            assert len({row["id"] for row in living}) == len(living)
            assert {row["born"] for row in rows.values()} <= born | {
                row["died"] for row in documents
            }


@pytest.mark.parametrize("fraction", FRACTIONS)
def test_a_change_that_dies_anywhere_is_not_or_all(folder, tmp_path, monkeypatch, fraction):
    embedder, number, outcomes = WordEmbedder(), 0, set()
    write_version(folder, 1)
    died = True
    while died:
        number += 1
        server = FakeServer(Mortal)
        connect_to(server, monkeypatch)
        write_version(folder, 1)
        sync(tmp_path, [folder], embedder, Settings())
        before = seen(tmp_path)
        write_version(folder, 2)
        other = WordEmbedder(name="wider", dimension=96) if number % 2 else embedder
        died = die(tmp_path, [folder][0], number, fraction, other)
        time_passes(server)
        connect_to(server, monkeypatch)  # another process
        found = seen(tmp_path)
        outcomes.add(found == before)
        sync(tmp_path, None, embedder, Settings())
        after = seen(tmp_path)
        assert [text for _, text, *_ in after[0]].count("Only in 2.") == 1
        assert found == before or [d for d in found[0]] == after[0]
        write_version(folder, 3)
        sync(tmp_path, None, embedder, Settings())
        check_nothing_is_left(server)
    assert outcomes == {True, False}
    assert number > 30


@pytest.mark.parametrize("fraction", FRACTIONS)
def test_a_first_sync_that_dies_anywhere(folder, tmp_path, monkeypatch, fraction):
    write_version(folder, 1)
    died, number = True, 0
    while died:
        number += 1
        server = FakeServer(Mortal)
        connect_to(server, monkeypatch)
        died = die(tmp_path, folder, number, fraction, WordEmbedder())
        time_passes(server)
        connect_to(server, monkeypatch)
        try:
            assert len(seen(tmp_path)[0]) == 6
        except IndexMissingError:
            assert died
        sync(tmp_path, [folder], WordEmbedder(), Settings())
        assert len(seen(tmp_path)[0]) == 6
        write_version(folder, 2)
        sync(tmp_path, None, WordEmbedder(), Settings())
        check_nothing_is_left(server)
        write_version(folder, 1)
    assert number > 20
