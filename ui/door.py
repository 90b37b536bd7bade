"""Nobody comes in without a password or token once there is anybody who has one."""

import logging
from http import HTTPStatus
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from index.errors import PinpointError
from ui.keys import Keys
from ui.permissions import Need, may, need
from ui.person import ANYBODY, Person, is_forwarded, with_person
from ui.problem import ProblemError

_log = logging.getLogger(__name__)


class Door:
    """Lets requests pass to the application with the person they are from, or refuses them.

    Args:
        app: What lies behind.
        keys: Finds out who a request is from.
        ajar: Whether everybody may do everything while nobody is in the access file; only for
            addresses that no other machine reaches.
    """

    def __init__(self, app: ASGIApp, *, keys: Keys, ajar: bool) -> None:
        self._app = app
        self._keys = keys
        self._ajar = ajar

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "lifespan":
            return await self._app(scope, receive, send)
        if scope["type"] != "http":  # the page opens no web sockets
            return await send({"type": "websocket.close", "code": 1008})
        needed = need(scope["method"], scope["path"])
        if needed == "nothing":
            return await self._app(scope, receive, send)
        try:
            person = await self._person(scope)
        except ProblemError as problem:
            return await problem.response(scope, receive, send)
        refused = _refusal(with_person(scope, person), person, needed)
        return await (refused or self._app)(scope, receive, send)

    async def _person(self, scope: Scope) -> Person | None:
        try:
            # What a proxy forwards may come from anywhere.
            if self._ajar and not self._keys.demanded and not is_forwarded(scope):
                return ANYBODY
            return await self._keys.person(scope)
        except PinpointError as error:
            _log.error("nobody can be let in: %s", error)
            raise ProblemError(
                HTTPStatus.SERVICE_UNAVAILABLE, "nobody can be let in; the terminal says why"
            ) from None


def _refusal(scope: Scope, person: Person | None, needed: Need) -> Response | None:
    if person is None:
        return _to_login(scope) if _is_visit(scope) else _unknown()
    if may(person.role, needed):
        return None
    problem = ProblemError(
        HTTPStatus.FORBIDDEN, "you may ask, but not change documents; ask whoever runs Pinpoint"
    )
    return problem.response


def _unknown() -> Response:
    problem = ProblemError(
        HTTPStatus.UNAUTHORIZED,
        "log in on the page, or send a token as Authorization: Bearer",
        {"WWW-Authenticate": "Bearer"},
    )
    return problem.response


def _is_visit(scope: Scope) -> bool:
    """Tell whether a person opens a page, and not a program fetches something."""
    return scope["method"] == "GET" and "text/html" in Headers(scope=scope).get("accept", "")


def _to_login(scope: Scope) -> Response:
    query = scope["query_string"].decode("latin-1")
    asked = scope["path"] + (f"?{query}" if query else "")
    return RedirectResponse(f"/login?next={quote(asked, safe='')}", HTTPStatus.SEE_OTHER)
