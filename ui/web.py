"""The web server: the page at `/`, and each source document at an address of its own."""

import contextlib
import errno
import logging
import socket
import sys
import threading
import webbrowser

import uvicorn
from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.staticfiles import StaticFiles

from index.errors import PinpointError
from qa.api import Pinpoint
from qa.conversations import Conversations
from ui import (
    ask_routes,
    choice_routes,
    claim_routes,
    conversation_routes,
    document_routes,
    original_routes,
    page,
    source_routes,
)
from ui.guard import Guard
from ui.job import Job
from ui.line import Line

_ENDING_SECONDS = 5.0
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def serve(pinpoint: Pinpoint, *, host: str, port: int, open_browser: bool) -> None:
    """Serve the page until interrupted; say where on stderr.

    Args:
        pinpoint: Answers the questions. There need not be an index yet.
        host: Name or number of the address to listen on.
        port: Its port; 0 takes a free one.
        open_browser: Open the page in the web browser.

    Raises:
        PinpointError: the index cannot be read, or the address or port cannot be had.
    """
    if pinpoint.exists():
        pinpoint.status()
    # A model of its own, so that no question waits for the chunks that are embedded.
    job = Job(Pinpoint(pinpoint.home, pinpoint.settings))
    with _listen(host, port) as listener:
        warming = threading.Thread(target=_warm_up, args=(pinpoint,), name="warm-up", daemon=True)
        warming.start()
        app = build_app(pinpoint, job)
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
        # One that takes longer is given up; the index stays as it was before it.
        job.stop(_ENDING_SECONDS)


def build_app(pinpoint: Pinpoint, job: Job | None = None) -> FastAPI:
    """Return the application: the page, and the source documents under `/source/`.

    Args:
        pinpoint: Answers the questions.
        job: Changes the index; None makes one with a model of its own.
    """
    job = job or Job(Pinpoint(pinpoint.home, pinpoint.settings))
    # FastAPI's own pages load scripts from elsewhere.
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(Guard)
    app.mount("/ui", StaticFiles(packages=[("ui", "static")]))

    conversations = Conversations(pinpoint.home)
    line = Line()
    ask_routes.add(app, pinpoint, conversations, line)
    claim_routes.add(app, pinpoint, line)
    choice_routes.add(app, pinpoint)
    conversation_routes.add(app, pinpoint, conversations)
    source_routes.add(app, pinpoint)
    original_routes.add(app, pinpoint)
    document_routes.add(app, pinpoint, job)
    page.mount(app)  # last: it takes every address that is left
    return app


def _warm_up(pinpoint: Pinpoint) -> None:
    """Load the models and ask the example questions, so that the first person need not wait."""
    # What goes wrong here is told to who asks.
    with contextlib.suppress(PinpointError):
        pinpoint.examples()


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
