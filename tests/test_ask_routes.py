"""Questions from the page: the stages, then the answer."""

import asyncio
import json

import pytest
from fakes import WordEmbedder
from fastapi import FastAPI
from readers import WordReader
from starlette.testclient import TestClient

from index.settings import Settings
from index.store import FILE_NAME
from qa.api import Pinpoint
from ui import ask_routes
from ui.line import Line

TEXT = "Notes\n\nThe gate opens at nine sharp. It closes at dusk.\n"
STAGES = [("stage", "searching"), ("stage", "reading"), ("stage", "checking quotes")]


@pytest.fixture
def reader():
    return WordReader()


@pytest.fixture
def pinpoint(tmp_path, folder, reader):
    (folder / "gate.txt").write_text(TEXT)
    (folder / "old.md").write_text("---\ndate: 2020-01-01\n---\nThe gate opens at noon.\n")
    made = Pinpoint(tmp_path / "home", Settings(), embedder=WordEmbedder(), reader=reader)
    made.sync(folder)
    return made


@pytest.fixture
def client(pinpoint):
    app = FastAPI()
    ask_routes.add(app, pinpoint)
    with TestClient(app) as made:
        yield made


def events(client, **asked):
    """Return what is told for a question, as pairs of event and data."""
    response = client.post("/page/ask", json=asked)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/event-stream")
    told = []
    for block in response.text.split("\n\n")[:-1]:
        event, data = block.split("\n")
        told.append((event.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return told


def test_the_stages_come_before_the_answer(client):
    told = events(client, question="When does the gate open? It opens at nine sharp.")
    assert told[:-1] == STAGES
    event, html = told[-1]
    assert event == "turn"
    assert html.startswith(
        '<article class="turn"><p class="question">When does the gate open? It opens at nine sharp.'
        '</p><div class="reply found"><blockquote dir="auto"><span class="quote">The gate opens at '
        "nine sharp.</span>"
    )


def test_no_answer_is_told(client):
    assert "<h3>Not in your documents</h3>" in events(client, question="Who paints zebras?")[-1][1]


def test_dates_bound_the_documents(client):
    question = "The gate opens at"
    until = events(client, question=question, until="2021-01-01")[-1][1]
    assert "The gate opens at noon." in until
    assert "nine sharp" not in until
    assert events(client, question=question, since="x") == [
        (
            "turn",
            '<article class="turn"><p class="question">The gate opens at</p>'
            '<div class="reply failure" role="alert"><p>since &#x27;x&#x27; is not a date; write it'
            " as YYYY-MM-DD</p></div></article>",
        )
    ]


def test_an_error_is_told_in_its_own_words(client):
    assert events(client, question=" ") == [
        (
            "turn",
            '<article class="turn"><div class="reply failure" role="alert">'
            "<p>the question is empty; ask something in a few words</p></div></article>",
        )
    ]


def test_a_fault_is_logged_and_not_shown(client, reader, caplog):
    reader.fault = RuntimeError("secret")
    told = events(client, question="When does the gate open?")
    assert told[:-1] == STAGES[:2]
    assert "<p>Something went wrong; the terminal says what.</p>" in told[-1][1]
    assert "secret" not in told[-1][1]
    assert "RuntimeError: secret" in caplog.text


@pytest.mark.parametrize("body", [{}, {"question": 1}, {"question": "Who?", "more": 1}])
def test_what_is_no_question_is_refused(client, body):
    assert client.post("/page/ask", json=body).status_code == 422


def test_documents_are_counted(client, pinpoint, folder):
    assert client.get("/page/counted").json() == "2 documents indexed"
    (folder / "old.md").unlink()
    pinpoint.sync()
    assert client.get("/page/counted").json() == "1 document indexed"
    (pinpoint.home / FILE_NAME).write_bytes(b"no database" * 99)
    assert str(pinpoint.home) in client.get("/page/counted").json()
    (pinpoint.home / FILE_NAME).unlink()
    assert client.get("/page/counted").json() == "No documents yet"


def test_a_line_lets_one_in_at_a_time_in_order():
    """The second leaves before its turn; the third, who saw it ahead, comes after the first."""
    told = []

    async def stand(line, name, done, gives_up=False):
        with line.place() as ahead:
            async for count in ahead:
                told.append((name, count))
                if gives_up:
                    await asyncio.sleep(0)
                    return
            told.append((name, 0))
            await done.wait()

    async def run():
        line, done = Line(), asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for name, gives_up in (("a", False), ("b", True), ("c", False)):
                group.create_task(stand(line, name, done, gives_up))
            for _ in range(5):
                await asyncio.sleep(0)
            done.set()

    asyncio.run(run())
    assert told == [("a", 0), ("b", 1), ("c", 2), ("c", 1), ("c", 0)]
