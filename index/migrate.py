"""Brings the database of an older Pinpoint forward, after a copy of it was put aside."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from index.database import SCHEMA_VERSION, pragma, statements
from index.errors import IndexTooOldError

OLDEST = 2
"""The oldest schema that can be brought forward."""

_TO_3 = """
CREATE TABLE texts (id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, text TEXT NOT NULL);
INSERT INTO texts (sha256, text) SELECT sha256, min(text) FROM documents GROUP BY sha256;
CREATE TABLE structures (
    document INTEGER PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
    blocks TEXT NOT NULL,
    locations TEXT NOT NULL,
    layout BLOB
);
INSERT INTO structures SELECT id, blocks, locations, layout FROM documents
    LEFT JOIN layouts ON document = id;
DROP TABLE layouts;
ALTER TABLE documents DROP COLUMN text;
ALTER TABLE documents DROP COLUMN blocks;
ALTER TABLE documents DROP COLUMN locations;
ALTER TABLE documents ADD COLUMN stat TEXT;
ALTER TABLE documents ADD COLUMN made_with TEXT NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN chunked_with TEXT NOT NULL DEFAULT '';
CREATE TEMP TABLE copies AS SELECT id FROM documents d
    WHERE EXISTS (SELECT 1 FROM documents o WHERE o.sha256 = d.sha256 AND o.path < d.path);
DELETE FROM passages WHERE rowid IN (
    SELECT id FROM chunks WHERE document IN (SELECT id FROM copies));
DELETE FROM chunks WHERE document IN (SELECT id FROM copies);
UPDATE documents SET chunked_with = (
    SELECT c.value || '; model ' || m.value FROM meta c JOIN meta m
    WHERE c.key = 'chunking' AND m.key = 'model') WHERE id NOT IN (SELECT id FROM copies);
DROP TABLE copies;
DELETE FROM meta WHERE key = 'chunking';
CREATE TABLE generations (generation INTEGER PRIMARY KEY, last_chunk INTEGER NOT NULL);
CREATE TABLE removed_chunks (chunk INTEGER PRIMARY KEY, generation INTEGER NOT NULL);
CREATE INDEX removed_chunks_generation ON removed_chunks (generation);
"""

_TO_4 = """
ALTER TABLE documents ADD COLUMN indexed_at TEXT;
CREATE INDEX documents_media_type ON documents (media_type, sha256);
"""

_STEPS = {2: _TO_3, 3: _TO_4}


def migrate(db: sqlite3.Connection, path: Path) -> None:
    """Bring an older database to this schema, inside the open transaction.

    The old one is first copied to a file beside it, named for its schema.

    Raises:
        IndexTooOldError: the schema is older than `OLDEST`.
    """
    version = pragma(db, "user_version")
    if not 0 < version < SCHEMA_VERSION:
        return
    if version < OLDEST:
        raise IndexTooOldError(
            f"{path}: written by an older Pinpoint (schema {version}, the oldest this one can "
            f"read is {OLDEST}); move the file away and run: pinpoint index PATH"
        )
    _copy(path, path.with_name(f"{path.name}.schema{version}"))
    for step in range(version, SCHEMA_VERSION):
        for statement in statements(_STEPS[step]):
            db.execute(statement)
    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _copy(path: Path, target: Path) -> None:
    """Copy the database as it was before the transaction; a whole copy or none has the name."""
    temporary = target.with_name(f"{target.name}.{os.getpid()}.tmp")
    try:
        with (
            closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(temporary)) as copy,
        ):
            source.backup(copy)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
