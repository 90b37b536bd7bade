"""How much a request in JSON may hold."""

from fastapi import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 4_000_000
"""Of a body; uploads are bounded file by file instead."""


class Limit:
    """Refuses larger bodies, as soon as it sees that they are.

    Args:
        app: Gets what is not refused.
        free: The address that may be sent more.
    """

    def __init__(self, app: ASGIApp, free: str) -> None:
        self.app = app
        self._free = free

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, with an eye on its body."""
        size_bytes = 0

        async def counted() -> Message:
            nonlocal size_bytes
            message = await receive()
            size_bytes += len(message.get("body", b""))
            if size_bytes > MOST_BYTES:
                raise HTTPException(413, f"a body in JSON has at most {MOST_BYTES} bytes")
            return message

        free = scope["type"] != "http" or scope["path"] == self._free
        await self.app(scope, receive if free else counted, send)
