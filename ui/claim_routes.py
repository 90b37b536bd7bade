"""A text from the page, checked sentence by sentence: each verdict as soon as it is known."""

import logging
from collections.abc import AsyncIterator
from functools import partial
from http import HTTPStatus
from typing import Annotated, NamedTuple

from fastapi import Depends, FastAPI
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict

from index.errors import PinpointError
from index.filter import Filter
from qa.api import Pinpoint
from qa.bounds import bounds
from qa.claim_models import CheckedClaim
from qa.claim_sentences import CheckedText, read_text
from ui import claim_page, problem
from ui.line import Line
from ui.problem import FAULT, ProblemError, problems
from ui.show_claims import counted
from ui.telling import in_thread

MAX_CHARS = 200_000
"""Longest text that the page checks; `pinpoint claims` checks longer ones."""

_log = logging.getLogger(__name__)


class Submitted(BaseModel):
    """A text as the page sends it, with the bounds of the documents that may support it."""

    model_config = ConfigDict(extra="forbid")

    text: str
    since: str | None = None
    until: str | None = None
    folders: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


class Work(NamedTuple):
    """A text cut into sentences, and where their support is looked for."""

    text: CheckedText
    within: Filter


def add(app: FastAPI, pinpoint: Pinpoint, line: Line) -> None:
    """Add the route to the application.

    Args:
        app: Gets it.
        pinpoint: Checks the texts.
        line: In which questions wait; a text stands in it anew for each sentence, so that questions
            come between.
    """
    problem.add(app)

    def work(submitted: Submitted) -> Work:
        if len(submitted.text) > MAX_CHARS:
            raise ProblemError(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                f"the text has {len(submitted.text)} characters, the limit is {MAX_CHARS}; check "
                "it in parts",
            )
        with problems():
            within = bounds(**submitted.model_dump(exclude={"text"}))
            return Work(read_text(submitted.text, pinpoint.settings), within)

    @app.post("/page/claims", response_class=EventSourceResponse)
    async def claims(work: Annotated[Work, Depends(work)]) -> AsyncIterator[ServerSentEvent]:
        found: list[CheckedClaim] = []
        quotes = 0
        total = len(work.text.sentences)
        yield ServerSentEvent(event="sentences", data=total)
        for number in range(total):
            with line.place() as ahead:
                async for count in ahead:
                    yield ServerSentEvent(event="queued", data=count)
                claim = await in_thread(partial(_check, pinpoint, work, number))
            if isinstance(claim, str):
                yield ServerSentEvent(event="failed", data=claim)
                return
            yield ServerSentEvent(event="claim", data=claim_page.claim(claim, quotes))
            quotes += len(claim.citations) + len(claim.nearest)
            found.append(claim)
        yield ServerSentEvent(event="checked", data=counted(found))


def _check(pinpoint: Pinpoint, work: Work, number: int) -> CheckedClaim | str:
    """Return what the documents say to a sentence, or an error in words."""
    try:
        return pinpoint.claim(work.text, number, work.within)
    except PinpointError as error:
        return str(error)
    except Exception:
        _log.exception("a sentence could not be checked")
        return FAULT
