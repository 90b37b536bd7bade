"""What of Gradio the page needs; the rest of its server is closed."""

import re
from http import HTTPStatus

from starlette.types import ASGIApp, Receive, Scope, Send

from ui.problem import ProblemError

_NEEDED = re.compile(r"/|/theme\.css|/(?:assets|static)(?:/[\w-][\w.-]*)+", re.ASCII)


class Needed:
    """Lets the page and its scripts be fetched, and nothing be sent, run or read besides.

    Gradio's server can also take uploads, give out files, run functions and fetch addresses of
    others for the browser. The page does none of it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or say that there is nothing."""
        if scope["type"] == "lifespan" or _is_needed(scope):
            await self._app(scope, receive, send)
        else:
            problem = ProblemError(HTTPStatus.NOT_FOUND, "there is nothing at this address")
            await problem.response(scope, receive, send)


def _is_needed(scope: Scope) -> bool:
    path = scope["path"]
    fetched = scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}
    return fetched and _NEEDED.fullmatch(path) is not None
