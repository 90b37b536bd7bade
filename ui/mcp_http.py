"""The Model Context Protocol over HTTP, at `/mcp` of the page's server."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from qa.api import Pinpoint
from ui.asker import Asker

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

ADDRESS = "/mcp"


class McpOverHttp:
    """Answers programs from the first request on; before it, nothing of the library is loaded.

    Who may ask is the server's to say, with its guard and its names, as for every other address.

    Args:
        pinpoint: Whose documents.
        asker: Asks them, in turn with all others.
    """

    def __init__(self, pinpoint: Pinpoint, asker: Asker) -> None:
        self._pinpoint = pinpoint
        self._asker = asker
        self._running: _Running | None = None

    @asynccontextmanager
    async def lifespan(self, _: object) -> AsyncIterator[None]:
        """Take requests during the block."""
        self._running = _Running(self._build)
        try:
            yield
        finally:
            running, self._running = self._running, None
            await running.end()

    def _build(self) -> "tuple[ASGIApp, StreamableHTTPSessionManager]":
        from mcp.server.transport_security import TransportSecuritySettings

        from ui.mcp_server import build

        server = build(self._pinpoint, self._asker)
        app = server.streamable_http_app(
            streamable_http_path=ADDRESS,
            json_response=True,
            stateless_http=True,
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        )
        return app, server.session_manager

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if self._running is None:
            answer: ASGIApp = PlainTextResponse("The server is not running.", 503)
        else:
            answer = await self._running.app()
        await answer(scope, receive, send)


class _Running:
    """What runs between the first request and the end, in a task of its own."""

    def __init__(self, build: "Callable[[], tuple[ASGIApp, StreamableHTTPSessionManager]]") -> None:
        self._build = build
        self._lock = asyncio.Lock()
        self._ended = asyncio.Event()
        self._app: ASGIApp | None = None
        self._task: asyncio.Task[None] | None = None

    async def app(self) -> ASGIApp:
        """Return what answers, once it runs."""
        async with self._lock:
            if self._app is None:
                app, manager = await asyncio.to_thread(self._build)
                ready = asyncio.Event()
                self._task = asyncio.create_task(self._run(manager, ready))
                await ready.wait()
                self._app = app
            return self._app

    async def _run(self, manager: "StreamableHTTPSessionManager", ready: asyncio.Event) -> None:
        async with manager.run():
            ready.set()
            await self._ended.wait()

    async def end(self) -> None:
        """End it, if it was begun."""
        self._ended.set()
        if self._task is not None:
            await self._task
