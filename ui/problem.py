"""Errors as problem details (RFC 9457), whose `detail` says in words what is wrong."""

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from index.errors import (
    BusyError,
    ConversationMissingError,
    CrowdedError,
    DocumentMissingError,
    IndexLockedError,
    IndexMissingError,
    InputError,
    NoSpaceError,
    PinpointError,
)
from ui.multipart import TooManyFilesError

MEDIA_TYPE = "application/problem+json"
FAULT = "Something went wrong; the terminal says what."
"""What a person is told of an error that nobody thought of."""

_MOST_FAULTS = 10
_RETRY_AFTER_SECONDS = "5"  # nobody knows when a question or a long commit ends
_STATUS: dict[type[PinpointError], HTTPStatus] = {
    BusyError: HTTPStatus.CONFLICT,
    IndexLockedError: HTTPStatus.SERVICE_UNAVAILABLE,
    NoSpaceError: HTTPStatus.INSUFFICIENT_STORAGE,
    IndexMissingError: HTTPStatus.NOT_FOUND,
    DocumentMissingError: HTTPStatus.NOT_FOUND,
    ConversationMissingError: HTTPStatus.NOT_FOUND,
    CrowdedError: HTTPStatus.SERVICE_UNAVAILABLE,
    TooManyFilesError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    InputError: HTTPStatus.BAD_REQUEST,
}


class ProblemError(Exception):
    """Ends a request with a status, a message, and headers if any."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers

    @property
    def response(self) -> JSONResponse:
        """The problem as a response."""
        headers = dict(self.headers or {})
        return JSONResponse(self.body(), self.status, headers, media_type=MEDIA_TYPE)

    def body(self) -> dict[str, Any]:
        """Return it as it is sent; what is no text, as it can come from outside, is replaced."""
        told = self.detail.encode(errors="replace").decode()
        title = HTTPStatus(self.status).phrase
        return {"title": title, "status": int(self.status), "detail": told}


def try_later(status: HTTPStatus, cause: str, wait_seconds: float) -> ProblemError:
    """Return the problem of somebody who is to try again after some time, rounded up."""
    seconds = max(1, math.ceil(wait_seconds))
    unit = "second" if seconds == 1 else "seconds"
    return ProblemError(
        status, f"{cause}; try again in {seconds} {unit}", {"Retry-After": str(seconds)}
    )


def add(app: FastAPI) -> None:
    """Let an application answer with problem details; calling it again changes nothing."""
    app.add_exception_handler(ProblemError, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_bad_request)


@contextmanager
def problems() -> Iterator[None]:
    """Turn the library's errors in the block into problems."""
    try:
        yield
    except PinpointError as error:
        status = status_of(error)
        raise ProblemError(status, str(error), waiting(status)) from error


def status_of(error: PinpointError) -> HTTPStatus:
    """Return the status that tells an error of the library's."""
    found = (status for kind, status in _STATUS.items() if isinstance(error, kind))
    return next(found, HTTPStatus.INTERNAL_SERVER_ERROR)


def waiting(status: HTTPStatus) -> dict[str, str]:
    """Return the headers that say when to try again, for a status that passes by itself."""
    passing = status == HTTPStatus.SERVICE_UNAVAILABLE
    return {"Retry-After": _RETRY_AFTER_SECONDS} if passing else {}


async def _on_problem(_: Request, error: Exception) -> JSONResponse:
    if isinstance(error, ProblemError):
        return error.response
    return response(HTTPStatus.INTERNAL_SERVER_ERROR, str(error))


async def _on_bad_request(_: Request, error: Exception) -> JSONResponse:
    faults = error.errors() if isinstance(error, RequestValidationError) else []
    if isinstance(getattr(error, "body", None), bytes):
        return response(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "the body is not sent as JSON; send it with Content-Type: application/json",
        )
    words = [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in faults]
    if len(words) > _MOST_FAULTS:
        words[_MOST_FAULTS:] = [f"and {len(words) - _MOST_FAULTS} more"]
    return response(HTTPStatus.UNPROCESSABLE_ENTITY, "; ".join(words))


def response(status: int, detail: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Return a problem."""
    return ProblemError(status, detail, headers).response
