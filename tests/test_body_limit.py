"""Requests that are too large, whatever they say of their size."""

import pytest
from fastapi import FastAPI, Request
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
