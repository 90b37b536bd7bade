"""Questions from the page: the stages, then the answer."""

import asyncio
import hashlib
import json
import re

import pytest
from fakes import WordEmbedder
from fastapi import FastAPI
from readers import WordReader
from starlette.testclient import TestClient

from index.errors import PinpointError
from index.settings import Settings
from index.sqlite_store import FILE_NAME
from qa.api import Pinpoint
from qa.conversation import Filters
from qa.conversations import Conversations
from ui import ask_routes
from ui.client import COOKIE
from ui.line import Line

TEXT = "Notes\n\nThe gate opens at nine sharp. It closes at dusk.\n"
TOKEN = "t" * 43
OWNER = hashlib.sha256(TOKEN.encode()).hexdigest()
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
def conversations(pinpoint):
    return Conversations(pinpoint.home)


@pytest.fixture
def client(pinpoint, conversations):
    app = FastAPI()
    ask_routes.add(app, pinpoint, conversations)
    with TestClient(app, cookies={COOKIE: TOKEN}) as made:
        yield made


def events(client, **asked):
    """Return what is told for a question, as pairs of event and data."""
    response = client.post("/page/ask", json=asked)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/event-stream")
    told = []
    for block in response.text.split("\n\n")[:-1]:
        event, data = block.split("\n")
        said = json.loads(data.removeprefix("data: "))
        if isinstance(said, dict):
            said["html"] = re.sub(r">\s*\n\s*<", "><", said["html"]).strip()
        told.append((event.removeprefix("event: "), said))
    return told


def shown(client, **asked):
    """Return the HTML of the answer."""
    event, told = events(client, **asked)[-1]
    assert event == "turn"
    assert set(told) == {"html", "conversation", "turn"}
    return told["html"]


def test_the_stages_come_before_the_answer(client):
    told = events(client, question="When does the gate open? It opens at nine sharp.")
    assert told[:-1] == STAGES
    assert told[-1][0] == "turn"
    assert told[-1][1]["html"].startswith(
        '<article class="turn"><h2 class="question" dir="auto">When does the gate open? It opens '
        'at nine sharp.</h2><div class="reply found"><blockquote dir="auto"><span class="quote">'
        "The gate opens at "
        "nine sharp.</span>"
    )


def test_no_answer_is_told(client):
    assert "<h3>Not in your documents</h3>" in shown(client, question="Who paints zebras?")


def test_dates_bound_the_documents(client):
    question = "The gate opens at"
    until = shown(client, question=question, until="2021-01-01")
    assert "The gate opens at noon." in until
    assert "nine sharp" not in until
    assert shown(client, question=question, since="x") == (
        '<article class="turn"><h2 class="question" dir="auto">The gate opens at</h2>'
        '<div class="reply failure" role="alert"><p>since &#39;x&#39; is not a date; write it'
        " as YYYY-MM-DD</p></div></article>"
    )


def test_an_error_is_told_in_its_own_words_and_a_blank_question_is_not_kept(client, pinpoint):
    html = (
        '<article class="turn"><div class="reply failure" role="alert">'
        "<p>the question is empty; ask something in a few words</p></div></article>"
    )
    told = {"html": html, "conversation": None, "turn": None}
    assert events(client, question=" ") == [("turn", told)]
    told["conversation"] = "as given"
    assert events(client, question="\n", conversation="as given") == [("turn", told)]
    assert not (pinpoint.home / "conversations.db").exists()


def test_a_question_is_kept_with_its_answer(client, pinpoint, conversations):
    asked = {"question": "The gate\r\nopens at", "until": "2021-01-01"}
    told = events(client, **asked)[-1][1]
    found = conversations.get(OWNER, told["conversation"])
    (turn,) = found.turns
    assert (turn.id, turn.asked, turn.question) == (told["turn"], *[asked["question"]] * 2)
    assert turn.answer == pinpoint.ask(**asked)
    assert (turn.error, turn.rating) == (None, 0)
    assert turn.filters == Filters(until="2021-01-01")
    assert told["html"].endswith('<span class="told" role="status"></span></div></article>')
    assert f'data-turn="{turn.id}"' in told["html"]


def test_a_conversation_goes_on(client, conversations):
    first = events(client, question="When does the gate open?")[-1][1]
    second = events(client, question="Zebras?", conversation=first["conversation"])[-1][1]
    third = events(client, question="New?")[-1][1]
    assert second["conversation"] == first["conversation"] != third["conversation"]
    turns = conversations.get(OWNER, first["conversation"]).turns
    assert [(turn.id, turn.asked) for turn in turns] == [
        (first["turn"], "When does the gate open?"),
        (second["turn"], "Zebras?"),
    ]


