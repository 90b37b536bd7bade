"""What of Gradio the page needs; the rest of its server is closed."""

import re
from http import HTTPStatus

from starlette.types import ASGIApp, Receive, Scope, Send

from ui.problem import ProblemError

_NEEDED = re.compile(r"/|/theme\.css|/(?:assets|static)(?:/[\w-][\w.-]*)+", re.ASCII)
_NAMED = re.compile(r"/config|/gradio_api/(?:info|queue/data|call/\w+/\w+)", re.ASCII)
_CALLS = re.compile(r"/gradio_api/(?:queue/join|call/\w+)", re.ASCII)


class Needed:
    """Lets the page and its scripts be fetched, and nothing be sent, run or read besides.

    Gradio's server can also take uploads, give out files, run functions and fetch addresses of
    others for the browser. The page does none of it.

    Args:
        app: Gradio's.
        named: Whether programs may call functions that have a name.
    """

    def __init__(self, app: ASGIApp, *, named: bool = False) -> None:
        self._app = app
        self._named = named

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or say that there is nothing."""
        if scope["type"] == "lifespan" or self._is_needed(scope):
            await self._app(scope, receive, send)
        else:
            problem = ProblemError(HTTPStatus.NOT_FOUND, "there is nothing at this address")
            await problem.response(scope, receive, send)

    def _is_needed(self, scope: Scope) -> bool:
        path, method = scope["path"], scope.get("method")
        if method == "POST":
            return self._named and _CALLS.fullmatch(path) is not None
        fetched = _NEEDED.fullmatch(path) or (self._named and _NAMED.fullmatch(path))
        return method in {"GET", "HEAD"} and bool(fetched)
