"""Phrasing on the command line and on the page, with a scripted model."""

import json
import re

import pytest
from chat_server import chat_server
from fakes import WordEmbedder
from fastapi import FastAPI
from readers import WordReader
from starlette.testclient import TestClient

from index.settings import Settings
from qa.api import Pinpoint
from qa.conversations import Conversations
from ui import ask_routes

QUESTION = "Do cats purr?"
KEY = "sk-never-to-be-seen"
HOSTILE = "<img src=x onerror=alert(1)>\x1b[31m"


@pytest.fixture
def server(monkeypatch):
    with chat_server() as script:
        monkeypatch.setenv("PINPOINT_PHRASE_URL", script.url)
        monkeypatch.setenv("PINPOINT_PHRASE_MODEL", "small")
        monkeypatch.setenv("PINPOINT_PHRASE_KEY", KEY)
        yield script


@pytest.fixture
def home(run, tmp_path, folder):
    (folder / "a.txt").write_text("Cats purr.")
    run("index", folder, "--home", tmp_path / "h")
    return tmp_path / "h"


def quotes(folder):
    return f"Cats purr. [1]\n\n[1] a\n    {folder / 'a.txt'}:0-10\n\nconfidence 100%\n"


def test_the_quotes_come_first(run, home, folder, server):
    server.says(f"Cats purr [1]. Cats bark {HOSTILE}.")
    status, out, err = run("ask", QUESTION, "--phrase", "--home", home)
    host = server.url.removeprefix("http://").removesuffix("/v1")
    assert (status, err) == (0, "")
    assert out.startswith(
        f"{quotes(folder)}\n"
        f"Written by small at {host} from these quotes and checked; 1 sentence dropped\n\n"
        "Cats purr. [1]\n\n"
        "Dropped:\n"
        "    “Cats bark <img src=x onerror=alert(1)>\N{REPLACEMENT CHARACTER}[31m.”: no quote that "
        "it may rest on has: "
    )
    assert "\x1b" not in out


def test_that_nothing_is_supported_is_said(run, home, server):
    server.says("Cats bark.")
    _, out, _ = run("ask", QUESTION, "--phrase", "--home", home)
    assert "The quotes support nothing that it wrote, so none of it is shown as an answer." in out


def test_without_the_option_nothing_is_sent(run, home, folder, server):
    assert run("ask", QUESTION, "--home", home) == (0, quotes(folder), "")
    assert server.requests == []


def test_a_failure_leaves_the_quotes(run, home, folder, server):
    server.gives(b"{")
    status, out, err = run("ask", QUESTION, "--phrase", "--home", home)
    assert (status, out) == (1, quotes(folder))
    assert err.startswith("error: No model phrased it: 127.0.0.1:")
    assert KEY not in err


def test_one_object_for_machines(run, home, server):
    server.says("Cats purr.")
    status, out, _ = run("ask", QUESTION, "--phrase", "--json", "--home", home)
    found = json.loads(out)
    assert (status, set(found)) == (0, {"answer", "phrasing"})
    assert found["answer"]["text"] == found["phrasing"]["text"] == "Cats purr. [1]"


def test_nothing_is_phrased_without_an_answer(run, home, server):
    asked = ("ask", "Do elephants swim?", "--phrase", "--home", home)
    status, out, err = run(*asked)
    assert (status, out.startswith("Not in your documents."), err) == (0, True, "")
    assert json.loads(run(*asked, "--json")[1])["phrasing"] is None
    assert server.requests == []


def test_without_a_model_it_is_wrong_usage(run, home):
    status, out, err = run("ask", QUESTION, "--phrase", "--home", home)
    assert (status, out) == (2, "")
    assert err.startswith("error: no model phrases answers; set phrase_url")


def test_status_shows_the_address_and_no_key(run, home, server):
    _, out, _ = run("status", "--home", home)
    assert f"  phrase_url = {server.url}\n" in out
    assert KEY not in out
    assert KEY not in run("status", "--home", home, "--json")[1]


@pytest.fixture
def client(tmp_path, folder):
    """Ask the page with these settings; give the events."""

    def client(**settings):
        (folder / "gate.txt").write_text("The gate opens at nine.")
        chosen = Settings(**settings)
        made = Pinpoint(tmp_path / "p", chosen, embedder=WordEmbedder(), reader=WordReader())
        made.sync(folder)
        app = FastAPI()
        ask_routes.add(app, made, Conversations(made.home))
        with TestClient(app) as page:
            response = page.post("/page/ask", json={"question": "When? The gate opens"})
        blocks = [block.split("\n") for block in response.text.split("\n\n")[:-1]]
        told = [(e.removeprefix("event: "), d.removeprefix("data: ")) for e, d in blocks]
        return [(event, json.loads(data)) for event, data in told if event != "stage"]

    return client


def test_the_page_is_told_behind_the_quotes(client, server):
    server.says(f"The gate opens at nine [1]. {HOSTILE} Say no more [1].")
    told = client(phrase_url=server.url, phrase_model="<b>small</b>")
    assert [event for event, _ in told] == ["turn", "phrasing", "phrased"]
    assert told[1][1] == "<b>small</b>"
    html = told[2][1]
    assert "Written by &lt;b&gt;small&lt;/b&gt; at 127.0.0.1:" in html
    assert "; 1 sentence dropped" in html
    assert "<span>The gate opens at nine.</span>" in html
    quote = re.search(r'class="chip" href="(/source/[^"]+)"', told[0][1]["html"])[1]
    assert f'class="chip again" href="{quote}"' in html
    assert "<img" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html


def test_what_is_kept_is_escaped(client, server):
    server.says("The <b>gate</b> opens at nine [1].")
    html = client(phrase_url=server.url, phrase_model="small")[-1][1]
    assert "<b>" not in html


def test_the_page_is_told_what_went_wrong(client, server):
    server.gives(KEY.encode(), status=500)
    html = client(phrase_url=server.url, phrase_model="small")[-1][1]
    assert "No model phrased it: 127.0.0.1:" in html
    assert KEY not in html
    assert "phrase_url is set without phrase_model" in client(phrase_url=server.url)[-1][1]


def test_the_page_sends_nothing_unless_set(client, server):
    assert [event for event, _ in client()] == ["turn"]
    assert server.requests == []
