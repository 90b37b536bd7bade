"""Work in a thread that tells what happens while somebody awaits its result."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import Any, TypeVar

from anyio import CancelScope
from fastapi.sse import ServerSentEvent

Made = TypeVar("Made")
Tell = Callable[[str, Any], None]
"""Tells an event by its name and data; for any thread."""


def telling(
    work: Callable[[Tell], Made],
) -> tuple[AsyncGenerator[ServerSentEvent], "asyncio.Task[Made]"]:
    """Begin work in a thread; return what it tells, until it ends, and the work to be awaited."""
    told: asyncio.Queue[ServerSentEvent | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def tell(event: str, data: object) -> None:
        loop.call_soon_threadsafe(told.put_nowait, ServerSentEvent(event=event, data=data))

    async def events() -> AsyncGenerator[ServerSentEvent]:
        try:
            while (event := await told.get()) is not None:
                yield event
        finally:  # who listens may have gone; the work goes on, and holds its place in the line
            with CancelScope(shield=True):
                await asyncio.wait([working])

    def end(ended: "asyncio.Task[Made]") -> None:
        told.put_nowait(None)
        if not ended.cancelled():
            ended.exception()  # else the log would have its message where nobody awaits it

    working = asyncio.create_task(asyncio.to_thread(work, tell))
    working.add_done_callback(end)
    return events(), working
