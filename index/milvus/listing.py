"""The documents of a version as a table, held in memory as long as it is the newest one."""

import json
import sqlite3
from collections.abc import Sequence

from index.database import create
from index.listing import Listing, Row
from index.milvus.store import MilvusStore


def listing(store: MilvusStore) -> Listing:
    """Return the table of a version; the first call for one reads all documents' rows."""
    connection = store.connection
    key = store.version.state
    held = connection.listing
    if held is None or held[0] != key:
        connection.listing = held = key, _filled(store)
    return _Listing(held[1])


class _Listing(Listing):
    """A table whose chunks are counted, but not there."""

    def rows(self, paths: Sequence[str]) -> list[Row]:
        rows = super().rows(paths)
        counts = dict(
            self._db.execute(
                "SELECT sha256, passages FROM documents JOIN held ON document = id"
                " WHERE passages AND sha256 IN (SELECT value FROM json_each(?))",
                (json.dumps([row.sha256 for row in rows]),),
            )
        )
        return [row._replace(passages=counts.get(row.sha256, 0)) for row in rows]

    def _passages(self) -> dict[str | None, int]:
        rows = self._db.execute("SELECT sha256, passages FROM held JOIN documents ON id = document")
        return {sha256: passages for sha256, passages in rows if passages}


def _filled(store: MilvusStore) -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    create(db)
    db.execute("CREATE TABLE held (document INTEGER PRIMARY KEY, passages INTEGER NOT NULL)")
    db.execute("BEGIN")
    warnings = store.warnings()
    for row in store.rows_below():
        stored = row.document
        db.execute(
            "INSERT INTO documents (id, path, size_bytes, file_sha256, sha256, title, date,"
            " media_type, warnings, chunked_with, indexed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?,"
            " ?, ?)",
            (
                stored.rowid,
                stored.path,
                stored.size_bytes,
                stored.file_sha256,
                stored.sha256,
                stored.title,
                stored.date,
                stored.media_type,
                json.dumps(warnings.get(stored.path, ()), ensure_ascii=False),
                stored.chunked_with,
                row.indexed_at,
            ),
        )
        db.execute("INSERT INTO held VALUES (?, ?)", (stored.rowid, row.chunks))
    db.executemany("INSERT INTO failures VALUES (?, ?)", store.failures().items())
    db.execute("COMMIT")
    return db
