"""Health, readiness and figures over HTTP."""

import re

import pytest
from rest_client import refused, rest_client


@pytest.fixture
def client(pinpoint):
    with rest_client(pinpoint) as made:
        yield made


@pytest.fixture
def indexed(pinpoint, folder):
    (folder / "gate.md").write_text("# Gate\n\nThe gate opens at nine.\n")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    pinpoint.sync(folder)


def figures(client):
    """Return the figures that are no durations, by their names."""
    response = client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=")
    lines = [line for line in response.text.splitlines() if not line.startswith("#")]
    found = dict(line.rsplit(" ", 1) for line in lines)
    return {name: float(value) for name, value in found.items()}


def test_a_server_is_alive_without_an_index_but_not_ready(client):
    assert client.get("/health").json() == {"status": "alive"}
    refused(client.get("/ready"), 503, "no index in ")
    assert figures(client)["pinpoint_index_readable"] == 0
    assert "pinpoint_documents" not in figures(client)


@pytest.mark.usefixtures("indexed")
def test_a_server_with_an_index_is_ready(client):
    ready = client.get("/ready").json()
    assert (ready["status"], ready["index"]["documents"]) == ("ready", 1)
    assert ready["models_loaded"] is False
    client.post("/api/v1/ask", json={"question": "The gate?"})
    assert client.get("/ready").json()["models_loaded"] is True


@pytest.mark.usefixtures("indexed")
def test_questions_are_counted_by_what_became_of_them(client):
    for question in ("The gate opens at nine", "The gate opens", "Who paints zebras?", " "):
        client.post("/api/v1/ask", json={"question": question})
    client.post("/api/v1/ask/stream", json={"question": "The gate opens"})
    client.post("/api/v1/search", json={"question": "secret words"})
    client.post("/api/v1/search", json={"question": " "})
    found = figures(client)
    counted = {name: value for name, value in found.items() if "_total" in name}
    assert counted == {
        'pinpoint_questions_total{outcome="answered"}': 3,
        'pinpoint_questions_total{outcome="not in the documents"}': 1,
        'pinpoint_questions_total{outcome="refused"}': 1,
        'pinpoint_searches_total{outcome="answered"}': 1,
        'pinpoint_searches_total{outcome="refused"}': 1,
        "pinpoint_jobs_total": 0,
    }
    assert found['pinpoint_stage_seconds_count{stage="reading"}'] == 4
    assert found['pinpoint_stage_seconds_count{stage="checking quotes"}'] == 4
    names = ("index_readable", "documents", "passages", "documents_failed", "generation")
    assert [found[f"pinpoint_{name}"] for name in names] == [1, 1, 1, 1, 1]
    assert (found["pinpoint_questions_waiting"], found["pinpoint_job_running"]) == (0, 0)
    assert not re.search("gate|zebra|secret", client.get("/metrics").text)
