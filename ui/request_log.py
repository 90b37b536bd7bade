"""A line of the log for each request: what was called and how it went, never what was said."""

import logging
import re
import secrets
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.logs import FIELDS, request_id
from ui.person import person_of

_log = logging.getLogger(__name__)
_HEADER = "X-Request-ID"
_SANE = re.compile(r"[\w-]{8,64}", re.ASCII)
_FAILED = 500
_GONE = 499  # as other servers write of those who did not wait for an answer


class RequestLog:
    """Gives each request an id, tells it in the response, and logs how the request went.

    An id that comes with a request is kept if it is plain, so that a proxy's log fits ours. The
    log has the route as it is written in the code: addresses and their queries hold what people
    look for.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        given = Headers(scope=scope).get(_HEADER, "")
        named = given if _SANE.fullmatch(given) else secrets.token_hex(8)
        status = _GONE

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[_HEADER] = named
            await send(message)

        before = request_id.set(named)
        began = time.perf_counter()
        try:
            return await self._app(scope, receive, send_with_id)
        except Exception:
            status = _FAILED
            raise
        finally:
            milliseconds = round((time.perf_counter() - began) * 1000)
            _tell(scope, named, status, milliseconds)
            request_id.reset(before)


def _tell(scope: Scope, named: str, status: int, milliseconds: int) -> None:
    person = person_of(scope)
    fields = {
        "id": named,
        "method": scope["method"] if scope["method"] in _METHODS else "other",
        "route": _route(scope),
        "status": status,
        "ms": milliseconds,
        "role": person.role if person else "none",
    }
    _log.info("request", extra={FIELDS: fields})


_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def _route(scope: Scope) -> str:
    """Return the route's template; the start of a path where files are given, else `other`."""
    template = getattr(scope.get("route"), "path", None)
    if template is not None:
        return str(template)
    starts = ("/ui/", "/assets/", "/static/")
    start = next((start for start in starts if scope["path"].startswith(start)), None)
    return start + "..." if start else "other"
