"""Full-text search over passages that are in memory, with SQLite's own ranking."""

import sqlite3
from collections.abc import Iterable

from index.database import PASSAGES


class Words:
    """BM25 over some passages, as the store in the home has it over all.

    Args:
        passages: Chunk id and all that is searched by words: title, headings and body in lines.
    """

    def __init__(self, passages: Iterable[tuple[int, str]]) -> None:
        self._db = sqlite3.connect(":memory:", check_same_thread=False)
        self._db.execute(PASSAGES)
        self._db.executemany("INSERT INTO passages (rowid, body) VALUES (?, ?)", passages)

    def search(self, match: str, limit: int) -> list[tuple[int, float]]:
        """Return `(chunk, BM25 score >= 0)` of an FTS5 query, by (-score, chunk)."""
        rows = self._db.execute(
            "SELECT rowid, -bm25(passages) AS score FROM passages WHERE passages MATCH ?"
            " ORDER BY score DESC, rowid LIMIT ?",
            (match, limit),
        )
        return [(chunk, max(score, 0.0)) for chunk, score in rows]
