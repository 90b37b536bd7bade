"""What holds for all of the interface: its addresses, its description, its errors."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import FastAPI
from rest_client import PROBLEM, refused, rest_client
from starlette.testclient import TestClient

from ui.web import build_app


@pytest.fixture
def client(pinpoint):
    with rest_client(pinpoint, raise_server_exceptions=False) as made:
        yield made


def test_only_the_interface_is_described(client):
    described = client.get("/api/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert set(described["paths"]) == {
        "/api/v1/ask",
        "/api/v1/ask/stream",
        "/api/v1/claims",
        "/api/v1/conversations",
        "/api/v1/conversations/{conversation_id}",
        "/api/v1/conversations/{conversation_id}/export",
        "/api/v1/conversations/{conversation_id}/turns",
        "/api/v1/documents",
        "/api/v1/documents/{sha256}",
        "/api/v1/documents/{sha256}/place",
        "/api/v1/documents/{sha256}/text",
        "/api/v1/folders",
        "/api/v1/jobs/current",
        "/api/v1/jobs/current/cancel",
        "/api/v1/pins",
        "/api/v1/pins/all/check",
        "/api/v1/pins/{pin_id}",
        "/api/v1/receipts",
        "/api/v1/receipts/verify",
        "/api/v1/search",
        "/api/v1/sync",
        "/api/v1/turns/{turn_id}/rating",
        "/health",
        "/metrics",
        "/ready",
    }
    named = [
        about["operationId"] for ways in described["paths"].values() for about in ways.values()
    ]
    assert len(named) == len(set(named)) == 31
    assert "HTTPValidationError" not in described["components"]["schemas"]


def test_every_refusal_is_described_as_a_problem(client):
    described = client.get("/api/openapi.json").json()
    for ways in described["paths"].values():
        for about in ways.values():
            refusals = {k: v for k, v in about["responses"].items() if not k.startswith("2")}
            assert {"422", "500"} <= refusals.keys()
            assert all(list(v["content"]) == [PROBLEM] for v in refusals.values())


def test_an_overview_loads_nothing_from_elsewhere(client):
    html = client.get("/api/").text
    assert "<code>POST /api/v1/ask</code></th><td>Ask a question</td>" in html
    assert "http" not in html.replace("over HTTP", "")
    assert "<script" not in html


def test_other_addresses_and_methods_are_problems(client):
    refused(client.get("/api/v1/nothing"), 404, "there is nothing at this address; see /api/")
    wrong = client.put("/api/v1/documents")
    refused(wrong, 405, "PUT is not taken here; send DELETE, GET, HEAD, POST")
    assert wrong.headers["allow"] == "DELETE, GET, HEAD, POST"
    assert client.post("/api/").headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize("address", ["/health", "/metrics", "/api/", "/api/v1/jobs/current"])
def test_the_head_of_what_can_be_got_can_be_asked_for(client, address):
    assert client.head(address).status_code == client.get(address).status_code == 200
    assert client.head("/api/v1/ask").status_code == 405


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", "/health"),
        ("GET", "/api/"),
        ("POST", "/api/v1/ask"),
        ("POST", "/api/v1/ask/stream"),
        ("GET", "/api/v1/documents"),
        ("POST", "/api/v1/documents"),
        ("DELETE", f"/api/v1/conversations/{'a' * 22}"),
    ],
)
def test_parameters_that_are_not_described_are_refused(client, method, address):
    refused(
        client.request(method, address, params={"foo": 1}, json={"question": "x"}),
        422,
        "query.foo: Extra inputs are not permitted",
    )


def test_the_first_requests_may_come_at_once(client, monkeypatch):
    describe, describing = FastAPI.openapi, threading.Lock()

    def described(app):
        assert describing.acquire(blocking=False)  # two at once break each other
        time.sleep(0.01)
        made = describe(app)
        describing.release()
        return made

    monkeypatch.setattr(FastAPI, "openapi", described)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: client.get("/health").status_code, range(8)))
    assert found == [200] * 8


def test_a_body_that_is_not_said_to_be_json_is_refused(client):
    refused(
        client.post("/api/v1/ask", data={"question": "x"}),
        422,
        "the body is not sent as JSON; send it with Content-Type: application/json",
    )


def test_a_fault_is_a_problem_without_its_words(client, pinpoint, monkeypatch):
    def fail(*_, **__):
        raise ValueError("secret")

    monkeypatch.setattr(pinpoint, "documents", fail)
    refused(client.get("/api/v1/documents"), 500, "Something went wrong; the terminal says what.")


def test_a_long_question_is_refused(client):
    asked = client.post("/api/v1/ask", json={"question": "x" * 100_001})
    refused(asked, 422, "body.question: String should have at most 100000 characters")


def test_many_faults_are_told_in_short(client):
    refusal = client.post("/api/v1/sync", json={f"no{n}": n for n in range(30)})
    assert refusal.json()["detail"].endswith("; and 20 more")


def test_the_interface_stands_beside_the_page(pinpoint):
    async def build():  # inside a loop; without one, Gradio opens several and closes none
        return build_app(pinpoint)

    with TestClient(asyncio.run(build()), "http://127.0.0.1") as client:
        assert client.get("/health").json() == {"status": "alive"}
        assert client.get("/api/openapi.json").json()["info"]["title"] == "Pinpoint"
        assert client.get("/page/filters").status_code == 200
        assert "gradio" in client.get("/").text
        foreign = client.post(
            "/api/v1/ask", json={"question": "x"}, headers={"Origin": "http://elsewhere"}
        )
        large = client.post("/api/v1/ask", content=b"x" * 4_000_001)
        refused(large, 413, "the request is larger than 4000000 bytes; send less at once")
        refused(foreign, 403, "Pages of other sites may not change anything here.")
        client.post("/page/ask", json={"question": "x"})
        assert 'pinpoint_questions_total{outcome="failed"} 1.0' in client.get("/metrics").text
