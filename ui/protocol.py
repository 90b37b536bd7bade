"""The server's side of a connection: those that say nothing are closed, and too many sent away."""

import asyncio
from http import HTTPStatus
from typing import Any

from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from ui.problem import try_later

MOST_CONNECTIONS = 500
MOST_OF_AN_ADDRESS = 250
HEAD_SECONDS = 20.0
KEEP_ALIVE_SECONDS = 75
"""Longer than clients (httpx 5, browsers and load balancers mostly 60) keep a connection without
requests, so that it is not closed under the next one.
"""
_WAIT_SECONDS = 5.0


class Protocol(H11Protocol):  # type: ignore[misc]
    """A connection that has to send the head of its first request, and the next one, in time."""

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401
        """Begin, or only answer that there are too many."""
        super().connection_made(transport)
        self._await_head(HEAD_SECONDS)
        if len(self.connections) > MOST_CONNECTIONS or self._of_its_address() > MOST_OF_AN_ADDRESS:
            self.app = _TOO_MANY

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._stop_waiting()
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Take in what has come."""
        before = self.cycle
        super().handle_events()
        if self.cycle is not before:
            self._stop_waiting()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        self._await_head(KEEP_ALIVE_SECONDS)
        super().on_response_complete()

    def _of_its_address(self) -> int:
        """Return how many connections come from where this one does; of a proxy, none counts."""
        host = self.client[0] if self.client else None
        if self.config.proxy_headers and host in self.config.forwarded_allow_ips:
            return 0
        return sum(bool(other.client) and other.client[0] == host for other in self.connections)

    def _await_head(self, seconds: float) -> None:
        self._stop_waiting()
        self._waiting = self.loop.call_later(seconds, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None


async def _too_many(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401
    problem = try_later(HTTPStatus.SERVICE_UNAVAILABLE, "too many connections", _WAIT_SECONDS)
    response = problem.response
    response.headers["Connection"] = "close"
    await response(scope, receive, send)


_TOO_MANY: ASGIApp = _too_many
