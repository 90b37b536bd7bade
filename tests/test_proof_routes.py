"""Receipts and pins for the page."""

import hashlib

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from qa.conversation import Filters
from qa.conversations import Conversations
from qa.pin_file import PinFile
from qa.receipt_file import from_json
from ui import proof_routes
from ui.client import COOKIE

TOKEN = "t" * 43
OWNER = hashlib.sha256(TOKEN.encode()).hexdigest()
HOSTILE = "<img src=x onerror=alert(1)>"
QUOTE = f"The gate {HOSTILE} opens at nine."
TEXT = f"The harbour is old. {QUOTE} Bring a lamp."
ASKED = "When opens the gate at nine?"


@pytest.fixture
def gate(folder):
    made = folder / "gate.txt"
    made.write_text(TEXT)
    return made


@pytest.fixture
def kept(pinpoint, gate):
    pinpoint.sync(gate.parent)
    return Conversations(pinpoint.home)


@pytest.fixture
def turn(kept, pinpoint):
    narrowed = Filters(kinds=("text",))
    answer = pinpoint.ask(ASKED, **narrowed.model_dump())
    return kept.add_turn(
        OWNER, None, asked="And the gate?", question=ASKED, answer=answer, filters=narrowed
    )


@pytest.fixture
def client(kept, pinpoint):
    app = FastAPI()
    proof_routes.add(app, pinpoint, kept)
    with TestClient(app, cookies={COOKIE: TOKEN}) as made:
        yield made


@pytest.mark.parametrize(("form", "kind"), [("json", "application/json"), ("html", "text/html")])
def test_a_receipt_of_a_kept_answer(client, turn, form, kind):
    response = client.get(f"/page/turns/{turn.id}/receipt?format={form}")
    assert response.status_code == 200
    assert response.headers["content-type"].partition(";")[0] == kind
    assert response.headers["content-disposition"] == (
        f'attachment; filename="pinpoint-and-the-gate-receipt.{form}"'
    )
    assert response.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in response.headers["content-security-policy"]
    receipt = from_json(response.text, "r")
    assert (receipt.asked, receipt.answer.question) == ("And the gate?", ASKED)
    assert (receipt.created_at, receipt.filters.kinds) == (turn.created_at, ("text",))
    assert receipt.answer.citations == turn.answer.citations
    assert receipt.surroundings[0].before == "The harbour is old. "
    assert "<img" not in response.text or form == "json"


def test_a_receipt_of_an_answer_whose_document_has_changed(client, turn, gate, pinpoint):
    gate.write_text("All is new.")
    pinpoint.sync()
    response = client.get(f"/page/turns/{turn.id}/receipt?format=json")
    assert from_json(response.text, "r").surroundings == (None,)


def test_turns_without_an_answer_of_others_or_none(client, kept, turn):
    error = kept.add_turn(OWNER, turn.conversation, asked="?", error="no index")
    other = kept.add_turn("another", None, asked=ASKED, answer=turn.answer)
    for method, path in (("GET", "receipt?format=json"), ("POST", "pin")):
        found = client.request(method, f"/page/turns/{error.id}/{path}")
        assert (found.status_code, found.json()["detail"]) == (
            400,
            "this question has no answer, so there is no receipt of it",
        )
        for turn_id in (other.id, "none"):
            assert client.request(method, f"/page/turns/{turn_id}/{path}").status_code == 404
    assert client.get(f"/page/turns/{turn.id}/receipt?format=pdf").status_code == 422
    assert PinFile.of(kept.home).read() == ()


def test_nothing_is_pinned_at_first(client):
    assert client.get("/page/pins").text == (
        '<div class="line">\n  <h3>Pinned questions</h3>\n</div>\n'
        '<p class="none">Press “Pin” below an answer to learn when your documents say something '
        "else.</p>\n"
    )
    assert client.post("/page/pins/ask").text == client.get("/page/pins").text


def test_an_answer_is_pinned_and_unpinned(client, turn, kept):
    made = client.post(f"/page/turns/{turn.id}/pin").json()
    (pin,) = PinFile.of(kept.home).read()
    assert (made, pin.receipt.asked) == ({"id": pin.id}, "And the gate?")
    response = client.get("/page/pins")
    assert response.headers["cache-control"] == "no-store"
    assert f'<li data-pin-id="{pin.id}">' in response.text
    assert '<span class="state unchanged">unchanged</span>' in response.text
    assert "Accept" not in response.text
    assert client.delete(f"/page/pins/{pin.id}").status_code == 204
    assert PinFile.of(kept.home).read() == ()
    assert client.delete(f"/page/pins/{pin.id}").status_code == 400


def test_a_changed_answer_is_shown_escaped_and_accepted(client, turn, gate, pinpoint):
    pin = client.post(f"/page/turns/{turn.id}/pin").json()["id"]
    gate.write_text(TEXT.replace("nine", "nine or ten"))
    pinpoint.sync()
    looked = client.get("/page/pins").text
    assert '<p class="verdict" role="status">1 changed</p>' in looked
    assert "Accept" not in looked  # nothing new was asked for
    asked = client.post("/page/pins/ask").text
    escaped = "&lt;img src=x onerror=alert(1)&gt;"
    assert (
        f'<p class="diff" dir="auto">The gate {escaped} opens at nine<ins> or ten</ins>.</p>'
        in asked
    )
    assert f'<p class="path"><bdi>[1] changed: {gate}:20-' in asked
    assert "opens at nine<ins> or ten</ins>.</p>" in looked
    assert "<img" not in asked
    accepted = client.post(f"/page/pins/{pin}/accept").text
    assert '<span class="state unchanged">' in accepted
    assert client.post("/page/pins/none/accept").status_code == 400


def test_an_answer_that_is_gone_and_one_that_is_new(client, turn, kept, gate, pinpoint):
    client.post(f"/page/turns/{turn.id}/pin")
    zebras = "Who paints zebras?"
    none = kept.add_turn(OWNER, turn.conversation, asked=zebras, answer=pinpoint.ask(zebras))
    client.post(f"/page/turns/{none.id}/pin")
    gate.write_text("Ada paints zebras.")
    pinpoint.sync()
    asked = client.post("/page/pins/ask").text
    gone, new = asked.split("<li data-pin-id=")[1:]
    assert "<p>Not in your documents any more.</p>" in gone
    assert '<p class="diff" dir="auto"><ins>Ada paints zebras.</ins></p>' in new


def test_what_cannot_be_done_is_said(client, turn, kept):
    (kept.home / "pins.json").write_text("{")
    for method, path in (("GET", ""), ("POST", "/ask"), ("DELETE", "/x"), ("POST", "/x/accept")):
        found = client.request(method, f"/page/pins{path}")
        assert (found.status_code, "is no JSON" in found.json()["detail"]) == (500, True)
    assert client.post(f"/page/turns/{turn.id}/pin").status_code == 500
    (kept.home / "pins.json").unlink()
    client.post(f"/page/turns/{turn.id}/pin")
    (kept.home / "pinpoint.db").unlink()
    found = client.get("/page/pins")
    assert (found.status_code, "no index in" in found.json()["detail"]) == (404, True)
