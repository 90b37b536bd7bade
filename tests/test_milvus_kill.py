"""A sync that dies between any two calls of the server, or within one, leaves all as it should."""

import threading
from copy import deepcopy

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
    wrote = False

    def insert(self, rows):
        self._call(super().insert, rows)

    def upsert(self, rows):
        self._call(super().upsert, rows)

    def delete(self, pks):
        self._call(super().delete, pks)

    def query(self, *arguments):
        self._call(None, ())
        return super().query(*arguments)

    def _call(self, write, rows):
        rows = list(rows)
        if threading.current_thread() is not threading.main_thread():
            return  # who counts that the writer lives
        Mortal.calls += 1
        if Mortal.at is not None and Mortal.calls >= Mortal.at:
            if Mortal.calls == Mortal.at and write:
                Mortal.wrote = True
                write(rows[: round(len(rows) * Mortal.fraction)])
            raise Died
        if write:
            write(rows)


def write_version(folder, version):
    """Each version has files that stay, change, move, go, come, and copies of which one goes."""
    for path in folder.iterdir():
        path.unlink()
    (folder / "stays.txt").write_text("It stays. " + "Always. " * 9)
    (folder / "changes.txt").write_text(f"Now it is {version}.")
    (folder / f"moves{version}.txt").write_text("Heading\n\nIt moves.")
    (folder / f"copy{version}.txt").write_text("A copy of one text.")
    (folder / "copy-last.txt").write_text("A copy of one text.")
    (folder / f"only{version}.txt").write_text(f"Only in {version}.")


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


class World:
    """A home and a folder, and the server's rows before the change that dies."""

    def __init__(self, folder, home, monkeypatch):
        self.folder, self.home, self.monkeypatch = folder, home, monkeypatch
        self._rows = {}

    def keep(self, server):
        self._rows = deepcopy(server.collections)

    def server(self):
        """Return the server as it was kept, for a process that has just begun."""
        made = FakeServer(Mortal)
        made.collections = deepcopy(self._rows)
        connect_to(made, self.monkeypatch)
        return made

    def deaths(self):
        """Yield a server for every way to die, and a function that tells that it was the last."""
        number = 1
        while True:
            for fraction in FRACTIONS:
                server = self.server()
                died = die(self, number, fraction, server)
                yield server
                if not died:
                    return
                if not Mortal.wrote:
                    break
            number += 1


def die(world, at, fraction, server):
    """Sync until the call `at`; tell whether it came to that."""
    wider = WordEmbedder(name="wider", dimension=96) if at % 2 else WordEmbedder()
    Mortal.at, Mortal.fraction, Mortal.calls, Mortal.wrote = at, fraction, 0, False
    try:
        sync(world.home, [world.folder], wider, Settings(embed_batch=2))
    except Died:
        return True
    else:
        return False
    finally:
        Mortal.at = None
        time_passes(server)
        connect_to(server, world.monkeypatch)  # another process


def test_a_change_that_dies_anywhere_is_not_or_all(folder, tmp_path, monkeypatch):
    world = World(folder, tmp_path, monkeypatch)
    server = world.server()
    for version in (8, 9, 1):  # so that the next one has rows to delete
        write_version(folder, version)
        sync(tmp_path, [folder], WordEmbedder(), Settings())
    world.keep(server)
    before = seen(tmp_path)
    outcomes = []
    write_version(folder, 2)
    for server in world.deaths():
        found = seen(tmp_path)
        sync(tmp_path, None, WordEmbedder(), Settings())
        after = seen(tmp_path)
        assert sum(text == "Only in 2." for _, text, *_ in after[0]) == 1
        assert found == before or found[0] == after[0]
        outcomes.append(found == before)
        write_version(folder, 3)
        sync(tmp_path, None, WordEmbedder(), Settings())
        check_nothing_is_left(server)
        write_version(folder, 2)
    assert outcomes[0]
    assert not outcomes[-1]
    assert len(outcomes) > 50


def test_a_first_sync_that_dies_anywhere(folder, tmp_path, monkeypatch):
    world = World(folder, tmp_path, monkeypatch)
    write_version(folder, 1)
    found = []
    for server in world.deaths():
        try:
            found.append(len(seen(tmp_path)[0]))
        except IndexMissingError:
            found.append(0)
        sync(tmp_path, [folder], WordEmbedder(), Settings())
        assert len(seen(tmp_path)[0]) == 6
        write_version(folder, 2)
        sync(tmp_path, None, WordEmbedder(), Settings())
        check_nothing_is_left(server)
        write_version(folder, 1)
    assert set(found) == {0, 6}
    assert found[-1] == 6


def test_rows_of_dead_syncs_are_never_seen_even_before_they_are_deleted(
    folder, tmp_path, monkeypatch
):
    world = World(folder, tmp_path, monkeypatch)
    write_version(folder, 1)
    monkeypatch.setattr("index.milvus.writer.clean", lambda *_: None)
    for server in world.deaths():
        sync(tmp_path, [folder], WordEmbedder(), Settings())
        assert len(seen(tmp_path)[0]) == 6
        assert server.collections
