"""A question whose sender has gone leaves the line; one that is being answered is let finish."""

import asyncio

from anyio import CancelScope, Event
from starlette.types import ASGIApp, Message, Receive, Scope, Send


async def while_there(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Run an application until its answer is sent, or the sender of the request has gone."""
    sender = _Sender(receive)
    with CancelScope() as work:
        watching = asyncio.create_task(sender.watch(work))

        async def send_to_end(message: Message) -> None:
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                watching.cancel()  # with the whole answer, everybody goes
            await send(message)

        try:
            await app(scope, sender.receive, send_to_end)
        finally:
            watching.cancel()


class _Sender:
    """Hands a request's body on, and then waits for its sender to go."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._whole = Event()
        self._gone = Event()

    async def receive(self) -> Message:
        if self._whole.is_set():
            await self._gone.wait()
            return {"type": "http.disconnect"}
        message = await self._receive()
        if not message.get("more_body", False):
            self._whole.set()
        return message

    async def watch(self, work: CancelScope) -> None:
        await self._whole.wait()
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._gone.set()
        work.cancel()
