"""Conversations for the page: listed, shown, renamed, deleted, rated, exported."""

import hashlib
import json

import pytest
from answers import answered, citation
from fastapi import FastAPI
from starlette.testclient import TestClient

from qa.conversation import MAX_TITLE_CHARS
from qa.conversation_database import FILE_NAME
from qa.conversations import Conversations
from ui import conversation_routes
from ui.client import COOKIE
from ui.templating import render

TOKEN = "t" * 43
OWNER = hashlib.sha256(TOKEN.encode()).hexdigest()
GONE = {"detail": "there is no such conversation; it may have been deleted"}
HOSTILE = "<img src=x onerror=alert(1)>\"&'"
ESCAPED = "&lt;img src=x onerror=alert(1)&gt;&#34;&amp;&#39;"


@pytest.fixture
def kept(tmp_path):
    return Conversations(tmp_path / "home")


@pytest.fixture
def client(kept, pinpoint):
    app = FastAPI()
    conversation_routes.add(app, pinpoint, kept)
    with TestClient(app, cookies={COOKIE: TOKEN}) as made:
        yield made


def add(kept, asked="When?", owner=OWNER, conversation=None, **given):
    return kept.add_turn(owner, conversation, asked=asked, **(given or {"answer": answered()}))


def items(html):
    """Return ids and titles of a list."""
    parts = html.split('<li data-conversation="')[1:]
    return [(part[:22], part.split("<span>")[1].split("</span>")[0]) for part in parts]


def test_a_new_browser_gets_a_name_and_an_empty_list(client, kept):
    client.cookies.clear()
    response = client.get("/page/conversations")
    assert response.text == (
        '<p class="none">Your questions will be kept here, for you alone.</p>\n'
    )
    assert len(response.cookies[COOKIE]) == 43
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert not (kept.home / FILE_NAME).exists()


def test_the_list_has_the_owners_conversations_newest_first(client, kept):
    first, second = add(kept, "First?"), add(kept, HOSTILE)
    add(kept, "Another's?", owner="another")
    html = client.get("/page/conversations").text
    assert items(html) == [(second.conversation, ESCAPED), (first.conversation, "First?")]
    assert "<img" not in html
    assert (
        '<button type="button" class="open" dir="auto" title="First?"><span>First?</span>'
        "</button>\n"
        '      <button type="button" class="more" aria-expanded="false"'
        f' aria-controls="actions-{first.conversation}" aria-label="Actions for First?"'
        ' title="Actions">⋯</button>'
    ) in html
    assert (
        f'<a href="/page/conversations/{first.conversation}/export?format=json" download'
        ' aria-label="Export as JSON">JSON</a>'
    ) in html


def test_the_list_is_searched(client, kept):
    turn = add(kept, "Who?", answer=answered(citation("Zebras have stripes.")))
    add(kept, "First?", error="none")
    search = {"search": "zebra"}
    assert items(client.get("/page/conversations", params=search).text) == [
        (turn.conversation, "Who?")
    ]
    none = client.get("/page/conversations", params={"search": '"<b>'}).text
    assert none == '<p class="none">No conversation has these words.</p>\n'


def test_older_ones_are_asked_for(client, kept):
    for number in range(3):
        add(kept, f"{number}?")
    html = client.get("/page/conversations?limit=2").text
    assert [title for _, title in items(html)] == ["2?", "1?"]
    assert '<button type="button" class="older" data-limit="52">' in html
    assert "older" not in client.get("/page/conversations?limit=3").text
    for limit in ("0", "1001", "x"):
        assert client.get(f"/page/conversations?limit={limit}").status_code == 422


def test_a_conversation_is_shown_as_it_was_asked(client, kept):
    turn = add(kept, HOSTILE)
    add(kept, "And?", conversation=turn.conversation, error="no <index>")
    kept.rate(OWNER, turn.id, -1)
    html = client.get(f"/page/conversations/{turn.conversation}").text
    assert html.count('<article class="turn">') == 2
    assert '<h2 class="question" dir="auto">&lt;img src=x onerror=alert(1)&gt;' in html
    assert '<span class="quote">The gate opens\n  at nine.</span>' in html
    assert "<p>no &lt;index&gt;</p>" in html
    assert html.count("data-turn=") == 1
    good, bad = html.split('<button type="button" data-rating="')[1:]
    assert good.startswith('1" aria-pressed="false"')
    assert bad.startswith('-1" aria-pressed="true"')


