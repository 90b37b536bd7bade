"""Questions from the page: stages while they are worked on, then the answer."""

import logging
from collections.abc import AsyncIterator, Callable
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict

from index.errors import ConversationMissingError, IndexMissingError, PinpointError
from qa.api import Pinpoint
from qa.context import Context
from qa.conversation import Conversation, Filters, Turn
from qa.conversations import Conversations
from qa.follow import understand
from qa.models import Answer
from qa.past import PastTurn
from ui import phrase_page, turn
from ui.asker import Asker
from ui.client import client
from ui.kept import kept_turn
from ui.line import Line
from ui.problem import FAULT
from ui.telling import Tell, telling
from ui.templating import render

_log = logging.getLogger(__name__)
_REMEMBERED = 8  # turns that a question may lean on


class Asked(BaseModel):
    """A question as the page sends it, with the bounds of its documents.

    `conversation` is the id of the one that it goes on with, None where it begins one. With
    `as_typed`, nothing is taken over from it: the person has seen the question and put it right.
    """

    model_config = ConfigDict(extra="forbid")

    question: str
    since: str | None = None
    until: str | None = None
    folders: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    conversation: str | None = None
    as_typed: bool = False


class Told(BaseModel):
    """What the page is told of an answer: its HTML, and the ids under which it is kept, if so."""

    html: str
    conversation: str | None
    turn: str | None


def add(
    app: FastAPI, pinpoint: Pinpoint, conversations: Conversations, asker: Asker | None = None
) -> None:
    """Add the routes to the application.

    Args:
        app: Gets them.
        pinpoint: Whose documents are asked.
        conversations: Where answers are kept.
        asker: Asks, in turn with all others; None makes one for the page alone.
    """
    asker = asker or Asker(pinpoint)
    phrasing_line = Line()  # a model elsewhere takes no processor here

    @app.post("/page/ask", response_class=EventSourceResponse)
    async def ask(
        asked: Asked, owner: Annotated[str, Depends(client)]
    ) -> AsyncIterator[ServerSentEvent]:
        with asker.line.place() as ahead:
            async for count in ahead:
                yield ServerSentEvent(event="queued", data=count)

            def work(tell: Tell) -> tuple[Told, Answer | str]:
                past = remembered(conversations, owner, asked)
                question = understand(asked.question, past).question
                if question != asked.question:
                    tell("understood", question)
                context = Context.of(asked.question, past)
                found = answer(asker, asked, question, context, lambda name: tell("stage", name))
                return keep(conversations, owner, asked, question, found), found

            async with telling(work) as (events, answering):
                async for event in events:
                    yield event
                told, found = await answering
            yield ServerSentEvent(event="turn", data=told)
        if isinstance(found, Answer) and phrase_page.wanted(pinpoint, found):
            async for event in phrase_page.phrased(pinpoint, phrasing_line, found):
                yield event

    @app.get("/page/counted")
    def documents_counted() -> str:
        return counted(pinpoint)


def remembered(conversations: Conversations, owner: str, asked: Asked) -> list[PastTurn]:
    """Return what a question may lean on: the last turns of its conversation."""
    if asked.as_typed or asked.conversation is None:
        return []
    try:
        return past_turns(conversations.get(owner, asked.conversation))
    except PinpointError:  # it cannot be read: the question is taken as it stands
        return []


def past_turns(conversation: Conversation) -> list[PastTurn]:
    """Return the last turns of a conversation that have an answer, earlier first."""
    turns = conversation.turns[-_REMEMBERED:]
    return [PastTurn.of(turn.answer) for turn in turns if turn.answer is not None]


def answer(
    asker: Asker,
    asked: Asked,
    question: str,
    context: Context | None,
    stage: Callable[[str], None],
) -> Answer | str:
    """Return the answer to a question as it was understood, or an error in words."""
    try:
        return asker.ask(
            question,
            since=asked.since,
            until=asked.until,
            folders=asked.folders,
            kinds=asked.kinds,
            context=context,
            stage=stage,
        )
    except PinpointError as error:
        return str(error)
    except Exception:
        _log.exception("a question could not be answered")
        return FAULT


def keep(
    conversations: Conversations, owner: str, asked: Asked, question: str, found: Answer | str
) -> Told:
    """Keep an answer or error in its conversation; what cannot be kept is shown all the same."""
    if not asked.question.strip():
        return Told(html=_shown(asked, question, found), conversation=asked.conversation, turn=None)
    try:
        kept = _kept(conversations, owner, asked, question, found)
    except PinpointError as error:
        cause = str(error)
    except Exception:
        _log.exception("an answer could not be kept")
        cause = FAULT
    else:
        return Told(html=kept_turn(kept), conversation=kept.conversation, turn=kept.id)
    html = _shown(asked, question, found, render("unkept.html", cause=cause))
    return Told(html=html, conversation=asked.conversation, turn=None)


def _kept(
    conversations: Conversations, owner: str, asked: Asked, question: str, found: Answer | str
) -> Turn:
    filters = Filters(
        since=asked.since, until=asked.until, folders=asked.folders, kinds=asked.kinds
    )

    def add_to(conversation: str | None) -> Turn:
        answer, error = (None, found) if isinstance(found, str) else (found, None)
        return conversations.add_turn(
            owner,
            conversation,
            asked=asked.question,
            question=question,
            answer=answer,
            error=error,
            filters=filters,
        )

    try:
        return add_to(asked.conversation)
    except ConversationMissingError:  # deleted meanwhile, elsewhere
        return add_to(None)


def _shown(asked: Asked, question: str, found: Answer | str, note: str = "") -> str:
    reply = turn.failure(found) if isinstance(found, str) else turn.answer(found)
    return turn.turn(asked.question, reply + note, question)


def counted(pinpoint: Pinpoint) -> str:
    """Return how much is indexed, or why nothing can be asked."""
    try:
        count = pinpoint.status().index.documents
    except IndexMissingError:
        return "No documents yet"
    except PinpointError as error:
        return str(error)
    return "1 document indexed" if count == 1 else f"{count} documents indexed"
