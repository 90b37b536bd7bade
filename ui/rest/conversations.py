"""Conversations: asked in, listed, renamed, deleted, exported; each client sees its own."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from qa.api import Pinpoint
from qa.conversation import Conversation, ConversationSummary, Filters, Turn
from qa.conversations import Conversations
from qa.proof import proven
from ui.ask_routes import past_turns
from ui.asker import Asker
from ui.client import client
from ui.download import download
from ui.export import Format, export
from ui.problem import problems
from ui.rest import described
from ui.rest.ask import answer
from ui.rest.given import Question, Rated, Renamed

Owner = Annotated[str, Depends(client)]
"""Whose conversations: told by the cookie `pinpoint_client`, which the first answer sets."""

Id = Annotated[str, Field(pattern="^[A-Za-z0-9_-]{22}$")]


class _Query(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Listed(_Query):
    """Which part of the list."""

    search: str = Field("", max_length=1000, description="Words of titles, questions and quotes.")
    offset: int = Field(0, ge=0, le=1_000_000_000)
    limit: int = Field(50, ge=1, le=1000)


class Exported(_Query):
    """As what."""

    format: Format = Format.JSON


class ConversationList(BaseModel):
    """A part of the list of conversations, that of the newest turn first."""

    conversations: tuple[ConversationSummary, ...]


def routes(pinpoint: Pinpoint, asker: Asker, conversations: Conversations) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/conversations")
    _asking(router, asker, conversations)
    _keeping(router, pinpoint, conversations)
    whole = APIRouter(tags=["conversations"])
    whole.include_router(router)
    _rating(whole, conversations)
    return whole


def _asking(router: APIRouter, asker: Asker, conversations: Conversations) -> None:
    def work(owner: str, conversation: str | None, asked: Question) -> Turn:
        past = []
        if conversation is not None:
            past = past_turns(conversations.get(owner, conversation))
        found = answer(asker, asked, past)
        return conversations.add_turn(
            owner,
            conversation,
            asked=asked.question,
            question=found.question,
            answer=found,
            filters=Filters.model_validate(asked.model_dump(exclude={"question"})),
        )

    responses = described.problems(400, 404, 413, 503)

    @router.post("", status_code=201, responses=responses, summary="Begin a conversation")
    async def begin_conversation(owner: Owner, asked: Question) -> Turn:
        """Ask a question and keep it with its answer, as the first of a conversation."""
        with problems():
            return await asker.in_turn(lambda: work(owner, None, asked))

    @router.post(
        "/{conversation_id}/turns",
        status_code=201,
        responses=responses,
        summary="Ask in a conversation",
    )
    async def continue_conversation(owner: Owner, conversation_id: Id, asked: Question) -> Turn:
        """Ask a question that may lean on those before, and keep it with its answer."""
        with problems():
            return await asker.in_turn(lambda: work(owner, conversation_id, asked))


def _rating(router: APIRouter, conversations: Conversations) -> None:
    @router.put(
        "/turns/{turn_id}/rating",
        status_code=204,
        responses=described.problems(400, 404, 413),
        summary="Rate an answer",
    )
    def rate_answer(owner: Owner, turn_id: Id, rated: Rated) -> None:
        """Say that an answer is good or bad, or take that back; calibration learns from it."""
        with problems():
            conversations.rate(owner, turn_id, rated.rating)


def _keeping(router: APIRouter, pinpoint: Pinpoint, conversations: Conversations) -> None:
    missing = described.problems(404)

    def checked(owner: str, conversation_id: str) -> Conversation:
        return proven(conversations.get(owner, conversation_id), pinpoint.document)

    @router.get("", responses=described.problems(), summary="List conversations")
    def list_conversations(owner: Owner, listed: Annotated[Listed, Query()]) -> ConversationList:
        """Return conversations, that of the newest turn first."""
        with problems():
            found = conversations.list(
                owner, listed.search, offset=listed.offset, limit=listed.limit
            )
        return ConversationList(conversations=found)

    @router.get("/{conversation_id}", responses=missing, summary="Get a conversation")
    def get_conversation(owner: Owner, conversation_id: Id) -> Conversation:
        """Return a conversation with all its turns."""
        with problems():
            return checked(owner, conversation_id)

    @router.patch(
        "/{conversation_id}",
        responses=described.problems(400, 404, 413),
        summary="Rename a conversation",
    )
    def rename_conversation(
        owner: Owner, conversation_id: Id, renamed: Renamed
    ) -> ConversationSummary:
        """Give a conversation another title."""
        with problems():
            conversations.rename(owner, conversation_id, renamed.title)
            found = conversations.get(owner, conversation_id)
        return ConversationSummary(**found.model_dump(exclude={"turns"}))

    @router.delete(
        "/{conversation_id}", status_code=204, responses=missing, summary="Delete a conversation"
    )
    def delete_conversation(owner: Owner, conversation_id: Id) -> None:
        """Delete a conversation with its turns."""
        with problems():
            conversations.delete(owner, conversation_id)

    @router.get(
        "/{conversation_id}/export",
        response_class=Response,
        responses={200: _FILE, **missing},
        summary="Export a conversation",
    )
    def export_conversation(
        owner: Owner, conversation_id: Id, exported: Annotated[Exported, Query()]
    ) -> Response:
        """Return a conversation as a file."""
        with problems():
            return download(*export(checked(owner, conversation_id), exported.format))


_FILE = {
    "description": "The file.",
    "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/Conversation"}},
        "text/markdown": {"schema": {"type": "string"}},
        "text/html": {"schema": {"type": "string"}},
    },
}
