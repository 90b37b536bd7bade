"""The web server: the page at `/`, and each source document at an address of its own."""

import contextlib
import errno
import logging
import socket
import sys
import webbrowser
from importlib.resources import files

import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from starlette.datastructures import MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.errors import PinpointError, QuoteError
from qa.api import Pinpoint
from ui import page, source_page

# Gradio's script makes functions from strings and styles elements in place; beyond that, the
# browser is to load nothing from, and send nothing to, any host but ours.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_GONE = "This document has changed or was removed; ask again."


def serve(pinpoint: Pinpoint, *, host: str, port: int, open_browser: bool) -> None:
    """Serve the page until interrupted; say where on stderr.

    Args:
        pinpoint: Answers the questions.
        host: Name or number of the address to listen on.
        port: Its port; 0 takes a free one.
        open_browser: Open the page in the web browser.

    Raises:
        IndexMissingError: there is no index yet.
        PinpointError: the address or port cannot be had.
    """
    pinpoint.status()
    with _listen(host, port) as listener:
        app = build_app(pinpoint)
        if host in {"127.0.0.1", "localhost", "::1"}:
            # A site elsewhere could point its own name at this machine to read the answers.
            app.add_middleware(TrustedHostMiddleware, allowed_hosts=_LOOPBACK)
        address = _address(host, listener.getsockname()[1])
        print(f"Pinpoint is ready at {address}", file=sys.stderr, flush=True)  # noqa: T201
        if open_browser:
            webbrowser.open(address)
        server = uvicorn.Server(
            uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
        )
        # An open page holds a connection for good; cutting it at the end is no error.
        logging.getLogger("uvicorn.error").addFilter(lambda _: not server.should_exit)
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[listener])


def build_app(pinpoint: Pinpoint) -> FastAPI:
    """Return the application: the page, and the source documents under `/source/`."""
    # FastAPI's own pages load scripts from elsewhere.
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(_OwnHostOnly)

    @app.get("/source/")
    def no_source() -> HTMLResponse:
        return _note("The source of a quote opens here.")

    @app.get("/source/{sha256}")
    def source(
        sha256: str, start: str = "", end: str = "", astart: str = "", aend: str = ""
    ) -> HTMLResponse:
        try:
            quote = _span(start, end)
            answer = _span(astart, aend) if astart or aend else None
            document, text = pinpoint.document(sha256)
            html = source_page.render(document, text, *quote, answer)
        except ValueError as error:
            return _note(str(error), status=400)
        except QuoteError:
            return _note(_GONE, status=404)
        except PinpointError as error:
            return _note(str(error), status=500)
        return HTMLResponse(html, headers=source_page.HEADERS)

    page.mount(app, pinpoint, files("ui").joinpath("page.css").read_text(encoding="utf-8"))
    return app


def _span(start: str, end: str) -> tuple[int, int]:
    try:
        return int(start), int(end)
    except ValueError as error:
        raise ValueError("start and end must both be given, as whole numbers") from error


def _note(message: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(source_page.render_note(message), status, headers=source_page.HEADERS)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        used = error.errno == errno.EADDRINUSE
        cause = "is in use" if used else f"cannot be had ({error.strerror})"
        way_out = "--port" if used else "--host or --port"
        raise PinpointError(
            f"port {port} on {host} {cause}; choose another with {way_out}"
        ) from error


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _OwnHostOnly:
    """Adds the policy to every response that has none of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).setdefault("Content-Security-Policy", _POLICY)
            await send(message)

        await self.app(scope, receive, send_with_policy)
