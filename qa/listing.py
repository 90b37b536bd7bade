"""The table of all documents, and what it can be bound to."""

from typing import Literal

from index.errors import InputError
from index.filter import Filter
from index.kind_names import kind_name
from index.listing import SORTS, Row
from index.store import Store
from qa.bounds import MOST_FOLDERS
from qa.models import DocumentPage, ListedDocument

MOST_ROWS = 1000
"""Rows of one page at most."""


def page(
    store: Store,
    query: str,
    within: Filter,
    sort: str,
    *,
    descending: bool,
    offset: int,
    limit: int,
) -> DocumentPage:
    """Return a part of the table; see `Pinpoint.documents`.

    Raises:
        InputError: the query is no text, the key to sort by unknown, or a number out of bounds.
    """
    if any("\ud800" <= character <= "\udfff" for character in query):
        raise InputError("the query is not valid Unicode text; type it in UTF-8")
    if sort not in SORTS:
        raise InputError(f"cannot sort by {sort!r}; sort by one of {', '.join(SORTS)}")
    if offset < 0:
        raise InputError(f"offset {offset} is below 0; count rows from 0")
    if not 1 <= limit <= MOST_ROWS:
        raise InputError(f"limit {limit} is out of bounds; take from 1 to {MOST_ROWS} rows")
    listing = store.listing()
    paths = listing.paths(query, within, sort, descending=descending)
    rows = listing.rows(paths[offset : offset + limit])
    return DocumentPage(total=len(paths), documents=tuple(_listed(row) for row in rows))


def folders(store: Store) -> tuple[str, ...]:
    """Return the paths that are followed and the folders and archives directly in them, sorted.

    Of more than `MOST_FOLDERS` the followed ones, and then those with most documents.
    """
    roots = store.roots()
    inner = [found for root in roots for found in store.listing().subfolders(root)]
    inner.sort(key=lambda found: (-found[1], found[0]))
    kept = dict.fromkeys([*roots, *(path for path, _ in inner)])
    return tuple(sorted(list(kept)[:MOST_FOLDERS]))


def kinds(store: Store) -> tuple[str, ...]:
    """Return the short names of the kinds that documents are of, sorted."""
    names = {kind_name(media_type) for media_type in store.listing().media_types()}
    return tuple(sorted(name for name in names if name is not None))


def _listed(row: Row) -> ListedDocument:
    return ListedDocument(
        path=row.path,
        title=row.title,
        kind=None if row.media_type is None else kind_name(row.media_type),
        media_type=row.media_type,
        date=row.date,
        size_bytes=row.size_bytes,
        passages=row.passages,
        state=_state(row),
        causes=row.warnings if row.cause is None else (row.cause,),
        copy_of=row.copy_of,
        indexed_at=row.indexed_at,
        sha256=row.sha256,
    )


def _state(row: Row) -> Literal["indexed", "partial", "copy", "failed"]:
    if row.cause is not None:
        return "failed"
    if row.warnings:
        return "partial"
    return "indexed" if row.copy_of is None else "copy"