def test_a_conversation_is_renamed(client, kept):
    turn = add(kept)
    address = f"/page/conversations/{turn.conversation}"
    response = client.patch(address, json={"title": "  My\ngate "})
    assert (response.status_code, response.json()) == (200, {"title": "My gate"})
    assert kept.get(OWNER, turn.conversation).title == "My gate"
    refused = client.patch(address, json={"title": " "})
    assert refused.status_code == 400
    assert refused.json()["detail"].startswith("the title is empty")
    assert client.patch(address, json={"title": "x", "more": 1}).status_code == 422


def test_a_conversation_is_deleted(client, kept):
    turn = add(kept)
    address = f"/page/conversations/{turn.conversation}"
    response = client.delete(address)
    assert (response.status_code, response.text) == (204, "")
    again = client.delete(address)
    assert (again.status_code, again.json()) == (404, GONE)
    assert kept.list(OWNER) == ()


def test_an_answer_is_rated(client, kept):
    turn = add(kept)
    address = f"/page/turns/{turn.id}/rating"
    assert client.put(address, json={"rating": 1}).status_code == 204
    assert kept.get(OWNER, turn.conversation).turns[0].rating == 1
    assert client.put(address, json={"rating": 2}).status_code == 400
    assert client.put(address, json={"rating": "good"}).status_code == 422
    assert kept.get(OWNER, turn.conversation).turns[0].rating == 1


def test_another_persons_is_not_there(client, kept):
    turn = add(kept, owner="another")
    for there, rated in ((turn.conversation, turn.id), ("nothing", "nothing")):
        address = f"/page/conversations/{there}"
        for response in (
            client.get(address),
            client.get(f"{address}/export?format=json"),
            client.patch(address, json={"title": "x"}),
            client.delete(address),
        ):
            assert (response.status_code, response.json()) == (404, GONE)
        response = client.put(f"/page/turns/{rated}/rating", json={"rating": 1})
        assert response.status_code == 404
    assert kept.get("another", turn.conversation).turns == (turn,)


@pytest.mark.parametrize(
    ("form", "ending", "kind"),
    [
        ("markdown", "md", "text/markdown; charset=utf-8"),
        ("html", "html", "text/html; charset=utf-8"),
        ("json", "json", "application/json"),
    ],
)
def test_a_conversation_is_downloaded(client, kept, form, ending, kind):
    turn = add(kept, "When?\r\n<b>")
    response = client.get(f"/page/conversations/{turn.conversation}/export?format={form}")
    assert response.status_code == 200
    assert response.headers["content-type"] == kind
    assert response.headers["content-disposition"] == (
        f'attachment; filename="pinpoint-when-b.{ending}"'
    )
    assert response.headers["content-security-policy"].startswith("default-src 'none'")
    assert "at nine." in response.text
    if form == "json":
        assert json.loads(response.text)["turns"][0]["asked"] == "When?\r\n<b>"


def test_another_format_is_refused(client, kept):
    turn = add(kept)
    address = f"/page/conversations/{turn.conversation}/export"
    assert client.get(address).status_code == 422
    assert client.get(f"{address}?format=pdf").status_code == 422


def test_the_page_takes_titles_as_long_as_are_kept():
    assert f'<input name="title" maxlength="{MAX_TITLE_CHARS}"' in render("side.html")


def test_a_damaged_file_is_told(client, kept):
    kept.home.mkdir(exist_ok=True)
    (kept.home / FILE_NAME).write_bytes(b"nothing of ours" * 100)
    response = client.get("/page/conversations")
    assert response.status_code == 500
    assert response.json()["detail"].endswith("move the file away to begin anew")
