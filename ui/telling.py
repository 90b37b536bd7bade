"""Work in a thread that tells what happens while somebody awaits its result."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from anyio import CancelScope
from fastapi.sse import ServerSentEvent

Made = TypeVar("Made")
Tell = Callable[[str, Any], None]
"""Tells an event by its name and data; for any thread."""


@asynccontextmanager
async def telling(
    work: Callable[[Tell], Made],
) -> AsyncIterator[tuple[AsyncIterator[ServerSentEvent], "asyncio.Task[Made]"]]:
    """Work in a thread during the block, which ends no earlier than the work.

    A thread cannot be stopped: where nobody waits for its result any more, whoever is next must
    wait for its end all the same.

    Yields:
        What the work tells, until it ends, and the work to be awaited.
    """
    told: asyncio.Queue[ServerSentEvent | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def tell(event: str, data: object) -> None:
        loop.call_soon_threadsafe(told.put_nowait, ServerSentEvent(event=event, data=data))

    async def events() -> AsyncIterator[ServerSentEvent]:
        while (event := await told.get()) is not None:
            yield event

    def end(ended: "asyncio.Task[Made]") -> None:
        told.put_nowait(None)
        if not ended.cancelled():
            ended.exception()  # else the log would have its message where nobody awaits it

    working = asyncio.create_task(asyncio.to_thread(work, tell))
    working.add_done_callback(end)
    try:
        yield events(), working
    finally:
        with CancelScope(shield=True):
            await asyncio.wait({working})


async def in_thread(work: Callable[[], Made]) -> Made:
    """Return the result of work in a thread; it ends no earlier, even when it is cancelled."""
    async with telling(lambda _: work()) as (_, working):
        return await asyncio.shield(working)
