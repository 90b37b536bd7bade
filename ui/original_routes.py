"""The files that documents were read from, as they are."""

from http import HTTPStatus
from urllib.parse import quote

from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import HTMLResponse

from index.errors import (
    IndexMissingError,
    OriginalChangedError,
    OriginalGoneError,
    PinpointError,
    QuoteError,
)
from index.kind import PLAIN
from index.original import Originals
from index.stores import open_store
from qa.api import Pinpoint
from ui.problem import status_of, waiting
from ui.source_page import HEADERS, PDF, render_note

_INLINE = (PDF, PLAIN, "image/png", "image/jpeg")
"""Kinds that a browser shows without running anything of theirs."""
_HEADERS = HEADERS | {
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    "Cache-Control": "private, no-store",
}


def add(app: FastAPI, pinpoint: Pinpoint) -> None:
    """Add the route to the application."""
    originals = Originals(pinpoint.settings)
    router = APIRouter()

    @router.get("/original/{sha256}")
    def original(sha256: str) -> Response:
        try:
            return _file(pinpoint, originals, sha256)
        except (QuoteError, OriginalGoneError, IndexMissingError) as error:
            return _note(str(error), 404)
        except OriginalChangedError as error:
            return _note(str(error), 409)
        except PinpointError as error:
            return _note(str(error), status_of(error))

    app.include_router(router)


def _file(pinpoint: Pinpoint, originals: Originals, sha256: str) -> Response:
    with open_store(pinpoint.home) as store:
        document = store.described_by_text(sha256)
        archives = store.archives()
    if document is None:
        raise QuoteError(f"no document with SHA-256 {sha256} in {pinpoint.home}; ask again")
    content = originals.read(document, archives)
    inline = document.media_type in _INLINE
    kind = document.media_type if inline else "application/octet-stream"
    name = document.path.replace("\\", "/").rpartition("/")[2]
    place = "inline" if inline else "attachment"
    headers = _HEADERS | {
        "Content-Disposition": f"{place}; filename*=UTF-8''{quote(name, safe='')}"
    }
    if kind == PLAIN:
        kind = f"{PLAIN}; charset={_charset(content)}"
    return Response(content, headers=headers | {"Content-Type": kind})


def _charset(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"


def _note(message: str, status: int) -> HTMLResponse:
    headers = HEADERS | waiting(HTTPStatus(status))
    return HTMLResponse(render_note(message), status, headers=headers)
