"""Questions and searches."""

import logging
from collections.abc import AsyncIterator, Sequence
from typing import Any

from fastapi import APIRouter
from fastapi.sse import EventSourceResponse, ServerSentEvent

from qa.context import Context
from qa.follow import understand
from qa.models import Answer, SearchResult
from qa.past import PastTurn
from ui.asker import Asker
from ui.problem import FAULT, ProblemError, problems
from ui.rest import described
from ui.rest.described import Problem
from ui.rest.given import Asked, Question, Searched
from ui.telling import Tell, telling

_log = logging.getLogger(__name__)


def routes(asker: Asker) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["questions"], responses=described.problems(400, 404, 413, 503))

    @router.post("/ask", summary="Ask a question")
    async def ask(asked: Asked) -> Answer:
        """Answer in the documents' own words, or say that they do not.

        `question` of the answer is the question as it was understood.
        """
        with problems():
            past = [turn.turn() for turn in asked.turns]
            return await asker.in_turn(lambda: answer(asker, asked, past))

    @router.post(
        "/ask/stream",
        response_class=EventSourceResponse,
        summary="Ask a question and be told how it gets on",
    )
    async def ask_stream(asked: Asked) -> AsyncIterator[ServerSentEvent]:
        """Answer as `ask` does, in events.

        - `queued`: how many questions are ahead, at each change.
        - `understood`: the question, if it was written out from the turns before.
        - `stage`: `searching`, `reading` or `checking quotes`, as each begins.
        - `answer`: the answer, as the last event; or
        - `problem`: why there is none, as the last event.
        """
        try:
            async for event in _events(asker, asked):
                yield event
        except Exception as error:  # the status is sent already
            yield ServerSentEvent(event="problem", data=_problem(error))

    @router.post("/search", summary="Search for passages")
    async def search(searched: Searched) -> SearchResult:
        """Return the passages that come closest, best first, without reading them for answers."""
        with problems():
            return await asker.in_turn(
                lambda: asker.search(**bounds(searched), limit=searched.limit)
            )

    return router


def answer(
    asker: Asker,
    asked: Question,
    past: Sequence[PastTurn],
    tell: Tell = lambda _event, _data: None,
) -> Answer:
    """Answer a question that may lean on those before, at once, and tell what happens."""
    question = understand(asked.question, past).question
    if question != asked.question:
        tell("understood", question)
    return asker.ask(
        **bounds(asked) | {"question": question},
        context=Context.of(asked.question, past),
        stage=lambda name: tell("stage", name),
    )


def bounds(given: Question) -> dict[str, Any]:
    """Return a question and its bounds as arguments of an asker's."""
    return {
        "question": given.question,
        "since": given.since,
        "until": given.until,
        "folders": tuple(given.folders),
        "kinds": tuple(given.kinds),
    }


async def _events(asker: Asker, asked: Asked) -> AsyncIterator[ServerSentEvent]:
    asker.check_room()
    with asker.line.place() as ahead:
        async for count in ahead:
            yield ServerSentEvent(event="queued", data=count)
        past = [turn.turn() for turn in asked.turns]
        async with telling(lambda tell: answer(asker, asked, past, tell)) as (events, answering):
            async for event in events:
                yield event
            yield ServerSentEvent(event="answer", data=await answering)


def _problem(error: Exception) -> Problem:
    try:
        with problems():
            raise error
    except ProblemError as told:
        return Problem(**told.body())
    except Exception:
        _log.exception("a question could not be answered")
        return Problem(**ProblemError(500, FAULT).body())
