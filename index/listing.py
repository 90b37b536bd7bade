"""The documents of an index as a table that can be searched, sorted and turned page by page.

Files that could not be indexed are rows of it too. SQLite finds the rows within bounds; Python
searches and sorts them, as it knows the letters of all scripts and is faster at it.
"""

import json
import os
import sqlite3
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from pathlib import PurePath
from typing import Any, NamedTuple

from index.filter import Filter
from index.kind import BY_NAME
from index.kind_names import kind_name

_ROWS = """
SELECT d.path, d.title, d.media_type, d.date, d.size_bytes, d.sha256, d.indexed_at, d.warnings,
    f.cause, d.chunked_with = '' AS copy
    FROM documents d LEFT JOIN failures f ON f.path = d.path
UNION ALL
SELECT path, stem(path), type_by_ending(path), NULL, NULL, NULL, NULL, '[]', cause, 0
    FROM failures WHERE path NOT IN (SELECT path FROM documents)
"""
# CROSS JOIN keeps the order: SQLite would look through all chunks where it has no statistics.
_DETAILS = f"""
SELECT l.path, title, media_type, date, size_bytes, sha256, indexed_at, warnings, cause,
    (SELECT count(*) FROM documents h CROSS JOIN chunks c ON c.document = h.id
        WHERE h.sha256 = l.sha256),
    (SELECT h.path FROM documents h
        WHERE l.copy AND h.sha256 = l.sha256 AND h.chunked_with != '')
    FROM ({_ROWS}) l WHERE l.path IN (SELECT value FROM json_each(?))
"""  # noqa: S608
_STATE = (
    "CASE WHEN cause IS NOT NULL THEN 0 WHEN warnings != '[]' THEN 1 WHEN copy THEN 2 ELSE 3 END"
)
SORTS = {
    "path": "path",
    "title": "title",
    "kind": "media_type",
    "date": "date",
    "size": "size_bytes",
    "passages": "sha256",
    "state": _STATE,
    "indexed_at": "indexed_at",
}
"""What rows can be sorted by, and the column that tells it; of states, failures come first."""


class Row(NamedTuple):
    """A row: a document, or a file or folder that could not be indexed (`sha256` is None).

    `passages` are the chunks of its text, which copies share; `copy_of` is the path whose chunks a
    copy shares. `warnings` tell what could not be read of it, `cause` why its newest version, or
    the file at all, is not in the index. `indexed_at` is None where it is not known.
    """

    path: str
    title: str
    media_type: str | None
    date: str | None
    size_bytes: int | None
    sha256: str | None
    indexed_at: str | None
    warnings: tuple[str, ...]
    cause: str | None
    passages: int
    copy_of: str | None


class Listing:
    """The table in one generation of an index.

    Args:
        db: A connection that may read it.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        db.create_function("stem", 1, _stem, deterministic=True)
        db.create_function("type_by_ending", 1, _type_by_ending, deterministic=True)

    def paths(self, query: str, within: Filter, sort: str, *, descending: bool) -> list[str]:
        """Return the paths of rows with the query in path or title, in letters of any case.

        They come by a key of `SORTS` and then by path; those without it last in both directions.
        """
        where, values = within.where("l")
        found = self._db.execute(
            f"SELECT path, title, {SORTS[sort]} FROM ({_ROWS}) l WHERE {where}",  # noqa: S608
            values,
        ).fetchall()
        words = _folded(query.strip())
        key = self._key(sort)
        rows = [
            (path, key(value))
            for path, title, value in found
            if not words or words in _folded(path) or words in _folded(title)
        ]
        rows.sort(key=itemgetter(0))
        known = [row for row in rows if row[1] is not None]
        known.sort(key=itemgetter(1), reverse=descending)  # leaves equal ones as they are
        return [path for path, _ in known] + [path for path, value in rows if value is None]

    def _key(self, sort: str) -> Callable[[Any], Any]:
        """Return what makes a value comparable, and None of one that is not known."""
        if sort == "title":
            return _folded
        if sort == "kind":
            return lambda media_type: None if media_type is None else kind_name(media_type)
        if sort == "passages":
            counts = self._passages()
            return lambda sha256: counts.get(sha256, 0)
        return lambda value: value

    def _passages(self) -> dict[str | None, int]:
        """Return how many chunks each text has, by its SHA-256."""
        rows = self._db.execute(
            "WITH held AS (SELECT document, count(*) AS passages FROM chunks GROUP BY document)"
            " SELECT sha256, passages FROM held JOIN documents ON id = document"
        )
        return dict(rows.fetchall())

    def rows(self, paths: Sequence[str]) -> list[Row]:
        """Return the rows with these paths, in this order."""
        rows = self._db.execute(_DETAILS, (json.dumps(paths),))
        found = {row[0]: Row(*row)._replace(warnings=tuple(json.loads(row[7]))) for row in rows}
        return [found[path] for path in paths]

    def media_types(self) -> list[str]:
        """Return the media types of all documents, sorted."""
        rows = self._db.execute("SELECT DISTINCT media_type FROM documents ORDER BY media_type")
        return [row[0] for row in rows]

    def subfolders(self, root: str) -> Iterator[tuple[str, int]]:
        """Yield the folders and archives directly in a folder, and how many documents each has."""
        folder = root.rstrip(os.sep) + os.sep
        rows = self._db.execute(
            "SELECT ? || substr(path, ?, instr(substr(path, ?), ?) - 1) AS place, count(*)"
            " FROM documents WHERE path >= ? AND path < ? AND instr(substr(path, ?), ?)"
            " GROUP BY place ORDER BY place",
            (
                *(folder, len(folder) + 1, len(folder) + 1, os.sep),
                *(folder, folder[:-1] + chr(ord(os.sep) + 1), len(folder) + 1, os.sep),
            ),
        )
        yield from rows


def _folded(text: str) -> str:
    """Return a text so that letters of either case, and composed or not, are the same."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def _stem(path: str) -> str:
    return PurePath(path).stem


def _type_by_ending(path: str) -> str | None:
    return BY_NAME.get(PurePath(path).suffix.lower())
