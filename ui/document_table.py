"""The table of documents, and what else the page says of the collection."""

from contextlib import suppress
from datetime import datetime
from typing import Literal

from index.errors import IndexMissingError
from index.files import is_below
from index.report import Failure
from qa.api import Pinpoint
from qa.models import DocumentPage
from ui.templating import render
from ui.uploads import uploads_folder

PAGE_SIZE = 50
"""Documents shown at once."""

MOST_LISTED = 200
"""Paths in one list; of the rest only the number is told."""

Sort = Literal["path", "title", "kind", "date", "size", "passages", "state", "indexed_at"]
Direction = Literal["ascending", "descending"]

_KILO = 1000
_SIZES = ("bytes", "kB", "MB", "GB")


def table(
    pinpoint: Pinpoint,
    *,
    query: str = "",
    sort: Sort = "path",
    direction: Direction = "ascending",
    offset: int = 0,
) -> str:
    """Return the HTML of one page of the table.

    Args:
        pinpoint: Whose documents.
        query: Only documents with these words in title or path.
        sort: By what.
        direction: In which order.
        offset: How many documents come before the first that is shown.
    """

    def listed(offset: int) -> DocumentPage:
        descending = direction == "descending"
        return pinpoint.documents(
            query, sort, descending=descending, offset=offset, limit=PAGE_SIZE
        )

    page: DocumentPage | None = None
    with suppress(IndexMissingError):
        page = listed(offset)
        if page.total and not page.documents:  # there were more before
            offset = (page.total - 1) // PAGE_SIZE * PAGE_SIZE
            page = listed(offset)
    uploads = str(uploads_folder(pinpoint.home))
    return render(
        "documents_table.html",
        page=page,
        query=query,
        sort=sort,
        direction=direction,
        offset=offset,
        size=PAGE_SIZE,
        size_words=size_words,
        time_words=time_words,
        uploaded=lambda path: is_below(path, uploads),
    )


def places(pinpoint: Pinpoint) -> str:
    """Return the HTML of what could not be read, and of the followed folders."""
    failed: tuple[Failure, ...] = ()
    partial: tuple[Failure, ...] = ()
    roots: tuple[str, ...] = ()
    try:
        status = pinpoint.status()
        failed, partial, roots = status.failed, status.partial, status.roots
    except IndexMissingError:
        pass
    return render(
        "documents_places.html",
        failed=failed,
        partial=partial,
        roots=roots,
        uploads=str(uploads_folder(pinpoint.home)),
        most=MOST_LISTED,
    )


def size_words(size_bytes: int) -> str:
    """Return a file's size as `512 bytes` or `1.2 MB`."""
    size, unit = float(size_bytes), 0
    while size >= _KILO and unit < len(_SIZES) - 1:
        size, unit = size / _KILO, unit + 1
    return f"{size:.0f} {_SIZES[unit]}" if unit == 0 else f"{size:.1f} {_SIZES[unit]}"


def time_words(moment: str | None) -> str:
    """Return a moment in ISO 8601 as `2026-01-02 15:04` of this machine; nothing for None."""
    if moment is None:
        return ""
    return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M")