def test_a_follow_up_is_understood_from_its_conversation(client, conversations):
    first = events(client, question="When does the gate open?")[-1][1]
    told = events(client, question="And when does it close?", conversation=first["conversation"])
    written = "When does the gate close?"
    assert told[:-1] == [("understood", written), *STAGES]
    assert (
        '<h2 class="question" dir="auto">And when does it close?</h2><p class="understood">'
        f'Understood as <q dir="auto">{written}</q> <button type="button" data-edit>Edit</button>'
    ) in told[-1][1]["html"]
    kept = conversations.get(OWNER, first["conversation"]).turns[-1]
    assert (kept.asked, kept.question) == ("And when does it close?", written)
    assert kept.answer.question == written


def test_a_question_that_was_put_right_is_taken_as_typed(client):
    first = events(client, question="When does the gate open?")[-1][1]
    told = events(
        client,
        question="And when does it close?",
        conversation=first["conversation"],
        as_typed=True,
    )
    assert told[:-1] == STAGES
    assert "Understood as" not in told[-1][1]["html"]


def test_nothing_is_taken_from_another_owners_conversation(client, conversations, pinpoint):
    other = conversations.add_turn(
        "other", None, asked="gate", answer=pinpoint.ask("When does the gate open?")
    )
    told = events(client, question="When does it close?", conversation=other.conversation)
    assert told[:-1] == STAGES
    assert told[-1][1]["conversation"] != other.conversation


def test_an_error_is_kept_in_words(client, conversations):
    told = events(client, question="When?", since="x")[-1][1]
    (turn,) = conversations.get(OWNER, told["conversation"]).turns
    assert turn.error == "since 'x' is not a date; write it as YYYY-MM-DD"
    assert turn.answer is None
    assert "rating" not in told["html"]


@pytest.mark.parametrize("owner", [OWNER, "another"])
def test_what_was_deleted_or_is_another_persons_is_begun_anew(client, conversations, owner):
    gone = conversations.add_turn(owner, None, asked="Secret?", error="none")
    if owner == OWNER:
        conversations.delete(OWNER, gone.conversation)
    told = events(client, question="When?", conversation=gone.conversation)[-1][1]
    assert told["conversation"] != gone.conversation
    (turn,) = conversations.get(OWNER, told["conversation"]).turns
    assert turn.asked == "When?"


def test_a_new_browser_is_given_its_name_with_the_answer(client, conversations):
    client.cookies.clear()
    response = client.post("/page/ask", json={"question": "When?"})
    token = response.cookies[COOKIE]
    mine = hashlib.sha256(token.encode()).hexdigest()
    assert [found.title for found in conversations.list(mine)] == ["When?"]


def test_the_name_lasts_a_year_from_the_last_visit(client):
    for _ in range(2):
        given = client.post("/page/ask", json={"question": "When?"}).headers["set-cookie"]
        assert given == (f"{COOKIE}={TOKEN}; HttpOnly; Max-Age=31536000; Path=/; SameSite=strict")


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (PinpointError("x.db: the disk is <full>"), "x.db: the disk is &lt;full&gt;"),
        (RuntimeError("secret"), "Something went wrong; the terminal says what."),
    ],
)
def test_an_answer_that_cannot_be_kept_is_shown(client, conversations, monkeypatch, fault, told):
    first = events(client, question="First?")[-1][1]["conversation"]

    def fail(*_, **__):
        raise fault

    monkeypatch.setattr(conversations, "add_turn", fail)
    found = events(client, question="When does the gate open?", conversation=first)[-1][1]
    assert (found["conversation"], found["turn"]) == (first, None)
    assert "The gate opens at nine sharp." in found["html"]
    assert found["html"].endswith(
        '<p class="unkept" role="status">This answer was not kept among your conversations: '
        f"{told}</p></article>"
    )
    assert "rating" not in found["html"]


def test_a_fault_is_logged_and_not_shown(client, reader, caplog):
    reader.fault = RuntimeError("secret")
    told = events(client, question="When does the gate open?")
    assert told[:-1] == STAGES[:2]
    assert "<p>Something went wrong; the terminal says what.</p>" in told[-1][1]["html"]
    assert "secret" not in told[-1][1]["html"]
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
