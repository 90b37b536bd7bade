"""What reaches the functions that Gradio offers by name."""

import asyncio
import json

import pytest
from starlette.testclient import TestClient

from ui.call_body import checked, functions
from ui.page import build
from ui.problem import ProblemError

KNOWN = {1: 1, 2: 2, "ask": 1, "search": 2}
FILE = {"path": "/etc/hostname", "meta": {"_type": "gradio.FileData"}}
PLAIN = "send JSON with data: a list of texts and numbers"


def passed(body, name=None):
    async def read():
        receive = await checked(json.dumps(body).encode(), name, KNOWN)
        return await receive()

    message = asyncio.run(read())
    assert (message["type"], message["more_body"]) == ("http.request", False)
    return json.loads(message["body"])


def refused(body, name=None):
    with pytest.raises(ProblemError) as raised:
        asyncio.run(checked(body, name, KNOWN))
    return int(raised.value.status), raised.value.detail


def test_plain_values_pass_and_all_else_of_a_call_is_dropped():
    assert passed({"data": ["a", 1]}, "search") == {"data": ["a", 1]}
    more = {"event_data": FILE, "batched": True, "oauth_token": "x", "trigger_id": 5}
    call = {"data": [None], "fn_index": 1, "session_hash": "s"}
    assert passed(call | more) == call | {"trigger_id": 5}


@pytest.mark.parametrize("value", [FILE, [FILE], {"a": "b"}, ["x"]])
def test_files_and_whatever_could_hold_one_are_refused(value):
    assert refused(json.dumps({"data": [value]}).encode(), "ask") == (422, PLAIN)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b"\xff", b'{"data": "x"}', b"[" * 99999])
def test_what_is_no_call_is_refused(body):
    assert refused(body, "ask") == (422, PLAIN)


def test_unknown_functions_and_wrong_numbers_of_values_are_refused():
    none = (404, "there is no such function; see /gradio_api/info")
    assert refused(b'{"data": ["x"]}', "nosuch") == none
    assert refused(b'{"data": ["x"], "fn_index": 99}') == none
    assert refused(b'{"data": ["x"]}') == none
    few = (422, "the function takes 2 values, and 1 were sent")
    assert refused(b'{"data": ["x"]}', "search") == few
    assert refused(b'{"data": ["x"], "fn_index": 2}') == few


def test_the_functions_of_the_page_are_those_with_a_name():

    async def built():  # Gradio wants an event loop
        return build(None)

    found = functions(asyncio.run(built()))
    assert {key: count for key, count in found.items() if isinstance(key, str)} == {
        "ask": 1,
        "search": 2,
    }
    assert sorted(found.values()) == [1, 1, 2, 2]


def test_a_call_with_a_file_opens_none(pinpoint, monkeypatch):
    """Gradio would read the file whole, `/dev/zero` too, and keep a copy that all may read."""
    from gradio import processing_utils

    from ui.web import build_app

    opened = []
    monkeypatch.setattr(
        processing_utils, "save_file_to_cache", lambda path, **_: opened.append(path)
    )

    async def built():
        return build_app(pinpoint)

    with TestClient(asyncio.run(built())) as client:
        call = client.post("/gradio_api/call/ask", json={"data": [FILE]})
        if call.status_code == 200:  # it is worked on when it is fetched
            client.get(f"/gradio_api/call/ask/{call.json()['event_id']}")
        joined = {"data": [FILE], "fn_index": 1, "session_hash": "s"}
        assert client.post("/gradio_api/queue/join", json=joined).status_code == 422
    assert (opened, call.status_code) == ([], 422)
