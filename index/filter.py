"""Which documents a question is asked of: bounds of date, place and kind, as SQL."""

import os
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Filter:
    """Bounds that one document has to fulfil together; those that are not given bound nothing.

    Attributes:
        since: First date, `YYYY-MM-DD`; a document without a date is outside.
        until: Last date, included.
        folders: Absolute paths; a document is below one of them, or is it.
        media_types: A document is of one of them.
        without: SHA-256 of texts; a document has none of them.
    """

    since: str | None = None
    until: str | None = None
    folders: tuple[str, ...] = ()
    media_types: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether there is any bound."""
        return self != EVERYTHING

    def where(self, table: str) -> tuple[str, tuple[str, ...]]:
        """Return a condition on a row of `documents`, and its values.

        Args:
            table: The alias under which the query knows `documents`.
        """
        parts = list(self._parts(table))
        condition = " AND ".join(f"({condition})" for condition, _ in parts)
        return condition or "1", tuple(value for _, values in parts for value in values)

    def _parts(self, table: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        if self.since is not None:
            yield f"{table}.date >= ?", (self.since,)
        if self.until is not None:
            yield f"{table}.date <= ?", (self.until,)
        if self.folders:
            below = [_below(table, folder) for folder in self.folders]
            yield " OR ".join(c for c, _ in below), tuple(v for _, values in below for v in values)
        if self.media_types:
            marks = ", ".join("?" * len(self.media_types))
            yield f"{table}.media_type IN ({marks})", self.media_types
        if self.without:
            marks = ", ".join("?" * len(self.without))
            yield f"{table}.sha256 NOT IN ({marks})", self.without


EVERYTHING = Filter()
"""Bounds nothing."""


def _below(table: str, path: str) -> tuple[str, tuple[str, ...]]:
    """Return a condition that the index over paths can answer: at a path, or below it."""
    folder = path.rstrip(os.sep)
    ends = (folder + os.sep, folder + chr(ord(os.sep) + 1))
    column = f"{table}.path"
    return f"({column} = ? OR ({column} >= ? AND {column} < ?))", (path, *ends)
