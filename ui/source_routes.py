"""Source documents, each at an address of its own under `/source/`, and what their pages fetch."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, FastAPI, Header, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse
from starlette.datastructures import QueryParams

from index.errors import (
    IndexMissingError,
    LoadError,
    OriginalChangedError,
    OriginalGoneError,
    PinpointError,
    QuoteError,
)
from index.original import Originals
from index.page_images import PageImages
from qa.api import Pinpoint
from ui import source_page
from ui.problem import status_of, waiting
from ui.source_find import find
from ui.source_parts import PART_CHARS, after, around, before
from ui.spans import Marks, Span, marks
from ui.texts import Found, Texts

_GONE = "This document has changed or was removed; ask again."


def add(app: FastAPI, pinpoint: Pinpoint) -> None:
    """Add the routes to the application."""
    texts, originals = Texts(pinpoint.home), Originals(pinpoint.settings)
    app.include_router(_pages(texts))
    app.include_router(_parts(texts))
    app.include_router(_sheets(texts, originals, PageImages(pinpoint.settings)))


def _pages(texts: Texts) -> APIRouter:
    router = APIRouter()

    @router.get("/source/")
    def no_source() -> HTMLResponse:
        return _note("The source of a quote opens here.")

    @router.get("/source/{sha256}")
    def source(
        sha256: str, start: str = "", end: str = "", astart: str = "", aend: str = ""
    ) -> Response:
        def shown() -> Response:
            found = texts.find(sha256)
            marked = marks(found.text, start, end, astart, aend)
            html = source_page.page(found, texts.structure(found.document), marked)
            return HTMLResponse(html, headers=source_page.HEADERS)

        return _told(shown, _note)

    return router


def _parts(texts: Texts) -> APIRouter:
    router = APIRouter()

    @router.get("/source/{sha256}/text")
    def text(request: Request, sha256: str) -> Response:
        def shown() -> Response:
            found, marked = _found(texts, sha256, request)
            asked = request.query_params
            hit = _hit(asked["hit"], found.text) if "hit" in asked else None
            span = _part(asked, found.text, hit)
            html = source_page.render_part(found, span, marked, hit)
            return HTMLResponse(html, headers=source_page.HEADERS)

        return _told(shown, _plain)

    @router.get("/source/{sha256}/find")
    def search(sha256: str, words: Annotated[str, Query(max_length=1000)] = "") -> Response:
        def shown() -> Response:
            hits = find(texts.find(sha256).text, words)
            found = {"hits": [list(span) for span in hits.spans], "more": hits.more}
            return JSONResponse(found, headers=source_page.HEADERS)

        return _told(shown, _plain)

    return router


def _sheets(texts: Texts, originals: Originals, images: PageImages) -> APIRouter:
    router = APIRouter()

    def checked(found: Found) -> Callable[[], bytes]:
        """Return what reads the file, once it is known to be as it was indexed."""
        if found.document.media_type != source_page.PDF:
            raise ValueError("only pages of PDF files are drawn")
        archives = texts.archives()
        originals.check(found.document, archives)
        return lambda: originals.read(found.document, archives)

    @router.get("/source/{sha256}/page/{number}.png")
    def picture(
        sha256: str,
        number: int,
        width: int = 800,
        if_none_match: Annotated[str | None, Header()] = None,
    ) -> Response:
        def shown() -> Response:
            found = texts.find(sha256)
            read, pixels = checked(found), _width(width)
            file = found.document.file_sha256
            tag = f'"{file}-{number}-{pixels}"'
            headers = source_page.HEADERS | {"ETag": tag, "Cache-Control": "private, no-cache"}
            if if_none_match == tag:
                return Response(status_code=304, headers=headers)
            drawn = images.picture(file, read, number, pixels)
            return Response(drawn, media_type="image/png", headers=headers)

        return _told(shown, _plain)

    @router.get("/source/{sha256}/page/{number}")
    def sheet(request: Request, sha256: str, number: int) -> Response:
        def shown() -> Response:
            found, marked = _found(texts, sha256, request)
            read = checked(found)
            places = texts.rectangles(found.document, *marked.quote)
            shape = images.shape(found.document.file_sha256, read, number, places)
            html = source_page.render_sheet(found, shape, marked)
            return HTMLResponse(html, headers=source_page.HEADERS)

        return _told(shown, _plain)

    return router


def _found(texts: Texts, sha256: str, request: Request) -> tuple[Found, Marks]:
    found, asked = texts.find(sha256), request.query_params
    given = (asked.get(name, "") for name in ("start", "end", "astart", "aend"))
    return found, marks(found.text, *given)


def _part(asked: QueryParams, text: str, hit: Span | None) -> Span:
    if hit is not None:
        return around(text, *hit)
    for name, cut in (("before", before), ("after", after)):
        if name in asked:
            return cut(text, _place(asked[name], text))
    at = _place(asked.get("around", ""), text)
    return around(text, at, at)


def _hit(given: str, text: str) -> Span:
    start, _, end = given.partition("-")
    span = Span(_place(start, text), _place(end, text))
    if not span.start < span.end <= span.start + PART_CHARS:
        raise ValueError(f"{given} is no place in this document")
    return span


def _place(given: str, text: str) -> int:
    if not (given.isascii() and given.isdecimal()) or len(given) > 12 or int(given) > len(text):  # noqa: PLR2004
        raise ValueError(f"{given!r} is no place in this document; it has {len(text)} characters")
    return int(given)


def _width(asked: int) -> int:
    """Return the least of the widths that suffices, so that few pictures are made of a page."""
    return next((width for width in source_page.WIDTHS if width >= asked), source_page.WIDTHS[-1])


def _told(shown: Callable[[], Response], say: Callable[[str, int], Response]) -> Response:
    """Return what is shown, or in words why it cannot be."""
    try:
        return shown()
    except QuoteError:
        return say(_GONE, 404)
    except (OriginalGoneError, IndexMissingError) as error:
        return say(str(error), 404)
    except (OriginalChangedError, LoadError) as error:
        return say(str(error), 409)
    except PinpointError as error:
        return say(str(error), status_of(error))
    except ValueError as error:
        return say(str(error), 400)


def _note(message: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(source_page.render_note(message), status, headers=_headers(status))


def _plain(message: str, status: int) -> PlainTextResponse:
    return PlainTextResponse(message, status, headers=_headers(status))


def _headers(status: int) -> dict[str, str]:
    return source_page.HEADERS | waiting(HTTPStatus(status))
