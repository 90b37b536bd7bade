"""Conversations over HTTP."""

import sqlite3
from contextlib import closing

import pytest
from rest_client import refused, rest_client
from starlette.testclient import TestClient

from qa.conversation_database import FILE_NAME
from qa.conversations import Conversations
from ui.client import COOKIE


@pytest.fixture
def client(pinpoint, folder):
    (folder / "gate.md").write_text("# Gate\n\nThe gate opens at nine.\n\nThe gate is green.\n")
    pinpoint.sync(folder)
    with rest_client(pinpoint, cookies={COOKIE: "t" * 43}) as made:
        yield made


def begin(client, question="When does the gate open?", **bounds):
    begun = client.post("/api/v1/conversations", json={"question": question, **bounds})
    assert begun.status_code == 201
    return begun.json()


def test_a_conversation_is_begun_and_goes_on(client, pinpoint):
    first = begin(client, kinds=["markdown"])
    assert first["answer"] == pinpoint.ask("When does the gate open?").model_dump(mode="json")
    assert first["filters"]["kinds"] == ["markdown"]
    address = f"/api/v1/conversations/{first['conversation']}"
    second = client.post(f"{address}/turns", json={"question": "What colour is it?"})
    assert second.status_code == 201
    turn = second.json()
    assert (turn["asked"], turn["question"]) == ("What colour is it?", "What colour is the gate?")
    whole = client.get(address).json()
    assert whole["turns"] == [first, turn]
    assert whole["title"] == "When does the gate open?"


def test_kept_quotes_are_compared_with_their_documents_again(client, pinpoint):
    address = f"/api/v1/conversations/{begin(client)['conversation']}"
    with closing(sqlite3.connect(pinpoint.home / FILE_NAME)) as db, db:
        db.execute("UPDATE turns SET answer = replace(answer, 'at nine', 'at five')")
    for at in (address, f"{address}/export", f"{address}/export?format=markdown"):
        text = client.get(at).text
        assert "at five" not in text
        assert "A quote kept here is not what its document says" in text


def test_an_answer_is_rated(client, pinpoint):
    first = begin(client)
    address = f"/api/v1/conversations/{first['conversation']}"
    at = f"/api/v1/turns/{first['id']}/rating"
    assert client.put(at, json={"rating": -1}).status_code == 204
    assert [turn["rating"] for turn in client.get(address).json()["turns"]] == [-1]
    assert [turn.id for turn in Conversations(pinpoint.home).rated()] == [first["id"]]
    assert client.put(at, json={"rating": 0}).status_code == 204
    assert Conversations(pinpoint.home).rated() == ()
    for rating in (2, True, "1", None):
        refused(client.put(at, json={"rating": rating}), 422, "body.rating: ")
    with rest_client(pinpoint, cookies={COOKIE: "u" * 43}) as other:
        refused(other.put(at, json={"rating": 1}), 404, "there is no such conversation")
    assert Conversations(pinpoint.home).rated() == ()


def test_conversations_are_listed_and_searched(client):
    ids = [begin(client, question)["conversation"] for question in ("The gate?", "The wall?")]

    def listed(**asked):
        found = client.get("/api/v1/conversations", params=asked).json()["conversations"]
        return [summary["id"] for summary in found]

    assert listed() == ids[::-1]
    assert listed(search="wall") == [ids[1]]
    assert listed(offset=1) == listed(limit=1, offset=1) == [ids[0]]
    refused(client.get("/api/v1/conversations?limit=0"), 422, "query.limit: ")


def test_a_conversation_is_renamed_exported_and_deleted(client):
    address = f"/api/v1/conversations/{begin(client)['conversation']}"
    renamed = client.patch(address, json={"title": " The  gate "})
    assert (renamed.json()["title"], "turns" in renamed.json()) == ("The gate", False)
    refused(client.patch(address, json={"title": " "}), 400, "the title is empty")
    refused(client.patch(address, json={"title": "x" * 81}), 422, "body.title: ")
    assert client.get(f"{address}/export").json() == client.get(address).json()
    markdown = client.get(f"{address}/export?format=markdown")
    assert markdown.headers["content-type"] == "text/markdown; charset=utf-8"
    assert markdown.headers["content-disposition"] == 'attachment; filename="pinpoint-the-gate.md"'
    assert markdown.text.startswith("# The gate\n")
    assert "<title>The gate" in client.get(f"{address}/export?format=html").text
    refused(client.get(f"{address}/export?format=pdf"), 422, "query.format: ")
    assert client.delete(address).status_code == 204
    refused(client.get(address), 404, "there is no such conversation")
    refused(client.delete(address), 404, "there is no such conversation")


def test_what_cannot_be_asked_is_not_kept(client, pinpoint):
    refused(client.post("/api/v1/conversations", json={"question": " "}), 400, "the question is")
    assert not (pinpoint.home / "conversations.db").exists()
    missing = client.post(f"/api/v1/conversations/{'x' * 22}/turns", json={"question": "Gate?"})
    refused(missing, 404, "there is no such conversation")


def test_each_client_sees_its_own(client):
    conversation = begin(client)["conversation"]
    with TestClient(client.app, "http://127.0.0.1") as other:
        address = f"/api/v1/conversations/{conversation}"
        refused(other.get(address), 404, "there is no such conversation")
        refused(other.post(f"{address}/turns", json={"question": "Gate?"}), 404, "there is no such")
        own = begin(other)["conversation"]
        assert [c["id"] for c in other.get("/api/v1/conversations").json()["conversations"]] == [
            own
        ]
