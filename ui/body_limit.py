"""No request may be larger, or take longer to come, than it has reason to."""

import asyncio
from contextlib import suppress
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.settings import Settings
from ui.permissions import UPLOADS
from ui.problem import ProblemError
from ui.route_table import Table

_MOST_HEAD_BYTES = 32_768
_SECONDS = 60.0
_UPLOADS = Table(UPLOADS)


class BodyLimit:
    """Ends the reading of a request that grows too large, and answers with status 413.

    One that is not whole after a minute is answered with 408; an upload, after a minute in which
    nothing came. Addresses and headers that are too large are answered with status 431.
    """

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        if _head_bytes(scope) > _MOST_HEAD_BYTES:
            problem = ProblemError(
                HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                f"the address and headers are larger than {_MOST_HEAD_BYTES} bytes; shorten them",
            )
            return await problem.response(scope, receive, send)
        most = self._most(scope)
        if _length(scope) > most:
            return await _too_large(most).response(scope, receive, send)
        return await self._counting(most, scope, receive, send)

    async def _counting(self, most: int, scope: Scope, receive: Receive, send: Send) -> None:
        uploaded = _UPLOADS.holds(scope["method"], scope["path"])
        counted = _Counted(receive, send, most, each_piece=uploaded)
        with suppress(ClientDisconnect):  # it was refused, or there is nobody to be told
            await self._app(scope, counted.receive, counted.send)
        if counted.refused:
            problem = _too_late() if counted.late else _too_large(most)
            await problem.response(scope, receive, send)

    def _most(self, scope: Scope) -> int:
        if _UPLOADS.holds(scope["method"], scope["path"]):
            return self._settings.max_upload_bytes
        return self._settings.max_request_bytes


class _Counted:
    """A request whose sender seems to be gone once too much has come, or too little in time.

    What the application then answers is withheld, so that the true cause can be told.
    """

    def __init__(self, receive: Receive, send: Send, most: int, *, each_piece: bool) -> None:
        self._receive = receive
        self._send = send
        self._left = most
        self._each_piece = each_piece
        self._until: float | None = asyncio.get_running_loop().time() + _SECONDS
        self._answered = False
        self.late = False

    @property
    def refused(self) -> bool:
        """Whether too much came, or too little, before anything was answered."""
        return (self._left < 0 or self.late) and not self._answered

    async def receive(self) -> Message:
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            self.late = True
            return {"type": "http.disconnect"}
        if not message.get("more_body", False):
            self._until = None
        elif self._each_piece:
            self._until = asyncio.get_running_loop().time() + _SECONDS
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
        return {"type": "http.disconnect"} if self._left < 0 else message

    async def send(self, message: Message) -> None:
        if self.refused:
            return
        self._answered = True
        await self._send(message)


def _head_bytes(scope: Scope) -> int:
    address = len(scope.get("raw_path") or b"") + len(scope["query_string"])
    return address + sum(len(name) + len(value) for name, value in scope["headers"])


def _length(scope: Scope) -> int:
    told = Headers(scope=scope).get("content-length", "")
    return int(told) if told.isascii() and told.isdecimal() else 0


def _too_late() -> ProblemError:
    return ProblemError(
        HTTPStatus.REQUEST_TIMEOUT,
        f"the request was not whole after {_SECONDS:.0f} seconds; send it faster",
        {"Connection": "close"},
    )


def _too_large(most: int) -> ProblemError:
    return ProblemError(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        f"the request is larger than {most} bytes; send less at once",
        {"Connection": "close"},
    )
