"""What the server writes on stderr: lines for people or for machines, and never what was said.

Messages of unexpected errors may hold a piece of a document or question, so only their kinds and
the lines of code that they came from are written.
"""

import json
import logging
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Literal

Style = Literal["text", "json"]
"""Lines for people, or a JSON object each."""

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The id of the request that is being answered, in its threads too."""

FIELDS = "pinpoint_fields"
"""Under which a record has its named values."""

_Info = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class _Lines(logging.Formatter):
    """Writes a record as a line, and an error without its message."""

    def format(self, record: logging.LogRecord) -> str:
        fields = getattr(record, FIELDS, {})
        words = " ".join(f"{name}={value}" for name, value in fields.items())
        said = f"{_time(record)} {record.levelname.lower()} {_message(record)} {words}".rstrip()
        if "id" not in fields and (current := request_id.get()):
            said += f" (request {current})"
        error = _error(record)
        return f"{said}\n{error}" if error else said


class _Objects(logging.Formatter):
    """Writes a record as a JSON object, and an error without its message."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        if current := request_id.get():
            told["id"] = current
        if error := _error(record):
            told["error"] = error
        return json.dumps(told | getattr(record, FIELDS, {}), ensure_ascii=False)


def write(style: Style | None) -> None:
    """Write warnings and errors on stderr, and with a style each request too."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Objects() if style == "json" else _Lines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("ui.request_log").setLevel(logging.INFO if style else logging.WARNING)


def tell(line: str) -> None:
    """Write a line for whoever started the server on stderr; an object if all lines are."""
    handlers = logging.getLogger().handlers
    if any(isinstance(handler.formatter, _Objects) for handler in handlers):
        record = logging.LogRecord(__name__, logging.INFO, "", 0, "%s", (line,), None)
        line = _Objects().format(record)
    print(line, file=sys.stderr, flush=True)  # noqa: T201


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _message(record: logging.LogRecord) -> str:
    message = record.getMessage().strip()
    # Behind the first line it shows the task, and with it the error's message.
    return message.partition("\n")[0] if record.name == "asyncio" else message


def _error(record: logging.LogRecord) -> str:
    return _without_messages(record.exc_info) if record.exc_info else ""


def _without_messages(info: _Info) -> str:
    error = info[1]
    told: list[str] = []
    while error is not None and len(told) < 5:  # noqa: PLR2004 - a chain may be a circle
        where = "".join(traceback.format_tb(error.__traceback__))
        told.append(f"{where}{type(error).__module__}.{type(error).__qualname__}")
        error = error.__cause__ or error.__context__
    return "\nbecause of\n".join(told)
