"""Whose conversations those of a request are."""

import hashlib

from doors import PASSWORD, bearer, with_token
from fastapi import FastAPI
from starlette.testclient import TestClient

from qa.conversations import Conversations
from ui import conversation_routes, front
from ui.access import Access
from ui.client import COOKIE


def owner(text):
    return hashlib.sha256(text.encode()).hexdigest()


def kept(conversations, owner_, question):
    turn = conversations.add_turn(owner_, None, asked=question, question=question, error="none")
    return turn.conversation


def test_conversations_are_a_persons_in_every_browser_and_nobody_elses(pinpoint):
    conversations = Conversations(pinpoint.home)
    app = FastAPI()
    front.add(app, pinpoint, front.Front())
    conversation_routes.add(app, pinpoint, conversations)
    of_browser = kept(conversations, owner("t" * 43), "Of a browser?")
    of_ada = kept(conversations, owner("person ada"), "Of Ada?")

    with TestClient(app, cookies={COOKIE: "t" * 43}, follow_redirects=False) as client:
        assert "Of a browser?" in client.get("/page/conversations").text
        Access(pinpoint.home).add("ada", "ask", "password", PASSWORD)
        zoe = bearer(with_token(pinpoint.home, "zoe", "manage"))
        client.post("/login", data={"name": "ada", "password": PASSWORD})
        shown = client.get("/page/conversations").text
        assert "Of Ada?" in shown
        assert "Of a browser?" not in shown
        assert client.get(f"/page/conversations/{of_browser}").status_code == 404

    with TestClient(app, headers=zoe) as client:
        response = client.get("/page/conversations")
        assert "Of Ada?" not in response.text
        assert "set-cookie" not in response.headers
        assert client.get(f"/page/conversations/{of_ada}").status_code == 404
        assert client.delete(f"/page/conversations/{of_ada}").status_code == 404
        assert client.get(f"/page/conversations/{of_ada}/export?format=json").status_code == 404
