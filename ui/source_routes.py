"""Source documents, each at an address of its own under `/source/`."""

from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from index.errors import PinpointError, QuoteError
from qa.api import Pinpoint
from ui import source_page

_GONE = "This document has changed or was removed; ask again."


def add(app: FastAPI, pinpoint: Pinpoint) -> None:
    """Add the routes to the application."""

    @app.get("/source/")
    def no_source() -> HTMLResponse:
        return _note("The source of a quote opens here.")

    @app.get("/source/{sha256}")
    def source(
        sha256: str, start: str = "", end: str = "", astart: str = "", aend: str = ""
    ) -> HTMLResponse:
        try:
            quote = _span(start, end) if start or end or astart or aend else None
            answer = _span(astart, aend) if astart or aend else None
            document, text = pinpoint.document(sha256)
            if quote is None:
                html = source_page.render_whole(document, text)
            else:
                html = source_page.render(document, text, *quote, answer)
        except ValueError as error:
            return _note(str(error), status=400)
        except QuoteError:
            return _note(_GONE, status=404)
        except PinpointError as error:
            return _note(str(error), status=500)
        return HTMLResponse(html, headers=source_page.HEADERS)


def _span(start: str, end: str) -> tuple[int, int]:
    try:
        return int(start), int(end)
    except ValueError as error:
        raise ValueError("start and end must both be given, as whole numbers") from error


def _note(message: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(source_page.render_note(message), status, headers=source_page.HEADERS)
