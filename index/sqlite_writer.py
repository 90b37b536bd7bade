"""The truth, for changing: one transaction that is committed whole or not at all."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import astuple
from datetime import UTC, datetime
from pathlib import Path
from typing import Self
from uuid import uuid4

from index.chunk import Chunk
from index.database import FILE_NAME, PASSAGES, check, create, pragma
from index.document import Block, Extracted, Location
from index.embed import Embedder
from index.errors import IndexDamagedError
from index.migrate import migrate
from index.rows import StoredDocument
from index.sqlite_store import SqliteStore
from index.store import input_sha256, text_sha256
from index.transaction import commit, writers_place
from index.unfinished import UnfinishedVectors

COUNTED = {
    "documents": "documents",
    "chunks": "chunks",
    "failed": "failures",
    "partial": "documents WHERE warnings != '[]'",
    "copies": "documents WHERE chunked_with = ''",
}
"""What the index tells of itself, and the rows that are counted for it."""
TAKEN_OUT = "not cut, as its chunks were damaged"
"""Stands for the recipe of a text whose chunks a repair took out."""

_GENERATIONS_KEPT = 1000  # what is derived and further behind compares all ids


class SqliteWriter(SqliteStore):
    """A store inside one change; use it as `with SqliteWriter.writing(home) as store`."""

    def __init__(self, db: sqlite3.Connection, home: Path) -> None:
        super().__init__(db, home)
        self._unfinished: UnfinishedVectors | None = None
        self._dropped: list[int] = []

    @classmethod
    @contextmanager
    def writing(cls, home: Path, *, timeout_seconds: float = 10.0) -> Iterator[Self]:
        """Open for one change, committed at the end of the block; makes a missing index.

        Raises:
            IndexLockedError: another process kept writing for longer than the timeout.
        """
        path = home / FILE_NAME
        with writers_place(home, timeout_seconds) as db:
            # Readers are shut out only while a commit is written, however large the change is.
            db.execute("PRAGMA cache_spill = OFF")
            if pragma(db, "schema_version") == 0:
                create(db)
            migrate(db, path)
            check(db, path)
            store = cls(db, home)
            yield store
            store._count()
            commit(db, home)
            if store._unfinished is not None:
                store._unfinished.delete()

    def unfinished(self, fingerprint: str) -> UnfinishedVectors:
        """Return the vectors of a model that an interrupted change left."""
        self._unfinished = UnfinishedVectors(self.home, fingerprint)
        return self._unfinished

    def shared(self, embedder: Embedder) -> AbstractContextManager[Embedder]:
        """Return the embedder that was given: nobody else can reach a file."""
        return nullcontext(embedder)

    def write_anew(self) -> None:
        """Do nothing: no part of one file is lost alone."""

    def set_meta(self, key: str, value: str) -> None:
        """Write a value of the `meta` table."""
        if self.meta(key) != value:
            self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def next_generation(self) -> None:
        """Count one change of documents, and note how far the chunks' ids have come."""
        generation = self.generation() + 1
        self.set_meta("generation", str(generation))
        self._db.execute(
            "INSERT INTO generations SELECT ?, coalesce(max(id), 0) FROM chunks", (generation,)
        )
        old = (generation - _GENERATIONS_KEPT,)
        self._db.execute("DELETE FROM generations WHERE generation < ?", old)
        self._db.execute("DELETE FROM removed_chunks WHERE generation <= ?", old)

    def set_roots(self, paths: Sequence[str]) -> None:
        """Replace the folders and files that sync follows."""
        if list(paths) != self.roots():
            self._db.execute("DELETE FROM roots")
            self._db.executemany("INSERT INTO roots VALUES (?)", [(path,) for path in paths])

    def set_failures(self, failures: dict[str, str]) -> None:
        """Replace the list of what could not be indexed."""
        if failures != self.failures():
            self._db.execute("DELETE FROM failures")
            self._db.executemany("INSERT INTO failures VALUES (?, ?)", failures.items())

    def set_archives(self, archives: dict[str, str]) -> None:
        """Replace the list of archives whose members are documents."""
        if archives != self.archives():
            self._db.execute("DELETE FROM archives")
            self._db.executemany("INSERT INTO archives VALUES (?, ?)", archives.items())

    def set_stats(self, stats: dict[int, str]) -> None:
        """Note the files' sizes and times under which these documents are known to be the same."""
        self._db.executemany(
            "UPDATE documents SET stat = ? WHERE id = ?",
            [(stat, rowid) for rowid, stat in stats.items()],
        )

    # Documents

    def add_document(
        self,
        path: str,
        size_bytes: int,
        file_sha256: str,
        document: Extracted,
        *,
        stat: str | None = None,
        made_with: str = "",
    ) -> int:
        """Insert a document, taken in now and still without chunks; return its row id."""
        digest = text_sha256(document.text)
        self._db.execute("INSERT OR IGNORE INTO texts (sha256, text) VALUES (?, ?)",
                         (digest, document.text))  # fmt: skip
        cursor = self._db.execute(
            "INSERT INTO documents (path, size_bytes, file_sha256, sha256, title, date, media_type,"
            " authors, language, url, warnings, stat, made_with, indexed_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                path,
                size_bytes,
                file_sha256,
                digest,
                document.title,
                document.date,
                document.media_type,
                document.authors,
                document.language,
                document.url,
                json.dumps(document.warnings, ensure_ascii=False),
                stat,
                made_with,
                _now(),
            ),
        )
        rowid = int(cursor.lastrowid or 0)
        self._db.execute(
            "INSERT INTO structures VALUES (?, ?, ?, ?)",
            (rowid, rows_json(document.blocks), rows_json(document.locations), document.layout),
        )
        return rowid

    def retire(self, rowid: int) -> None:
        """Free a document's path; the row stays until `remove_document`, for its vectors."""
        self._db.execute("UPDATE documents SET path = path || char(0) WHERE id = ?", (rowid,))

    def remove_document(self, rowid: int) -> None:
        """Delete a document with its chunks, and its text if no other document has it."""
        (digest,) = self._db.execute(
            "SELECT sha256 FROM documents WHERE id = ?", (rowid,)
        ).fetchone()
        self.remove_chunks(self.chunks_of(rowid))
        self._db.execute("DELETE FROM documents WHERE id = ?", (rowid,))
        self._db.execute(
            "DELETE FROM texts WHERE sha256 = ?1"
            " AND NOT EXISTS (SELECT 1 FROM documents WHERE sha256 = ?1)",
            (digest,),
        )

    def with_text(self, sha256: str) -> list[StoredDocument]:
        """Return the documents with this text, by path."""
        rows = self._db.execute(
            "SELECT id FROM documents WHERE sha256 = ? ORDER BY path", (sha256,)
        ).fetchall()
        found = self.described(row[0] for row in rows)
        return [found[row[0]] for row in rows]

    # Chunks

    def add_chunks(
        self, rowid: int, document: Extracted, chunks: Sequence[Chunk], recipe: str
    ) -> list[int]:
        """Insert a document's chunks, still without vectors; return their ids."""
        self._db.execute("UPDATE documents SET chunked_with = ? WHERE id = ?", (recipe, rowid))
        return [self._add_chunk(rowid, document, chunk) for chunk in chunks]

    def _add_chunk(self, document_id: int, document: Extracted, chunk: Chunk) -> int:
        cursor = self._db.execute(
            "INSERT INTO chunks (document, start, end, heading, sentences, input_sha256)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                document_id,
                chunk.start,
                chunk.end,
                json.dumps(chunk.heading, ensure_ascii=False),
                json.dumps(chunk.sentences),
                input_sha256(chunk.input),
            ),
        )
        body = document.text[chunk.start : chunk.end]
        self._db.execute(
            "INSERT INTO passages (rowid, title, heading, body) VALUES (?, ?, ?, ?)",
            (cursor.lastrowid, document.title, " ".join(chunk.heading), body),
        )
        return int(cursor.lastrowid or 0)

    def move_chunks(self, source: int, target: int) -> None:
        """Hand a document's chunks to another one with the same text, title and blocks."""
        self._db.execute("UPDATE chunks SET document = ? WHERE document = ?", (target, source))
        self._db.execute(
            "UPDATE documents SET chunked_with ="
            " (SELECT chunked_with FROM documents WHERE id = ?) WHERE id = ?",
            (source, target),
        )
        self.free_chunks(source)

    def drop_chunks(self, rowid: int) -> None:
        """Take a document's chunks from it; they stay until `remove_dropped`, for their vectors."""
        self._dropped += self.chunks_of(rowid)
        self.free_chunks(rowid)

    def remove_dropped(self) -> None:
        """Delete the chunks that were dropped, with their vectors and full-text rows."""
        self.remove_chunks(self._dropped)
        self._dropped = []

    def free_chunks(self, rowid: int) -> None:
        """Note that a document is not the one that holds its text's chunks any more."""
        self._db.execute("UPDATE documents SET chunked_with = '' WHERE id = ?", (rowid,))

    def remove_chunks(self, ids: Iterable[int]) -> None:
        """Delete chunks with their vectors and full-text rows."""
        generation = self.generation() + 1
        for one in ids:
            self._db.execute("DELETE FROM passages WHERE rowid = ?", (one,))
            self._db.execute("DELETE FROM chunks WHERE id = ?", (one,))
            self._db.execute(
                "INSERT OR REPLACE INTO removed_chunks VALUES (?, ?)", (one, generation)
            )

    def same_structure(self, one: int, other: int) -> bool:
        """Tell whether two documents with one text would be cut into the same chunks."""
        rows = self._db.execute(
            "SELECT DISTINCT title, blocks FROM documents JOIN structures ON document = id"
            " WHERE id IN (?, ?)",
            (one, other),
        )
        return len(rows.fetchall()) == 1

    # Vectors

    def vectors_of(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """Return stored vectors of any chunks whose inputs have these hashes, by hash."""
        found = {}
        for key in keys:
            row = self._db.execute(
                "SELECT v.vector FROM chunks c JOIN vectors v ON v.chunk = c.id"
                " WHERE c.input_sha256 = ? LIMIT 1",
                (key,),
            ).fetchone()
            if row:
                found[key] = row[0]
        return found

    def add_vectors(self, vectors: Iterable[tuple[int, bytes]]) -> None:
        """Store `(chunk, vector)`; a vector is little-endian float32, as NumPy writes it."""
        self._db.executemany("INSERT INTO vectors VALUES (?, ?)", vectors)

    def drop_vectors(self) -> None:
        """Delete all vectors, as no two models' vectors may ever meet."""
        self._db.execute("DELETE FROM vectors")

    def check_vectors(self, since: int) -> None:
        """Check that every chunk whose id is above `since` has a vector.

        Raises:
            IndexDamagedError: one has none; nothing is saved.
        """
        (bare,) = self._db.execute(
            "SELECT count(*) FROM chunks WHERE id > ? AND id NOT IN"
            " (SELECT chunk FROM vectors WHERE chunk > ?)",
            (since, since),
        ).fetchone()
        if bare:
            raise IndexDamagedError(f"{self.home}: {bare} chunks without a vector; nothing saved")

    def last_chunk(self) -> int:
        """Return the largest chunk id; 0 when there are none."""
        (last,) = self._db.execute("SELECT coalesce(max(id), 0) FROM chunks").fetchone()
        return int(last)

    # Repair

    def reindex(self) -> None:
        """Make SQLite's own indexes anew from the tables."""
        self._db.execute("REINDEX")

    def remove_orphans(self) -> None:
        """Delete rows that belong to a document or chunk that is gone."""
        for table, column, parent in (
            ("structures", "document", "documents"),
            ("chunks", "document", "documents"),
            ("vectors", "chunk", "chunks"),
        ):
            self._db.execute(f"DELETE FROM {table} WHERE {column} NOT IN (SELECT id FROM {parent})")  # noqa: S608
        self._db.execute("DELETE FROM passages WHERE rowid NOT IN (SELECT id FROM chunks)")
        self.forget_generations()  # these rows are not in the log

    def forget_generations(self) -> None:
        """Start the log of changes anew; what is derived then compares all ids."""
        self._db.execute("DELETE FROM generations")
        self._db.execute("DELETE FROM removed_chunks")
        self.next_generation()

    def take_place(self, generation: int, last_document: int, last_chunk: int) -> None:
        """Become another index than before, newer than one with these numbers.

        No generation, and no id that is given from now on, is one that the other has had.
        """
        self.set_meta("index_id", uuid4().hex)
        self.set_meta("generation", str(max(generation, self.generation())))
        self.forget_generations()
        for table, last in (("documents", last_document), ("chunks", last_chunk)):
            row = self._db.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,))
            given = row.fetchone()
            self._db.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
            self._db.execute(
                "INSERT INTO sqlite_sequence VALUES (?, ?)", (table, max(last, *(given or (0,))))
            )

    def rebuild_words(self) -> None:
        """Make the full-text index anew from texts and chunks."""
        self._db.execute("DROP TABLE passages")
        self._db.execute(PASSAGES)
        texts = self._db.execute(
            "SELECT t.text, d.id, d.title FROM texts t JOIN documents d ON d.sha256 = t.sha256"
            " WHERE d.id IN (SELECT document FROM chunks)"
        )
        for text, rowid, title in texts:
            rows = self._db.execute(
                "SELECT id, start, end, heading FROM chunks WHERE document = ?", (rowid,)
            )
            self._db.executemany(
                "INSERT INTO passages (rowid, title, heading, body) VALUES (?, ?, ?, ?)",
                [
                    (chunk, title, " ".join(json.loads(heading)), text[start:end])
                    for chunk, start, end, heading in rows.fetchall()
                ],
            )

    def take_out_chunks(self, sha256: str) -> None:
        """Delete a text's chunks; its first document waits for the next sync to make them."""
        having = self.with_text(sha256)
        for document in having:
            self.remove_chunks(self.chunks_of(document.rowid))
            self.free_chunks(document.rowid)
        self._db.execute(
            "UPDATE documents SET chunked_with = ? WHERE id = ?", (TAKEN_OUT, having[0].rowid)
        )

    def _count(self) -> None:
        counts = {
            name: self._db.execute(f"SELECT count(*) FROM {rows}").fetchone()[0]  # noqa: S608
            for name, rows in COUNTED.items()
        }
        self.set_meta("counts", json.dumps(counts))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def rows_json(rows: Iterable[Block | Location]) -> str:
    """Return blocks or locations as they are kept."""
    return json.dumps([astuple(row) for row in rows], ensure_ascii=False)
