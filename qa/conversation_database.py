"""The SQLite file of conversations, apart from the index, which can be made anew from documents.

Like the index it keeps a rollback journal: reading makes no file, and a writer that dies leaves
nothing that a reader must understand.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from index.database import pragma, statements
from index.errors import IndexLockedError, NoSpaceError, PinpointError

FILE_NAME = "conversations.db"
SCHEMA_VERSION = 1
APPLICATION_ID = 0x50494E54  # "PINT"
TIMEOUT_SECONDS = 10.0

_SCHEMA = """
CREATE TABLE conversations (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    owner TEXT NOT NULL,
    title TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);
CREATE INDEX conversations_newest ON conversations (owner, updated_at, number);
-- A turn has an answer, or else an error in words.
CREATE TABLE turns (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    conversation INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
    asked TEXT NOT NULL,
    question TEXT NOT NULL,
    filters TEXT NOT NULL,
    answer TEXT,
    error TEXT,
    rating INTEGER NOT NULL DEFAULT 0 CHECK (rating IN (-1, 0, 1)),
    created_at TEXT NOT NULL
);
CREATE INDEX turns_conversation ON turns (conversation, number);
-- A turn's words have its number, a title's the conversation's number below zero.
CREATE VIRTUAL TABLE words USING fts5 (
    body, conversation UNINDEXED, tokenize = 'unicode61 remove_diacritics 2'
);
"""


def exists(home: Path) -> bool:
    """Tell whether the file was ever made."""
    return (home / FILE_NAME).exists()


@contextmanager
def reading(home: Path) -> Iterator[sqlite3.Connection | None]:
    """Yield a connection that sees one state during the block; None where nothing is kept yet.

    Raises:
        PinpointError: the file is damaged, locked for long, or of a newer Pinpoint.
    """
    path = home / FILE_NAME
    if not exists(home):
        yield None
        return
    with _connection(path, "rw") as db:
        db.execute("BEGIN")
        yield db if _made(db, path) else None


@contextmanager
def writing(home: Path) -> Iterator[sqlite3.Connection]:
    """Yield a connection in a transaction, committed in the end; it makes the file if need be.

    Raises:
        PinpointError: as `reading`, or the file cannot be written.
    """
    path = home / FILE_NAME
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PinpointError(f"{home}: cannot be made ({error}); name another --home") from error
    with _connection(path, "rwc") as db:
        db.execute("PRAGMA secure_delete = ON")  # what a person deletes is gone from the file
        db.execute("BEGIN IMMEDIATE")
        if not _made(db, path):
            _create(db)
        yield db
        db.execute("COMMIT")


@contextmanager
def _connection(path: Path, mode: str) -> Iterator[sqlite3.Connection]:
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    try:
        with closing(
            sqlite3.connect(uri, uri=True, timeout=TIMEOUT_SECONDS, isolation_level=None)
        ) as db:
            db.row_factory = sqlite3.Row
            db.execute("PRAGMA foreign_keys = ON")
            yield db  # an open transaction is rolled back when it closes
    except sqlite3.OperationalError as error:
        said = str(error)
        raise _kind(said)(f"{path}: {_told(said)}") from error
    except sqlite3.DatabaseError as error:
        raise PinpointError(f"{path}: {error}; move the file away to begin anew") from error


def _kind(said: str) -> type[PinpointError]:
    if "locked" in said:
        return IndexLockedError
    return NoSpaceError if "full" in said else PinpointError


def _told(said: str) -> str:
    """Return what is wrong, with the way out."""
    ways = {
        "locked": "another process keeps writing to it; try again",
        "full": "the disk is full; free some space",
        "readonly": "the folder or file is read-only; make it writable",
        "unable to open": "it cannot be opened; check the folder's permissions",
    }
    return next((way for word, way in ways.items() if word in said), said)


def _made(db: sqlite3.Connection, path: Path) -> bool:
    """Tell whether the tables are there, of the version that this Pinpoint knows."""
    if not db.execute("SELECT EXISTS (SELECT 1 FROM sqlite_master)").fetchone()[0]:
        return False
    if pragma(db, "application_id") != APPLICATION_ID:
        raise PinpointError(f"{path}: these are no conversations; move the file away")
    version = pragma(db, "user_version")
    if version > SCHEMA_VERSION:
        raise PinpointError(
            f"{path}: written by a newer Pinpoint (schema {version}, this one knows "
            f"{SCHEMA_VERSION}); upgrade Pinpoint or move the file away"
        )
    return True


def _create(db: sqlite3.Connection) -> None:
    for statement in statements(_SCHEMA):
        db.execute(statement)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
