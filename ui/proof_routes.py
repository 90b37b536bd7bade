"""Receipts and pinned questions for the page."""

import threading
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated

from fastapi import Depends, FastAPI, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from index.errors import ConversationMissingError, InputError
from qa.api import Pinpoint
from qa.conversations import Conversations
from qa.pin import PinCheck
from qa.pin_file import PinFile, pick
from qa.pins import check_pins, check_quotes, take_answers
from qa.receipt import Receipt
from qa.receipt_file import to_json
from ui import problem
from ui.client import client
from ui.download import download
from ui.export import file_name
from ui.pin_list import listed
from ui.problem import ProblemError, problems
from ui.receipt_page import html

Owner = Annotated[str, Depends(client)]
"""Whose browser it is."""


class Form(StrEnum):
    """What a receipt can be downloaded as."""

    HTML = "html"
    JSON = "json"


class Pinned(BaseModel):
    """The id of a pin that was made."""

    id: str


def add(app: FastAPI, pinpoint: Pinpoint, conversations: Conversations) -> None:
    """Add the routes to the application."""
    problem.add(app)
    file = PinFile.of(pinpoint.home)
    asking = threading.Lock()  # two rounds of all questions at once would take twice as long

    @app.get("/page/turns/{turn_id}/receipt")
    def receipt(owner: Owner, turn_id: str, format: Form) -> Response:  # noqa: A002
        found = _receipt(pinpoint, conversations, owner, turn_id)
        made, kind = _MADE[format]
        name = f"{file_name(found.asked)}-receipt.{format}"
        return download(name, kind, made(found))

    @app.post("/page/turns/{turn_id}/pin")
    def pin(owner: Owner, turn_id: str) -> Pinned:
        found = _receipt(pinpoint, conversations, owner, turn_id)
        with problems():
            (made,) = file.put([found])
        return Pinned(id=made.id)

    @app.get("/page/pins")
    def pins() -> HTMLResponse:
        with problems():
            known = file.read()
            return _list(check_quotes(pinpoint.home, known) if known else ())

    @app.post("/page/pins/ask")
    def ask_again() -> HTMLResponse:
        with problems(), asking:
            known = file.read()
            return _list(check_pins(pinpoint, known) if known else ())

    @app.post("/page/pins/{pin_id}/accept")
    def accept(pin_id: str) -> HTMLResponse:
        with problems(), asking:
            known = file.read()
            wanted = [pick(known, pin_id)]
            file.put(take_answers(pinpoint, check_pins(pinpoint, wanted), wanted))
            return _list(check_quotes(pinpoint.home, file.read()))

    @app.delete("/page/pins/{pin_id}", status_code=204)
    def unpin(pin_id: str) -> None:
        with problems():
            file.remove(pin_id)


_MADE: dict[Form, tuple[Callable[[Receipt], str], str]] = {
    Form.HTML: (html, "text/html"),
    Form.JSON: (to_json, "application/json"),
}


def _receipt(pinpoint: Pinpoint, conversations: Conversations, owner: str, turn_id: str) -> Receipt:
    """Return the receipt of a kept answer."""
    with problems():
        try:
            turn = conversations.turn(owner, turn_id)
        except ConversationMissingError as error:
            raise ProblemError(404, str(error)) from error
        if turn.answer is None:
            raise InputError("this question has no answer, so there is no receipt of it")
        return pinpoint.receipt(
            turn.answer, asked=turn.asked, filters=turn.filters, created_at=turn.created_at
        )


def _list(checks: tuple[PinCheck, ...]) -> HTMLResponse:
    return HTMLResponse(listed(checks), headers={"Cache-Control": "no-store"})
