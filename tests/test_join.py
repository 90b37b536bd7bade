"""Who joins: worker while another process changes the index, then it changes the index itself."""

import threading

import pytest
from fakes import WordEmbedder
from milvus_connection import FakeServer, connect_to

from index import join
from index.errors import IndexLockedError, InputError, LeaseLostError
from index.join import joined, work
from index.milvus.worker import Worker
from index.settings import Settings
from index.stores import open_store


@pytest.fixture
def server(monkeypatch):
    made = FakeServer()
    connection = connect_to(made, monkeypatch)
    monkeypatch.setattr("index.milvus.connection.connect", lambda _: connection)
    return made


@pytest.mark.parametrize("address", ["", "milvus+file:/tmp/x.db/tests"])
def test_without_a_server_nothing_is_shared(tmp_path, monkeypatch, address):
    monkeypatch.setenv("PINPOINT_STORE", address)
    for call in (
        lambda: work(tmp_path, WordEmbedder(), Settings()),
        lambda: joined(tmp_path, [tmp_path], WordEmbedder(), Settings()),
    ):
        with pytest.raises(InputError, match="work is shared through a Milvus server"):
            call()


@pytest.mark.usefixtures("server")
def test_who_joins_a_free_place_syncs_as_usual(tmp_path, folder):
    (folder / "a.txt").write_text("One two.")
    report = joined(tmp_path / "home", [folder], WordEmbedder(), Settings())
    assert (report.added, report.embedded) == (1, 1)
    with open_store(tmp_path / "home") as store:
        assert [d.path for d in store.documents()] == [str(folder / "a.txt")]


@pytest.mark.usefixtures("server")
def test_who_finds_the_place_taken_works_until_it_may_be_free(tmp_path, folder, monkeypatch):
    happened = []
    errors = iter([IndexLockedError("taken"), LeaseLostError("held up"), None])

    def sync(_home, _paths, _embedder, settings, *, rebuild):
        happened.append(("sync", settings.lock_timeout_seconds, rebuild))
        if error := next(errors):
            raise error
        return "the report"

    monkeypatch.setattr(join, "sync", sync)
    monkeypatch.setattr(Worker, "run", lambda _, over: happened.append(over()))
    settings = Settings(lock_timeout_seconds=100)
    report = joined(tmp_path, [folder], WordEmbedder(), settings, rebuild=True)
    assert report == "the report"
    trial = ("sync", 0.0, True)
    assert happened == [trial, True, trial, True, trial]


def test_a_worker_stops_when_told_to_and_leaves_nothing(tmp_path, server):
    stop = threading.Event()
    thread = threading.Thread(
        target=lambda: work(tmp_path, WordEmbedder(), Settings(), stop=stop), daemon=True
    )
    thread.start()
    while not server.collections.get("ledger"):
        thread.join(0.01)
    (row,) = server.collections["ledger"].values()
    assert row["kind"] == "worker"
    stop.set()
    thread.join(20)
    assert not thread.is_alive()
    assert server.collections["ledger"] == {}
