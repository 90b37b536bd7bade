"""A line for each request, in which nothing stands that somebody said."""

import io
import json
import logging
import re
import sys

import pytest
from doors import PASSWORD, bearer, fronted, with_token
from starlette.testclient import TestClient

from qa.conversations import Conversations
from ui import ask_routes, logs
from ui.access import Access
from ui.keys import COOKIE


@pytest.fixture
def lines(monkeypatch):
    """Return the objects that were written."""
    root = logging.getLogger()
    before = (root.handlers, root.level)
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    logs.write("json")
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers, root.level = before
    logging.getLogger("ui.request_log").setLevel(logging.NOTSET)


def brief(line):
    return tuple(line[name] for name in ("method", "route", "status", "role"))


def test_a_request_is_told_by_its_route(pinpoint, lines):
    with TestClient(fronted(pinpoint)) as client:
        response = client.get("/secret/path?secret=query")
        client.get("/ui/page.js")
    first, second = lines()
    assert brief(first) == ("GET", "/{path:path}", 200, "manage")
    assert first["id"] == response.headers["x-request-id"]
    assert re.fullmatch("[0-9a-f]{16}", first["id"])
    assert isinstance(first["ms"], int)
    assert second["id"] != first["id"]
    assert brief(second)[3] == "none"


def test_what_matches_no_route_is_told_without_its_address(pinpoint, lines):
    with TestClient(fronted(pinpoint)) as client:
        client.request("BREW", "/secret")
        token = with_token(pinpoint.home, "ada", "ask")
        client.get("/secret")
        client.post("/secret", headers=bearer(token))
        client.get("/assets/secret.js")
    assert [brief(line) for line in lines()] == [
        ("other", "/{path:path}", 405, "manage"),
        ("GET", "other", 401, "none"),
        ("POST", "other", 403, "ask"),
        ("GET", "/assets/...", 401, "none"),
    ]


@pytest.mark.parametrize("given", ["0123abcd", "a-b_C" * 10, "x" * 64])
def test_a_plain_id_is_kept(pinpoint, lines, given):
    with TestClient(fronted(pinpoint)) as client:
        response = client.get("/", headers={"X-Request-ID": given})
    assert response.headers["x-request-id"] == given
    assert lines()[0]["id"] == given


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "a b c d e f", 'a"},{"b":"', "é" * 9])
def test_another_id_is_not(pinpoint, lines, given):
    with TestClient(fronted(pinpoint)) as client:
        response = client.get("/", headers={"X-Request-ID": given.encode()})
    assert re.fullmatch("[0-9a-f]{16}", response.headers["x-request-id"])
    assert lines()[0]["id"] == response.headers["x-request-id"]


def test_a_request_that_fails_is_told(pinpoint, lines):
    app = fronted(pinpoint)

    @app.middleware("http")
    async def fail(*_):
        raise ValueError("SECRET")

    app.user_middleware.append(app.user_middleware.pop(0))  # innermost
    with TestClient(app, raise_server_exceptions=False) as client:
        assert client.get("/").status_code == 500
    assert brief(lines()[0]) == ("GET", "other", 500, "manage")


def test_no_secret_and_no_word_of_anybody_is_written(pinpoint, folder, lines, monkeypatch):
    """A marked word stands in each place that a request has."""
    (folder / "a.txt").write_text("The MARKdocument opens at nine.")
    pinpoint.sync(folder)
    Access(pinpoint.home).add("MARKname", "manage", "password", f"MARK {PASSWORD}")
    token = with_token(pinpoint.home, "script", "ask")
    monkeypatch.setattr(
        pinpoint, "ask", lambda question, **_: (_ for _ in ()).throw(ValueError(question))
    )
    conversations = Conversations(pinpoint.home)
    app = fronted(pinpoint, add=lambda app: ask_routes.add(app, pinpoint, conversations))
    with TestClient(app, follow_redirects=False) as client:
        sent = {"name": "MARKname", "password": f"MARK {PASSWORD}", "next": "/MARK"}
        assert client.post("/login", data=sent).status_code == 303
        client.post("/login", data=sent | {"password": "MARKwrong"})
        client.get("/MARKpath?MARK=MARK", headers={"Referer": "http://MARK", "User-Agent": "MARK"})
        client.get("/", headers={"X-Request-ID": "MARK MARK"})
        asked = client.post("/page/ask", json={"question": "What is MARKdocument?"})
        assert "Something went wrong" in asked.text
        client.post("/page/ask", json={"MARK": "MARK"})
        client.get("/", headers=bearer(f"MARK{token}"))
        client.get("/", headers=bearer(token))
        session = client.cookies[COOKIE]
    written = json.dumps(lines())
    assert "a question could not be answered" in written
    assert "builtins.ValueError" in written
    for secret in ("MARK", token, session, PASSWORD):
        assert secret not in written
