"""What those who ask over HTTP see while the disk is full, slow or held by somebody else."""

import sqlite3
import threading
import time
from contextlib import closing

import pytest
from doors import fronted
from fakes import TermReader, WordEmbedder
from faults import fill, small_disk
from starlette.testclient import TestClient

from index.database import FILE_NAME
from index.settings import Settings
from index.store import text_sha256
from qa import conversation_database
from qa.api import Pinpoint
from qa.conversations import Conversations
from ui import original_routes, proof_routes, source_routes
from ui.asker import Asker
from ui.job import Job
from ui.rest import app as rest

OLD, NEW = "Mara keeps the lamp.", "Zoe keeps the gate."


def served(home):
    made = Pinpoint(home, Settings(), embedder=WordEmbedder(), reader=TermReader())
    kept, job = Conversations(home), Job(made)

    def add(app):
        rest.add(app, made, Asker(made, job), job, kept)
        proof_routes.add(app, made, kept)
        source_routes.add(app, made)
        original_routes.add(app, made)

    return TestClient(fronted(made, add=add))


def asked(client, question):
    response = client.post("/api/v1/ask", json={"question": question})
    assert response.status_code == 200
    return [citation["quote"] for citation in response.json()["citations"]]


def synced(client):
    assert client.post("/api/v1/sync", json={}).status_code == 202
    while (job := client.get("/api/v1/jobs/current").json()["job"])["finished"] is None:
        time.sleep(0.01)
    return job


def conversation(client):
    return client.post("/api/v1/conversations", json={"question": "Who keeps the lamp?"})


def upload(client):
    return client.post(
        "/api/v1/documents", files={"files": ("boat.txt", b"The boat is red. " * 5000)}
    )


def test_a_full_disk_is_told_and_the_last_generation_answers(tmp_path, folder):
    (folder / "old.txt").write_text(OLD)
    with small_disk(tmp_path / "disk", 4096) as disk, served(disk / "home") as client:
        Pinpoint(disk / "home", Settings(), embedder=WordEmbedder()).sync(folder)
        assert conversation(client).status_code == 201
        filler = fill(disk, 0)
        (folder / "new.txt").write_text(NEW)
        for number in range(40):
            (folder / f"{number}.txt").write_text(f"Boat {number} is red. " * 40)
        assert "the disk is full; free some space" in synced(client)["error"]
        assert asked(client, "Who keeps the lamp?") == [OLD]
        assert asked(client, "Who keeps the gate?") == []
        for refused in (upload(client), conversation(client)):
            assert refused.status_code == 507
            assert refused.headers["content-type"] == "application/problem+json"
        assert client.get("/api/v1/conversations").status_code == 200
        filler.unlink()
        assert synced(client)["report"]["added"] == 41
        assert asked(client, "Who keeps the gate?") == [NEW]
        assert asked(client, "Who keeps the lamp?") == [OLD]
        assert conversation(client).status_code == 201
        assert upload(client).status_code == 202


@pytest.fixture
def slow_disk(monkeypatch):
    """Every statement of SQLite waits a moment."""
    connect = sqlite3.connect

    class Slow(sqlite3.Connection):
        def execute(self, *arguments):
            time.sleep(0.003)
            return super().execute(*arguments)

    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: connect(*a, factory=Slow, **k))


@pytest.mark.usefixtures("slow_disk")
def test_on_a_slow_disk_questions_are_answered_from_one_generation(tmp_path, folder):
    note = folder / "note.txt"
    note.write_text("Lamp 1 is red.")
    home, ended, answers = tmp_path / "home", threading.Event(), []
    with served(home) as client:
        Pinpoint(home, Settings(), embedder=WordEmbedder()).sync(folder)

        def asking():
            while not ended.is_set():
                answers.append(asked(client, "Which lamp is red?"))

        threads = [threading.Thread(target=asking) for _ in range(3)]
        for thread in threads:
            thread.start()
        for number in (2, 3):
            note.write_text(f"Lamp {number} is red.")
            assert synced(client)["error"] is None
        ended.set()
        for thread in threads:
            thread.join()
        assert asked(client, "Which lamp is red?") == ["Lamp 3 is red."]
    assert {quote for quotes in answers for quote in quotes} <= {
        f"Lamp {n} is red." for n in (1, 2, 3)
    }
    assert all(len(quotes) == 1 for quotes in answers)


def test_who_cannot_read_for_long_is_told_to_try_again(tmp_path, folder, monkeypatch):
    (folder / "old.txt").write_text(OLD)
    home, sha256 = tmp_path / "home", text_sha256(OLD)
    monkeypatch.setattr("index.sqlite_store._READ_TIMEOUT_SECONDS", 0.0)
    monkeypatch.setattr(conversation_database, "TIMEOUT_SECONDS", 0.0)
    with served(home) as client:
        Pinpoint(home, Settings(), embedder=WordEmbedder()).sync(folder)
        assert conversation(client).status_code == 201

        def refused(response):
            assert response.status_code == 503
            assert response.headers["retry-after"] == "5"

        with closing(sqlite3.connect(home / conversation_database.FILE_NAME)) as db:
            db.execute("BEGIN EXCLUSIVE")
            refused(conversation(client))
            refused(client.get("/api/v1/conversations"))
        with closing(sqlite3.connect(home / FILE_NAME)) as db:
            db.execute("BEGIN EXCLUSIVE")
            refused(client.post("/api/v1/ask", json={"question": "Who keeps the lamp?"}))
            refused(client.get(f"/api/v1/documents/{sha256}/text"))
            refused(client.get(f"/source/{sha256}"))
            refused(client.get(f"/source/{sha256}/text"))
            refused(client.get(f"/original/{sha256}"))
        assert asked(client, "Who keeps the lamp?") == [OLD]
