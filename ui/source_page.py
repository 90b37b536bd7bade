"""The page that shows a document with one quote marked, and the parts that it fetches later."""

from collections.abc import Sequence
from urllib.parse import urlencode, urlsplit

from index.document import Location
from index.formats.fragment import text_fragment
from index.page_images import PageShape
from ui.source_parts import Part, around, part
from ui.source_rows import table_at
from ui.spans import Marks, Span
from ui.templating import render
from ui.texts import Found, Structure

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "connect-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
"""Sent with every source page: nothing from elsewhere, shown in no other site's frame."""

PDF = "application/pdf"
WIDTHS = (600, 800, 1200, 1600, 2400)
"""Widths in pixels that pages are drawn in."""


def page(found: Found, structure: Structure, marks: Marks) -> str:
    """Return the page of a document, with the part of its text around the quote, if there is one.

    The characters of the quote and of some 20,000 on either side stand in it; `render_part` gives
    what comes before and after them.
    """
    document, text = found.document, found.text
    sheet = _sheet(structure.locations, marks.quote) if document.media_type == PDF else None
    quoted = text[slice(*marks.quote)]
    table = table_at(text, structure.blocks, structure.locations, marks) if quoted else None
    views = [("sheets", "Page")] if sheet else []
    views += [("table", "Table")] if table else []
    authors = f"by {document.authors}" if document.authors else None
    characters = f"characters {marks.quote.start}\N{EN DASH}{marks.quote.end}"
    characters = characters if quoted else f"{len(text)} characters"
    return render(
        "source_page.html",
        title=document.title,
        about=[said for said in (authors, document.date, characters) if said],
        path=document.path,
        language=document.language or "",
        original=f"/original/{document.sha256}",
        link=_web_link(found.url, quoted),
        views=[*views, ("text", "Text")],
        sheet=sheet,
        table=table,
        length=len(text),
        quoted=bool(quoted),
        part=part(text, around(text, *marks.quote), *marks),
        **_addresses(document.sha256, marks),
    )


def render_part(found: Found, span: Span, marks: Marks, hit: Span | None) -> str:
    """Return a part of the text, with what it holds of the quote and of words searched for."""
    shown: Part = part(found.text, span, *marks, hit)
    addresses = _addresses(found.document.sha256, marks)
    return render("source_part.html", part=shown, **addresses)


def render_sheet(found: Found, shape: PageShape, marks: Marks) -> str:
    """Return a page of a PDF file, its picture to be fetched, with the quote's rectangles."""
    return render(
        "source_sheet.html",
        page=shape,
        widths=WIDTHS,
        width=max(1, round(shape.width)),
        height=max(1, round(shape.height)),
        **_addresses(found.document.sha256, marks),
    )


def render_note(message: str) -> str:
    """Return a page with one message, for when there is no document to show."""
    return render("source_note.html", title="Pinpoint", message=message)


def _addresses(sha256: str, marks: Marks) -> dict[str, str]:
    quote = marks.quote
    places = {"start": quote.start, "end": quote.end} if quote.start < quote.end else {}
    if marks.answer is not None:
        places |= {"astart": marks.answer.start, "aend": marks.answer.end}
    address, query = f"/source/{sha256}", urlencode(places)
    return {
        "address": address,
        "query": query,
        "at_quote": f"{address}/text?around={quote.start}&{query}",
    }


def _sheet(locations: Sequence[Location], quote: Span) -> str | None:
    """Return the address' part of the page that a quote begins on, or else of the first."""
    end = max(quote.end, quote.start + 1)
    touched = (p for p in locations if p.kind == "page" and p.start < end and quote.start < p.end)
    return next((place.name for place in touched if place.name.isdecimal()), None)


def _web_link(url: str | None, quote: str) -> str | None:
    """Return a web page's address at the quote; no other kind of address is ever offered."""
    if url is None:
        return None
    try:
        web = urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return None
    return url + (text_fragment(quote) if quote else "") if web else None
