"""Work in a thread that tells what happens while somebody awaits its result."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar

from fastapi.sse import ServerSentEvent

Made = TypeVar("Made")
Tell = Callable[[str, Any], None]
"""Tells an event by its name and data; for any thread."""


def telling(
    work: Callable[[Tell], Made],
) -> tuple[AsyncIterator[ServerSentEvent], "asyncio.Task[Made]"]:
    """Begin work in a thread; return what it tells, until it ends, and the work to be awaited."""
    told: asyncio.Queue[ServerSentEvent | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def tell(event: str, data: object) -> None:
        loop.call_soon_threadsafe(told.put_nowait, ServerSentEvent(event=event, data=data))

    async def events() -> AsyncIterator[ServerSentEvent]:
        while (event := await told.get()) is not None:
            yield event

    working = asyncio.create_task(asyncio.to_thread(work, tell))
    working.add_done_callback(lambda _: told.put_nowait(None))
    return events(), working
