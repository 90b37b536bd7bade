"""Vectors of a sync that is not committed yet, so that an interrupted one loses no work.

They lie in a file of their own beside the database, which stays one whole generation; the next
sync takes what it can use, and deletes the file once its own work is committed.
"""

import logging
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path

FILE_NAME = "unfinished.db"

_log = logging.getLogger(__name__)


class UnfinishedVectors:
    """Input hash to vector, of one model. It is only a help: without it all goes on.

    Args:
        home: Folder of the index; the caller holds the index's lock.
        fingerprint: Of the embedding model; those of another one are never given.
    """

    def __init__(self, home: Path, fingerprint: str) -> None:
        self._path = home / FILE_NAME
        self._fingerprint = fingerprint
        self._db: sqlite3.Connection | None = None
        self._given_up = False

    def get(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """Return the vectors that are there for these input hashes."""
        if not self._path.exists():
            return {}
        found: dict[bytes, bytes] = {}
        try:
            db = self._open()
            for key in keys:
                row = db.execute(
                    "SELECT vector FROM vectors WHERE model = ? AND input = ?",
                    (self._fingerprint, key),
                ).fetchone()
                if row:
                    found[key] = row[0]
        except sqlite3.Error as error:
            self._give_up(error)
        return found

    def add(self, vectors: Mapping[bytes, bytes]) -> None:
        """Keep these vectors from now on, whatever happens."""
        if self._given_up:
            return
        try:
            rows = [(self._fingerprint, key, vector) for key, vector in vectors.items()]
            with self._open() as db:
                db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)
        except sqlite3.Error as error:
            self._give_up(error)

    def close(self) -> None:
        """Close the file, which stays."""
        if self._db is not None:
            self._db.close()
            self._db = None

    def delete(self) -> None:
        """Delete the file, when the vectors are committed elsewhere."""
        self.close()
        for path in (self._path, self._path.with_name(f"{FILE_NAME}-journal")):
            path.unlink(missing_ok=True)

    def _open(self) -> sqlite3.Connection:
        if self._db is None:
            self._db = sqlite3.connect(self._path)
            self._db.execute(
                "CREATE TABLE IF NOT EXISTS vectors"
                " (model TEXT, input BLOB, vector BLOB NOT NULL, PRIMARY KEY (model, input))"
            )
        return self._db

    def _give_up(self, error: sqlite3.Error) -> None:
        """Go on without; what is kept stays where the disk is full, and goes if it is damaged."""
        _log.warning("%s: %s; an interrupted sync would start again", self._path, error)
        if isinstance(error, sqlite3.OperationalError):
            self._given_up = True
            self.close()
        else:
            self.delete()
