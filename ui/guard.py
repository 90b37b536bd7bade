"""What every response and request must keep to, whatever the route."""

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
_OWN_FILES = "/ui/"  # of one version all; a browser is to ask whether it still has the right ones
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
}
_SHARING = "access-control-"
_READING = {"GET", "HEAD"}


class Guard:
    """Adds headers to every response, and lets no other site's page change anything."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith(_OWN_FILES):
                    headers.setdefault("Cache-Control", "no-cache")
                # Gradio lets pages of this machine's other servers read its answers.
                for name in [name for name in headers if name.startswith(_SHARING)]:
                    del headers[name]
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
    own = {f"{scheme}://{headers.get('host')}" for scheme in ("http", "https")}
    return not own.issuperset(headers.getlist("origin"))
