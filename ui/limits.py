"""How much a client may ask for, and how much may wait at all."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from starlette.types import ASGIApp, Receive, Scope, Send

from index.settings import Settings
from ui.closing import Closing
from ui.gone import while_there
from ui.permissions import QUESTIONS, READING
from ui.person import client_of
from ui.problem import ProblemError, try_later
from ui.rate import Rate
from ui.route_table import Table

_QUESTIONS = Table(QUESTIONS)
_FILES = ("/ui/", "/assets/", "/static/")  # many for one look at the page, and no work
_WAIT_SECONDS = 5.0  # for a place among the questions; nobody knows when one ends


class Limits:
    """Refuses requests that are too many, with the time after which to try again.

    Args:
        app: What lies behind.
        settings: How many are too many.
        closing: Whether the server is being ended, so that no new work is taken.
    """

    def __init__(self, app: ASGIApp, *, settings: Settings, closing: Closing) -> None:
        self._app = app
        self._settings = settings
        self._closing = closing
        self._requests = Rate(settings.requests_per_minute)
        self._questions = Rate(settings.questions_per_minute)
        self._asking: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http" or scope["path"].startswith(_FILES):
            return await self._app(scope, receive, send)
        client = client_of(scope)
        try:
            self._check_open(scope["method"])
            _check(self._requests.wait_seconds(client), "too many requests")
            if not _QUESTIONS.holds(scope["method"], scope["path"]):
                return await self._app(scope, receive, send)
            with self._place(client):
                await while_there(self._app, scope, receive, send)
        except ProblemError as problem:  # the application's own never come as far as this
            await problem.response(scope, receive, send)

    def _check_open(self, method: str) -> None:
        if self._closing.begun and method not in READING:
            raise ProblemError(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "Pinpoint is being ended, and takes nothing new; try again when it is back",
                {"Retry-After": "30", "Connection": "close"},
            )

    @contextmanager
    def _place(self, client: str) -> Iterator[None]:
        """Count a question while it waits and is answered."""
        if self._asking.total() >= self._settings.questions_waiting:
            raise try_later(
                HTTPStatus.SERVICE_UNAVAILABLE, "too many questions wait", _WAIT_SECONDS
            )
        if self._asking[client] >= self._settings.questions_at_once:
            _check(_WAIT_SECONDS, "too many of your questions wait")
        _check(self._questions.wait_seconds(client), "too many questions")
        self._asking[client] += 1
        try:
            yield
        finally:
            self._asking[client] -= 1
            self._asking += Counter()  # forgets who waits for nothing


def _check(wait_seconds: float, cause: str) -> None:
    if wait_seconds:
        raise try_later(HTTPStatus.TOO_MANY_REQUESTS, cause, wait_seconds)
