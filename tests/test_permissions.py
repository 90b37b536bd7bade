"""Every route that changes something is in a table, and the tables have their meaning."""

import asyncio

import pytest
from starlette.routing import Mount

from ui.page_paths import Needed
from ui.permissions import ASKING, MANAGING, OPEN, QUESTIONS, UPLOADS, may, need
from ui.rest.app import Addresses
from ui.web import build_app

ELSEWHERE = ("/mcp", "/gradio_api/")
"""Rows for what the libraries answer by themselves."""


def routes(router):
    """Yield the method and path of all routes."""
    for route in router.routes:
        inner = getattr(route, "original_router", None) or getattr(route, "router", None)
        if isinstance(route, Mount):
            assert isinstance(route.app, Needed) or route.path == "/ui", route.path
        elif inner is not None:
            yield from routes(inner)
        elif isinstance(route, Addresses):
            described = route.app.openapi()["paths"].items()
            yield from ((method.upper(), path) for path, methods in described for method in methods)
        elif route.path != "/mcp":
            yield from ((method, route.path) for method in route.methods)


@pytest.fixture
def found(pinpoint):
    async def build():
        return build_app(pinpoint)

    return set(routes(asyncio.run(build())))


def test_the_routes_are_seen(found):
    assert ("POST", "/page/ask") in found
    assert ("GET", "/original/{sha256}") in found
    assert ("POST", "/api/v1/ask") in found
    assert ("GET", "/source/{sha256}/page/{number}.png") in found


def test_every_route_that_writes_is_in_one_table(found):
    writing = {(method, path) for method, path in found if method not in {"GET", "HEAD"}}
    tables = (OPEN, ASKING, MANAGING)
    assert {row: sum(row in table for table in tables) for row in writing} == dict.fromkeys(
        writing, 1
    )


def test_every_row_is_a_route(found):
    rows = {*ASKING, *MANAGING, *QUESTIONS, *UPLOADS}
    assert {row for row in rows if not row[1].startswith(ELSEWHERE)} - found == set()


@pytest.mark.parametrize(
    ("method", "path", "needed"),
    [
        ("GET", "/login", "nothing"),
        ("HEAD", "/login", "nothing"),
        ("POST", "/login", "nothing"),
        ("GET", "/ui/login.css", "nothing"),
        ("GET", "/health", "nothing"),
        ("GET", "/", "ask"),
        ("GET", "/page/documents", "ask"),
        ("GET", "/original/0", "ask"),
        ("POST", "/page/ask", "ask"),
        ("DELETE", "/page/conversations/1", "ask"),
        ("POST", "/page/documents/upload", "manage"),
        ("DELETE", "/api/v1/documents", "manage"),
        ("POST", "/api/v1/conversations/1/turns", "ask"),
        ("POST", "/login/", "manage"),
        ("POST", "/unheard/of", "manage"),
        ("OPTIONS", "/page/ask", "manage"),
        ("BREW", "/", "manage"),
    ],
)
def test_what_a_request_needs(method, path, needed):
    assert need(method, path) == needed


def test_who_manages_may_ask_and_not_the_other_way_round():
    roles = [(role, needed) for role in ("ask", "manage") for needed in ("ask", "manage")]
    assert [may(*pair) for pair in roles] == [True, False, True, True]
