"""What every response and request must keep to, whatever the route."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui import problem

# Gradio's script makes functions from strings and styles elements in place; beyond that, the
# browser is to load nothing from, and send nothing to, any host but ours.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
_READING = {"GET", "HEAD", "OPTIONS"}


class Guard:
    """Adds headers to every response, and lets no other site's page change anything."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", POLICY)
                headers.setdefault("X-Content-Type-Options", "nosniff")
                headers.setdefault("Referrer-Policy", "no-referrer")
            await send(message)

        if scope["type"] == "http" and scope["method"] not in _READING and _foreign(scope):
            await _refused(scope)(scope, receive, send_with_headers)
        else:
            await self.app(scope, receive, send_with_headers)


def _refused(scope: Scope) -> Response:
    detail = "Pages of other sites may not change anything here."
    if scope["path"].startswith("/api/"):
        return problem.response(403, detail)
    return PlainTextResponse(detail, 403)


def _foreign(scope: Scope) -> bool:
    """Tell whether a browser says that a page of another origin sent the request."""
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")
