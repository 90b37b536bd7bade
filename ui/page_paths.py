"""What of Gradio the page needs; the rest of its server is closed."""

import re
from http import HTTPStatus

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.call_body import Functions, checked
from ui.problem import ProblemError

_NEEDED = re.compile(r"/|/theme\.css|/(?:assets|static)(?:/[\w-][\w.-]*)+", re.ASCII)
_NAMED = re.compile(r"/config|/gradio_api/(?:info|queue/data|call/\w+/\w+)", re.ASCII)
_CALLS = re.compile(r"/gradio_api/(?:queue/join|call/(\w+))", re.ASCII)


class Needed:
    """Lets the page and its scripts be fetched, and nothing be sent, run or read besides.

    Gradio's server can also take uploads, give out files, run functions and fetch addresses of
    others for the browser. The page does none of it.

    Args:
        app: Gradio's.
        functions: What programs may call.
    """

    def __init__(self, app: ASGIApp, functions: Functions) -> None:
        self._app = app
        self._functions = functions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or say that there is nothing."""
        try:
            if scope["type"] != "lifespan":
                receive = await self._checked(scope, receive)
        except ProblemError as problem:
            await problem.response(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _checked(self, scope: Scope, receive: Receive) -> Receive:
        path, method = scope["path"], scope.get("method")
        if method in {"GET", "HEAD"} and (_NEEDED.fullmatch(path) or _NAMED.fullmatch(path)):
            return receive
        if method == "POST" and (called := _CALLS.fullmatch(path)):
            return await checked(await Request(scope, receive).body(), called[1], self._functions)
        raise ProblemError(HTTPStatus.NOT_FOUND, "there is nothing at this address")
