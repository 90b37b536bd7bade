"""Questions from the page: stages while they are worked on, then the answer."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable

from fastapi import FastAPI
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict

from index.errors import IndexMissingError, PinpointError
from qa.api import Pinpoint
from ui import turn
from ui.line import Line

_log = logging.getLogger(__name__)


class Asked(BaseModel):
    """A question as the page sends it, with the bounds of its documents' dates."""

    model_config = ConfigDict(extra="forbid")

    question: str
    since: str | None = None
    until: str | None = None


def add(app: FastAPI, pinpoint: Pinpoint) -> None:
    """Add the routes to the application."""
    # Questions one after the other are each answered sooner than side by side on the same cores.
    line = Line()

    @app.post("/page/ask", response_class=EventSourceResponse)
    async def ask(asked: Asked) -> AsyncIterator[ServerSentEvent]:
        with line.place() as ahead:
            async for count in ahead:
                yield ServerSentEvent(event="queued", data=count)
            stages: asyncio.Queue[str | None] = asyncio.Queue()
            loop = asyncio.get_running_loop()

            def stage(name: str) -> None:
                loop.call_soon_threadsafe(stages.put_nowait, name)

            answering = asyncio.create_task(asyncio.to_thread(answer, pinpoint, asked, stage))
            answering.add_done_callback(lambda _: stages.put_nowait(None))
            while (name := await stages.get()) is not None:
                yield ServerSentEvent(event="stage", data=name)
            yield ServerSentEvent(event="turn", data=turn.turn(asked.question, await answering))

    @app.get("/page/counted")
    def documents_counted() -> str:
        return counted(pinpoint)


def answer(pinpoint: Pinpoint, asked: Asked, stage: Callable[[str], None]) -> str:
    """Return the HTML of the answer or error."""
    try:
        found = pinpoint.ask(asked.question, since=asked.since, until=asked.until, stage=stage)
    except PinpointError as error:
        return turn.failure(str(error))
    except Exception:
        _log.exception("a question could not be answered")
        return turn.failure("Something went wrong; the terminal says what.")
    return turn.answer(found)


def counted(pinpoint: Pinpoint) -> str:
    """Return how much is indexed, or why nothing can be asked."""
    try:
        count = pinpoint.status().index.documents
    except IndexMissingError:
        return "No documents yet"
    except PinpointError as error:
        return str(error)
    return "1 document indexed" if count == 1 else f"{count} documents indexed"
