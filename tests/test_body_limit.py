"""Requests that are too large, whatever they say of their size."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from fastapi import FastAPI, Request
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from index.settings import Settings
from ui.body_limit import BodyLimit

LIMITS = Settings(max_request_bytes=1000, max_upload_bytes=5000)


@pytest.fixture
def client():
    app = FastAPI()
    app.add_middleware(BodyLimit, settings=LIMITS)

    @app.post("/{path:path}")
    async def length(request: Request) -> int:
        return len(await request.body())

    @app.put("/json")
    async def parsed(numbers: list[int]) -> int:
        return sum(numbers)

    with TestClient(app) as made:
        yield made


def pieces(size):
    """A body that is sent without its length."""
    for _ in range(size // 100):
        yield b"x" * 100


def refused(response, most):
    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["connection"] == "close"
    assert response.json()["detail"] == (
        f"the request is larger than {most} bytes; send less at once"
    )


def test_what_is_just_small_enough_passes(client):
    assert client.post("/page/ask", content=b"x" * 1000).json() == 1000
    assert client.post("/page/ask", content=pieces(1000)).json() == 1000
    assert client.post("/page/documents/upload", content=pieces(5000)).json() == 5000


def test_a_length_that_is_too_large_is_refused_at_once(client):
    refused(client.post("/page/ask", content=b"x" * 1001), 1000)
    refused(client.post("/page/documents/upload", content=b"x" * 5001), 5000)
    refused(client.post("/elsewhere", headers={"Content-Length": "9" * 30}, content=b""), 1000)


def test_a_body_that_grows_too_large_is_refused(client):
    refused(client.post("/page/ask", content=pieces(1100)), 1000)
    refused(client.post("/page/documents/upload", content=pieces(5100)), 5000)
    refused(client.put("/json", content=pieces(1100)), 1000)


def test_a_length_that_is_a_lie_helps_nobody(client):
    response = client.post("/page/ask", headers={"Content-Length": "1"}, content=pieces(1100))
    refused(response, 1000)
    for told in ("-1", "x", "1e9", "٣"):
        headers = {"Content-Length": told.encode()}
        assert client.post("/page/ask", headers=headers, content=pieces(1000)).json() == 1000


@pytest.mark.parametrize(
    ("path", "headers"),
    [("/a", {"X-Long": "x" * 32_768}), (f"/{'x' * 32_768}", {}), (f"/a?{'x' * 32_768}", {})],
)
def test_long_addresses_and_headers_are_refused(client, path, headers):
    response = client.post(path, headers=headers)
    assert response.status_code == 431
    assert response.json()["detail"] == (
        "the address and headers are larger than 32768 bytes; shorten them"
    )


def test_an_address_and_headers_that_are_just_long_are_not(client):
    assert client.post(f"/a?{'x' * 16_000}", headers={"X-Long": "x" * 16_000}).status_code == 200


def sent_slowly(path, monkeypatch, pauses):
    """Send pieces after pauses, with a limit of a tenth of a second; return the messages."""
    monkeypatch.setattr("ui.body_limit._SECONDS", 0.1)
    sent, waits = [], list(pauses)

    async def length(scope, receive, send):
        body = await Request(scope, receive).body()
        await PlainTextResponse(str(len(body)))(scope, receive, send)

    async def receive():
        wait = waits.pop(0)
        await (asyncio.Event().wait() if wait is None else asyncio.sleep(wait))
        return {"type": "http.request", "body": b"x", "more_body": bool(waits)}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": path, "headers": [], "query_string": b""}
    asyncio.run(BodyLimit(length, settings=LIMITS)(scope, receive, send))
    return sent[0]["status"], sent[1]["body"]


@pytest.mark.parametrize("path", ["/page/ask", "/page/documents/upload"])
def test_a_body_that_does_not_come_is_not_waited_for(monkeypatch, path):
    status, body = sent_slowly(path, monkeypatch, [0, None])
    assert status == 408
    assert b"the request was not whole after 0 seconds; send it faster" in body


def test_what_comes_slowly_has_to_be_whole_in_time_if_it_is_no_upload(monkeypatch):
    assert sent_slowly("/page/ask", monkeypatch, [0.03] * 30)[0] == 408
    ends = []
    monkeypatch.setattr(asyncio, "timeout_at", lambda end: ends.append(end) or AsyncExitStack())
    assert sent_slowly("/page/documents/upload", monkeypatch, [0.01] * 4) == (200, b"4")
    assert sorted(set(ends)) == ends  # each piece has its own time
