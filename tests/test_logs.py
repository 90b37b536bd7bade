"""What is written on stderr."""

import asyncio
import gc
import io
import json
import logging
import sys

import pytest

from ui import logs
from ui.logs import FIELDS, request_id


@pytest.fixture
def written(monkeypatch):
    """Set the style, and return what was written meanwhile."""
    root, requests = logging.getLogger(), logging.getLogger("ui.request_log")
    before = (root.handlers, root.level, requests.level)

    def written(style):
        stream = io.StringIO()
        monkeypatch.setattr(sys, "stderr", stream)
        logs.write(style)
        return stream

    yield written
    root.handlers, root.level = before[:2]
    requests.setLevel(before[2])


def fail():
    try:
        raise ValueError("SECRET text")
    except ValueError as error:
        raise KeyError("SECRET key") from error


def log_a_failure():
    try:
        fail()
    except KeyError:
        logging.getLogger("ui.x").exception("it failed")


def test_an_error_is_told_without_its_message(written):
    stream = written("text")
    log_a_failure()
    first, *rest = stream.getvalue().splitlines()
    assert first.partition(" ")[2] == "error it failed"
    assert [line for line in rest if not line.startswith(" ")] == [
        "builtins.KeyError",
        "because of",
        "builtins.ValueError",
    ]
    assert any("in fail" in line for line in rest)
    code = 'raise ValueError("SECRET text")'  # lines of the code are told, as here
    assert "SECRET" not in stream.getvalue().replace(code, "").replace('"SECRET key"', "")


def test_a_machine_gets_an_object_a_line(written):
    stream = written("json")
    before = request_id.set("0123456789abcdef")
    log_a_failure()
    request_id.reset(before)
    logging.getLogger("ui.request_log").info("request", extra={FIELDS: {"id": "b", "ms": 3}})
    first, second = map(json.loads, stream.getvalue().splitlines())
    assert set(first) == {"time", "level", "logger", "message", "id", "error"}
    assert (first["level"], first["logger"], first["message"]) == ("error", "ui.x", "it failed")
    assert first["id"] == "0123456789abcdef"
    assert first["error"].endswith("builtins.ValueError")
    del second["time"]
    assert second == {
        "level": "info",
        "logger": "ui.request_log",
        "message": "request",
        "id": "b",
        "ms": 3,
    }


def test_a_line_names_its_request(written):
    stream = written("text")
    before = request_id.set("0123456789abcdef")
    logging.getLogger("ui.x").warning("careful")
    request_id.reset(before)
    logging.getLogger("ui.request_log").info("request", extra={FIELDS: {"id": "b", "ms": 3}})
    careful, request = (line.partition(" ")[2] for line in stream.getvalue().splitlines())
    assert careful == "warning careful (request 0123456789abcdef)"
    assert request == "info request id=b ms=3"


def test_without_a_style_only_what_goes_wrong_is_told(written):
    stream = written(None)
    logging.getLogger("ui.request_log").info("request")
    logging.getLogger("uvicorn.error").info("started")
    logging.getLogger("ui.x").warning("careful")
    (line,) = stream.getvalue().splitlines()
    assert line.endswith(" warning careful")


def test_a_line_for_whoever_started_the_server_is_an_object_among_objects(written):
    stream = written("text")
    logs.tell("Pinpoint is ready")
    assert stream.getvalue() == "Pinpoint is ready\n"
    stream = written("json")
    logs.tell("Pinpoint is ready")
    told = json.loads(stream.getvalue())
    assert (told["level"], told["message"]) == ("info", "Pinpoint is ready")


@pytest.mark.parametrize("style", ["text", "json"])
def test_what_nobody_awaited_is_told_without_its_message(written, style):
    stream = written(style)

    async def lose():
        async def failing():
            raise ValueError("secret".upper())

        task = asyncio.ensure_future(failing())
        await asyncio.sleep(0)
        del task
        gc.collect()

    asyncio.run(lose())
    assert "Task exception was never retrieved" in stream.getvalue()
    assert "ValueError" in stream.getvalue()
    assert "SECRET" not in stream.getvalue()
