"""The SQLite file: its schema, and connections to it.

It uses a rollback journal, not a write-ahead log: then reading creates no files, a read-only
folder can be opened, and a writer that dies leaves nothing that a reader has to understand.
"""

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import (
    IndexDamagedError,
    IndexLockedError,
    IndexTooNewError,
    IndexTooOldError,
    NoSpaceError,
    PinpointError,
)

FILE_NAME = "pinpoint.db"
SCHEMA_VERSION = 4
APPLICATION_ID = 0x50494E50  # "PINP"

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE roots (path TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE failures (path TEXT PRIMARY KEY, cause TEXT NOT NULL) WITHOUT ROWID;
-- Archives whose members are documents, as they were when these were read.
CREATE TABLE archives (path TEXT PRIMARY KEY, sha256 TEXT NOT NULL) WITHOUT ROWID;
-- The text of a document, once for all paths that have it.
CREATE TABLE texts (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    text TEXT NOT NULL
);
CREATE TABLE documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    path TEXT NOT NULL UNIQUE,
    size_bytes INTEGER NOT NULL,
    file_sha256 TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    title TEXT NOT NULL,
    date TEXT,
    media_type TEXT NOT NULL,
    authors TEXT,
    language TEXT,
    url TEXT,
    warnings TEXT NOT NULL,
    stat TEXT,
    made_with TEXT NOT NULL DEFAULT '',
    chunked_with TEXT NOT NULL DEFAULT '',
    indexed_at TEXT
);
-- Apart from the rest, as it is large and only chunking and display need it.
CREATE TABLE structures (
    document INTEGER PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
    blocks TEXT NOT NULL,
    locations TEXT NOT NULL,
    layout BLOB
);
CREATE INDEX documents_sha256 ON documents (sha256);
CREATE INDEX documents_date ON documents (date);
CREATE INDEX documents_media_type ON documents (media_type, sha256);
-- Of the documents with one text, only the first by path has chunks.
-- AUTOINCREMENT: an id is never given twice, so FAISS can be caught up by comparing ids.
CREATE TABLE chunks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    heading TEXT NOT NULL,
    sentences TEXT NOT NULL,
    input_sha256 BLOB NOT NULL
);
CREATE INDEX chunks_document ON chunks (document);
CREATE INDEX chunks_input ON chunks (input_sha256);
CREATE TABLE vectors (
    chunk INTEGER PRIMARY KEY REFERENCES chunks ON DELETE CASCADE,
    vector BLOB NOT NULL
);
-- What each change added and removed, so that what is derived can follow it.
CREATE TABLE generations (generation INTEGER PRIMARY KEY, last_chunk INTEGER NOT NULL);
CREATE TABLE removed_chunks (chunk INTEGER PRIMARY KEY, generation INTEGER NOT NULL);
CREATE INDEX removed_chunks_generation ON removed_chunks (generation);
"""
PASSAGES = (
    "CREATE VIRTUAL TABLE passages USING fts5 ("
    "title, heading, body, tokenize = 'porter unicode61 remove_diacritics 2')"
)
"""Makes the full-text index of the chunks."""


@contextmanager
def connection(path: Path, mode: str, timeout: float) -> Iterator[sqlite3.Connection]:
    """Yield a connection in autocommit mode; SQLite's errors become Pinpoint's.

    Raises:
        IndexLockedError: another process kept the database locked for longer than the timeout.
        IndexDamagedError: the file is not, or no longer, an SQLite database.
        PinpointError: it cannot be opened or written.
    """
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    try:
        db = sqlite3.connect(uri, uri=True, timeout=timeout, isolation_level=None)
    except sqlite3.OperationalError as error:
        raise PinpointError(f"{path}: {error}; check the folder's permissions") from error
    try:
        db.execute("PRAGMA foreign_keys = ON")
        yield db
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise IndexLockedError(
                f"{path}: another process is writing to this index; try again when it is done"
            ) from error
        kind = NoSpaceError if "full" in str(error) else PinpointError
        raise kind(f"{path}: {_told(error)}; the index is as it was before") from error
    except sqlite3.DatabaseError as error:
        raise IndexDamagedError(
            f"{path}: {error}; move the file away and run: pinpoint index PATH"
        ) from error
    finally:
        db.close()  # an open transaction is rolled back


def _told(error: sqlite3.OperationalError) -> str:
    """Return what is wrong, with the way out."""
    said = str(error)
    if "full" in said:
        return "the disk is full; free some space and run the command again"
    if "readonly" in said:
        return "the folder or file is read-only; make it writable, or name another --home"
    return said


def check(db: sqlite3.Connection, path: Path) -> None:
    """Refuse a database that is not a Pinpoint index, or has another schema than this one.

    Raises:
        IndexDamagedError, IndexTooOldError, IndexTooNewError.
    """
    version = pragma(db, "user_version")
    if pragma(db, "application_id") != APPLICATION_ID:
        raise IndexDamagedError(f"{path}: not a Pinpoint index; name another --home")
    if version < SCHEMA_VERSION:
        raise IndexTooOldError(
            f"{path}: written by an older Pinpoint (schema {version}, this one knows "
            f"{SCHEMA_VERSION}); bring it up to date with: pinpoint index"
        )
    if version > SCHEMA_VERSION:
        raise IndexTooNewError(
            f"{path}: written by a newer Pinpoint (schema {version}, this one knows "
            f"{SCHEMA_VERSION}); upgrade Pinpoint or name another --home"
        )


def create(db: sqlite3.Connection) -> None:
    """Make the tables of an empty database, inside the open transaction."""
    for statement in (*statements(_SCHEMA), PASSAGES):
        db.execute(statement)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    db.execute("INSERT INTO meta VALUES ('index_id', ?)", (uuid.uuid4().hex,))


def statements(script: str) -> list[str]:
    """Return the statements of a script; `executescript` would commit the open transaction."""
    return [statement for statement in script.split(";\n") if statement.strip()]


def pragma(db: sqlite3.Connection, name: str) -> int:
    """Return the value of a numeric pragma."""
    return int(db.execute(f"PRAGMA {name}").fetchone()[0])
