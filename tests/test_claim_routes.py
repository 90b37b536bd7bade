"""A text from the page: each sentence's verdict as it is known, then the count."""

import asyncio
import json
import re

import pytest
from fakes import WordEmbedder
from fastapi import FastAPI
from readers import WordReader
from starlette.testclient import TestClient

from index.filter import EVERYTHING
from index.settings import Settings
from qa.api import Pinpoint
from qa.claim_sentences import read_text
from ui import claim_routes
from ui.line import Line

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def pinpoint(tmp_path, folder):
    (folder / "gate.md").write_text("# Harbour\n\nThe gate opens at nine.\n")
    made = Pinpoint(tmp_path / "home", Settings(), embedder=WordEmbedder(), reader=WordReader())
    made.sync(folder)
    return made


@pytest.fixture
def line():
    return Line()


@pytest.fixture
def client(pinpoint, line):
    app = FastAPI()
    claim_routes.add(app, pinpoint, line)
    with TestClient(app) as made:
        yield made


def events(client, **submitted):
    response = client.post("/page/claims", json=submitted)
    assert response.status_code == 200
    blocks = [block.split("\n") for block in response.text.split("\n\n")[:-1]]
    return [(e.removeprefix("event: "), json.loads(d.removeprefix("data: "))) for e, d in blocks]


def plain(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_each_sentence_then_the_count(client):
    told = events(client, text="The gate opens at ten. Hello! The gate opens at nine.")
    assert [event for event, _ in told] == ["sentences", "claim", "claim", "claim", "checked"]
    assert told[0][1] == 3
    assert told[-1][1] == "1 supported, 1 contradicted, 0 no support, 1 no claim"
    wrong, greeting, right = (html for event, html in told if event == "claim")
    assert plain(wrong).startswith(
        "✗ contradicted The gate opens at ten. nine in the document, ten in the text "
        "The gate opens at nine . &nbsp; 1 1 Harbour"
    )
    assert plain(greeting) == "· no claim Hello!"
    assert 'class="claim supported"' in right
    assert re.search(r'class="chip" href="/source/\w{64}\?start=11&amp;end=34#quote"', right)
    assert 'aria-label="Open source 2"' in right


def test_what_supports_nothing_is_folded(client):
    html = events(client, text="The gate was painted red.")[1][1]
    assert "not found: painted, red" in plain(html)
    assert html.index("<details>") < html.index("<blockquote")


def test_text_marks_up_nothing(client):
    html = events(client, text=f"The gate {HOSTILE} opens at nine.")[1][1]
    assert HOSTILE not in html
    assert "&lt;img" in html


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"text": " "}, 400, "the text holds no sentence; give a text to check"),
        ({"text": "It is so.", "since": "soon"}, 400, "since 'soon' is not a date"),
        ({"text": "It is so.", "kinds": ["odd"]}, 400, "kind 'odd' is unknown"),
        ({"text": "a" * 200_001}, 413, "the text has 200001 characters, the limit is 200000"),
        ({}, 422, "body.text: Field required"),
        ({"text": "It is so.", "odd": 1}, 422, "body.odd: Extra inputs are not permitted"),
    ],
)
def test_what_cannot_be_checked_is_told(client, body, status, words):
    response = client.post("/page/claims", json=body)
    assert response.status_code == status
    assert response.json()["detail"].startswith(words)


def test_an_error_ends_it_in_words(client, pinpoint):
    (pinpoint.home / "pinpoint.db").unlink()
    told = events(client, text="The gate opens at nine.")
    assert told[1][0] == "failed"
    assert "no index in" in told[1][1]


def test_a_fault_is_not_told_in_full(client, pinpoint, monkeypatch):
    def broken(*_):
        raise RuntimeError("secret")

    monkeypatch.setattr(pinpoint, "claim", broken)
    told = events(client, text="The gate opens at nine.")
    assert told[-1] == ("failed", "Something went wrong; the terminal says what.")


def test_questions_come_between_sentences(pinpoint):
    """Who stands in the line meanwhile is let in before the next sentence."""

    async def both():
        line, order = Line(), []
        app = FastAPI()
        claim_routes.add(app, pinpoint, line)
        check, stand = pinpoint.claim, asyncio.Event()
        loop = asyncio.get_running_loop()

        def noted(text, number, within):
            order.append(number)
            loop.call_soon_threadsafe(stand.set)
            return check(text, number, within)

        async def question():
            await stand.wait()
            with line.place() as ahead:
                async for _ in ahead:
                    pass
                order.append("question")

        pinpoint.claim = noted
        asked = asyncio.create_task(question())
        route = next(r for r in app.routes if getattr(r, "path", "") == "/page/claims")
        text = read_text("It is so. It is old. It is red.", pinpoint.settings)
        work = claim_routes.Work(text, EVERYTHING)
        async for _ in route.endpoint(work):
            await asyncio.sleep(0)
        await asked
        return order

    order = asyncio.run(both())
    assert order.index("question") < order.index(2)
