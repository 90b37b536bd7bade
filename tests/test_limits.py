"""Requests and questions that are too many."""

import asyncio

import pytest
from doors import bearer, with_token
from starlette.testclient import TestClient

from index.settings import Settings
from qa.api import Pinpoint
from ui.closing import Closing
from ui.limits import Limits
from ui.permissions import QUESTIONS
from ui.person import Person, with_person


async def receive():
    return {"type": "http.request", "body": b"", "more_body": False}


class Held:
    """An application that answers 200 once its gate is open."""

    def __init__(self):
        self.gate = asyncio.Event()
        self.inside = 0

    async def __call__(self, _scope, _receive, send):
        self.inside += 1
        await self.gate.wait()
        self.inside -= 1
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def held():
    return Held()


@pytest.fixture
def closing():
    return Closing()


@pytest.fixture
def ask(held, closing):
    """Send requests, `(method, path, client)` each, and return their statuses and waits."""

    def ask(*requests, **settings):
        limits = Limits(held, settings=Settings(**settings), closing=closing)

        async def send_one(method, path, client):
            told = []

            async def send(message):
                told.append(message)

            scope = {"type": "http", "method": method, "path": path, "client": (client, 1)}
            await limits(with_person(scope, None), receive, send)
            headers = dict(told[0]["headers"])
            return told[0]["status"], headers.get(b"retry-after", b"").decode()

        async def send_all():
            tasks = [asyncio.create_task(send_one(*request)) for request in requests]
            await asyncio.sleep(0.01)
            held.gate.set()
            return [await task for task in tasks], limits

        told, limits = asyncio.run(send_all())
        assert limits._asking == {}
        assert held.inside == 0
        return told

    return ask


ASK = ("POST", "/page/ask", "192.0.2.1")
OTHER = ("POST", "/page/ask", "192.0.2.2")
LOOK = ("GET", "/page/counted", "192.0.2.1")


def test_requests_of_a_client_are_counted_and_those_of_another_not(ask):
    told = ask(LOOK, LOOK, LOOK, OTHER, requests_per_minute=2)
    assert told == [(200, ""), (200, ""), (429, "30"), (200, "")]


def test_files_of_the_page_are_not_counted(ask):
    files = [("GET", f"/ui/{n}.js", "192.0.2.1") for n in range(5)]
    assert ask(*files, LOOK, requests_per_minute=1) == [(200, "")] * 6


def test_questions_in_a_minute_are_counted(ask):
    told = ask(ASK, ASK, ASK, LOOK, OTHER, questions_per_minute=2)
    assert told == [(200, ""), (200, ""), (429, "30"), (200, ""), (200, "")]


def test_questions_at_once_are_counted(ask):
    told = ask(ASK, ASK, ASK, LOOK, OTHER, questions_at_once=2)
    assert told == [(200, ""), (200, ""), (429, "5"), (200, ""), (200, "")]


def test_questions_of_all_are_counted(ask):
    told = ask(ASK, ASK, OTHER, LOOK, questions_waiting=2)
    assert told == [(200, ""), (200, ""), (503, "5"), (200, "")]


@pytest.mark.parametrize(("method", "path"), QUESTIONS)
def test_every_way_to_ask_is_counted(ask, method, path):
    told = ask(*[(method, path, "192.0.2.1")] * 2, questions_per_minute=1)
    assert [status for status, _ in told] == [200, 429]


def test_a_question_that_fails_gives_its_place_back(closing):
    async def fail(*_):
        raise ValueError("as it is")

    limits = Limits(fail, settings=Settings(questions_waiting=1), closing=closing)
    scope = {"type": "http", "method": "POST", "path": "/page/ask", "client": ("192.0.2.1", 1)}
    for _ in range(2):
        with pytest.raises(ValueError, match="as it is"):
            asyncio.run(limits(scope, receive, None))


def test_while_the_server_ends_nothing_new_is_taken_and_looks_are_answered(ask, closing):
    closing.begun = True
    put = ("PUT", "/page/turns/1/rating", "192.0.2.1")
    assert ask(ASK, LOOK, put) == [(503, "30"), (200, ""), (503, "30")]


def test_a_person_is_counted_by_name_wherever_they_are(held, closing):
    limits = Limits(held, settings=Settings(requests_per_minute=1), closing=closing)
    held.gate.set()
    statuses = []

    async def send(message):
        if "status" in message:
            statuses.append(message["status"])

    for name, address in (("ada", "192.0.2.1"), ("ada", "192.0.2.2"), ("zoe", "192.0.2.1")):
        scope = {"type": "http", "method": "GET", "path": "/", "client": (address, 1)}
        asyncio.run(limits(with_person(scope, Person(name, "ask")), receive, send))
    assert statuses == [200, 429, 200]


def test_the_refusal_says_why_and_when(tmp_path):
    from doors import fronted

    pinpoint = Pinpoint(tmp_path / "home", Settings(questions_per_minute=1))
    token = with_token(pinpoint.home, "ada", "ask")
    with TestClient(fronted(pinpoint)) as client:
        assert client.post("/page/ask", headers=bearer(token)).status_code == 200
        response = client.post("/page/ask", headers=bearer(token))
    seconds = response.headers["retry-after"]
    assert response.json() == {
        "title": "Too Many Requests",
        "status": 429,
        "detail": f"too many questions; try again in {seconds} seconds",
    }
    assert 0 < int(seconds) <= 60


def test_a_question_whose_sender_goes_gives_its_place_back(held, closing):
    limits = Limits(held, settings=Settings(), closing=closing)
    parts = [{"type": "http.request", "body": b"", "more_body": False}, {"type": "http.disconnect"}]

    async def leave():
        return parts.pop(0)

    async def read_and_wait(scope, receive, send):
        await receive()
        await held(scope, receive, send)

    limits._app = read_and_wait
    scope = {"type": "http", "method": "POST", "path": "/page/ask", "client": ("192.0.2.1", 1)}
    asyncio.run(asyncio.wait_for(limits(scope, leave, None), 30))
    assert (limits._asking, held.inside) == ({}, 1)  # it was never let out
