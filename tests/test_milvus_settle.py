"""What is deleted after a commit: not too much by who wakes up late, and told to who reads on."""

from functools import partial

import pytest
from fakes import WordEmbedder
from index_seen import seen
from milvus_connection import FakeServer, connect_to

from index.errors import StoreError
from index.milvus import writer
from index.milvus.unfinished import ServerVectors
from index.settings import Settings
from index.stores import open_store
from index.sync import sync


def test_who_wakes_up_late_deletes_nothing_of_newer_versions(tmp_path, monkeypatch):
    connection = connect_to(FakeServer(), monkeypatch)
    docs, home = tmp_path / "docs", tmp_path / "home"
    docs.mkdir()
    awake, asleep = writer.clean, []

    def sleep(*now):
        asleep.append(partial(awake, *now))

    for version, clean in enumerate((awake, awake, sleep, awake)):
        monkeypatch.setattr(writer, "clean", clean)
        (docs / "gate.txt").write_text(f"The gate opens at {version} o'clock.")
        (docs / f"{version}.txt").write_text(f"Number {version} came later.")
        sync(home, [docs], WordEmbedder(), Settings())
    before = seen(home)
    connection._states.clear()  # as in a process that begins
    connection._texts.clear()
    asleep[0]()
    assert seen(home) == before


def test_who_reads_for_longer_than_two_changes_is_told_to_try_again(tmp_path, monkeypatch):
    connect_to(FakeServer(), monkeypatch)
    docs, home = tmp_path / "docs", tmp_path / "home"
    docs.mkdir()

    def change(text):
        (docs / "gate.txt").write_text(text)
        sync(home, [docs], WordEmbedder(), Settings())

    change("The gate opens at one.")
    with open_store(home) as store:
        ids = store.chunk_ids().tolist()
        change("The gate opens at two.")
        assert len(store.chunks(ids)) == len(store.vectors(ids)) == 1
        change("The gate opens at three.")
        change("The gate opens at four.")
        for read in (store.chunks, store.vectors):
            with pytest.raises(StoreError, match="changed twice since this began; try again"):
                read(ids)


def test_what_was_unfinished_is_deleted_while_nobody_else_can_write(tmp_path, monkeypatch):
    server = FakeServer()
    connect_to(server, monkeypatch)
    docs, home = tmp_path / "docs", tmp_path / "home"
    docs.mkdir()
    (docs / "gate.txt").write_text("The gate opens at one.")
    delete, leases = ServerVectors.delete, []

    def deleted(self):
        ledger = server.collections["ledger"].values()
        leases.append(sum(row["kind"] == "lease" for row in ledger))
        delete(self)

    monkeypatch.setattr(ServerVectors, "delete", deleted)
    sync(home, [docs], WordEmbedder(), Settings())
    assert leases == [1]
    assert not server.collections["vectors 64"]
