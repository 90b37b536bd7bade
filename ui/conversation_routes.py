"""Conversations for the page, under `/page/conversations`, to each browser its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Query, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict

from index.errors import ConversationMissingError, InputError, PinpointError
from qa.api import Pinpoint
from qa.conversation import Conversation
from qa.conversations import Conversations
from qa.proof import proven
from ui.client import client
from ui.download import download
from ui.export import Format, export
from ui.kept import kept_turn, listed
from ui.problem import status_of, waiting

_PAGE = 50
_MOST = 1000
_FRESH = {"Cache-Control": "no-store"}

Owner = Annotated[str, Depends(client)]
"""Whose browser it is."""


class _Title(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str


class _Rating(BaseModel):
    model_config = ConfigDict(extra="forbid")

    rating: int


def add(app: FastAPI, pinpoint: Pinpoint, conversations: Conversations) -> None:
    """Add the routes to the application."""

    def checked(owner: str, conversation_id: str) -> Conversation:
        return proven(conversations.get(owner, conversation_id), pinpoint.document)

    @app.get("/page/conversations", response_class=HTMLResponse)
    def list_them(
        owner: Owner,
        response: Response,
        search: str = "",
        limit: Annotated[int, Query(ge=1, le=_MOST)] = _PAGE,
    ) -> str:
        response.headers.update(_FRESH)
        with _told():
            found = conversations.list(owner, search, limit=limit + 1)
        more = min(limit + _PAGE, _MOST) if len(found) > limit < _MOST else None
        return listed(found[:limit], search, more)

    @app.get("/page/conversations/{conversation_id}", response_class=HTMLResponse)
    def show(owner: Owner, response: Response, conversation_id: str) -> str:
        response.headers.update(_FRESH)
        with _told():
            return "".join(map(kept_turn, checked(owner, conversation_id).turns))

    @app.patch("/page/conversations/{conversation_id}")
    def rename(owner: Owner, conversation_id: str, given: _Title) -> dict[str, str]:
        with _told():
            return {"title": conversations.rename(owner, conversation_id, given.title)}

    @app.delete("/page/conversations/{conversation_id}", status_code=204)
    def delete(owner: Owner, conversation_id: str) -> None:
        with _told():
            conversations.delete(owner, conversation_id)

    @app.put("/page/turns/{turn_id}/rating", status_code=204)
    def rate(owner: Owner, turn_id: str, given: _Rating) -> None:
        with _told():
            conversations.rate(owner, turn_id, given.rating)

    @app.get("/page/conversations/{conversation_id}/export")
    def exported(owner: Owner, conversation_id: str, format: Format) -> Response:  # noqa: A002
        with _told():
            return download(*export(checked(owner, conversation_id), format))


@contextmanager
def _told() -> Iterator[None]:
    """Turn the library's errors into answers in words."""
    try:
        yield
    except ConversationMissingError as error:
        raise HTTPException(404, str(error), _FRESH) from error
    except InputError as error:
        raise HTTPException(400, str(error), _FRESH) from error
    except PinpointError as error:
        status = status_of(error)
        raise HTTPException(status, str(error), _FRESH | waiting(status)) from error
