"""The truth: one SQLite database with documents, chunks, vectors and the full-text index."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.chunk import Chunk
from index.database import FILE_NAME, check, connection, create, pragma
from index.document import Block, Extracted, Location
from index.embed import Vectors
from index.errors import IndexDamagedError, IndexMissingError, PinpointError

_READ_TIMEOUT_SECONDS = 30.0  # a commit shuts readers out for moments
_COLUMNS = "id, path, size_bytes, file_sha256, sha256, title, date, media_type"


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A row of `documents` without its text."""

    rowid: int
    path: str
    size_bytes: int
    file_sha256: str
    sha256: str
    title: str
    date: str | None
    media_type: str


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """A chunk as stored; offsets count in its document's whole text."""

    rowid: int
    document: int
    start: int
    end: int
    heading: tuple[str, ...]
    sentences: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class IndexState:
    """Which generation of the index this is, how much it holds, and how much it could not read."""

    generation: int
    documents: int
    chunks: int
    failed: int = 0
    partial: int = 0


def text_sha256(text: str) -> str:
    """Return the SHA-256 of a document's whole extracted text in UTF-8: its identity."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def input_sha256(text: str) -> bytes:
    """Return the key under which a chunk's vector can be used again."""
    return hashlib.sha256(text.encode("utf-8")).digest()


class Store:
    """One connection to the database; make one per thread and per read.

    Use `Store.open` to read (a whole `with` block sees one generation) and `Store.writing` to
    change (committed at the end of the block, or not at all).
    """

    def __init__(self, connection: sqlite3.Connection, home: Path) -> None:
        self._db = connection
        self.home = home

    @classmethod
    @contextmanager
    def open(cls, home: Path) -> Iterator["Store"]:
        """Open for reading only. Nothing is written, unless a killed writer left a journal.

        Raises:
            IndexMissingError, IndexDamagedError, IndexTooNewError.
        """
        path = home / FILE_NAME
        missing = IndexMissingError(f"no index in {home}; make one with: pinpoint index PATH")
        if not path.is_file():
            raise missing
        with connection(path, "rw", _READ_TIMEOUT_SECONDS) as db:
            if pragma(db, "schema_version") == 0:  # a first writer died before its commit
                raise missing
            check(db, path)
            db.execute("PRAGMA query_only = ON")
            db.execute("BEGIN")
            yield cls(db, home)

    @classmethod
    @contextmanager
    def writing(cls, home: Path, *, timeout_seconds: float = 10.0) -> Iterator["Store"]:
        """Open for one change; creates the index if there is none.

        Raises:
            IndexLockedError: another process kept writing for longer than the timeout.
        """
        path = home / FILE_NAME
        try:
            home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise PinpointError(f"{home}: cannot be made ({error}); name another --home") from error
        with connection(path, "rwc", timeout_seconds) as db:
            # Readers are shut out only while a commit is written, however large the change is.
            db.execute("PRAGMA cache_spill = OFF")
            db.execute("BEGIN IMMEDIATE")
            if pragma(db, "schema_version") == 0:
                create(db)
            check(db, path)
            yield cls(db, home)
            db.execute("COMMIT")

    # What the index holds

    def state(self) -> IndexState:
        """Return generation and counts."""
        tables = ("documents", "chunks", "failures", "documents WHERE warnings != '[]'")
        counts = [
            self._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
            for table in tables
        ]
        return IndexState(self.generation(), *counts)

    def generation(self) -> int:
        """Return the number of changes committed so far."""
        return int(self.meta("generation") or 0)

    def meta(self, key: str) -> str | None:
        """Return a value of the `meta` table."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def roots(self) -> list[str]:
        """Return the folders and files that sync follows, sorted."""
        return [row[0] for row in self._db.execute("SELECT path FROM roots ORDER BY path")]

    def failures(self) -> dict[str, str]:
        """Return path to cause for what could not be indexed at the last sync."""
        return dict(self._db.execute("SELECT path, cause FROM failures ORDER BY path"))

    def archives(self) -> dict[str, str]:
        """Return path to SHA-256 of the archives whose members are documents."""
        return dict(self._db.execute("SELECT path, sha256 FROM archives ORDER BY path"))

    def documents(self) -> list[StoredDocument]:
        """Return all documents, by path."""
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM documents ORDER BY path"  # noqa: S608
        )
        return [StoredDocument(*row) for row in rows]

    def described(self, rowids: Iterable[int]) -> dict[int, StoredDocument]:
        """Return these documents by row id, without their texts."""
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM documents"  # noqa: S608
            " WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(set(rowids))),),
        )
        return {row[0]: StoredDocument(*row) for row in rows}

    def document(self, rowid: int) -> tuple[StoredDocument, str]:
        """Return one document and its whole text."""
        row = self._db.execute(
            f"SELECT {_COLUMNS}, text FROM documents WHERE id = ?",  # noqa: S608
            (rowid,),
        ).fetchone()
        return StoredDocument(*row[:-1]), row[-1]

    def extracted(self, rowid: int) -> Extracted:
        """Return a document as its loader left it, to be cut into chunks again."""
        document, text = self.document(rowid)
        blocks, authors, language, url, warnings, layout = self._db.execute(
            "SELECT blocks, authors, language, url, warnings, layout FROM documents"
            " LEFT JOIN layouts ON document = id WHERE id = ?",
            (rowid,),
        ).fetchone()
        return Extracted(
            text=text,
            title=document.title,
            date=document.date,
            media_type=document.media_type,
            blocks=tuple(
                Block(start, end, tuple(heading), kind)
                for start, end, heading, kind in json.loads(blocks)
            ),
            locations=self.locations(rowid),
            authors=authors,
            language=language,
            url=url,
            layout=layout,
            warnings=tuple(json.loads(warnings)),
        )

    def locations(self, rowid: int) -> tuple[Location, ...]:
        """Return where a document's text is found in the original, in the loader's order."""
        row = self._db.execute("SELECT locations FROM documents WHERE id = ?", (rowid,)).fetchone()
        return tuple(Location(*values) for values in json.loads(row[0]))

    def address(self, rowid: int) -> str | None:
        """Return the address that a document gives itself, if any."""
        row = self._db.execute("SELECT url FROM documents WHERE id = ?", (rowid,)).fetchone()
        return None if row is None else row[0]

    def layout(self, rowid: int) -> bytes | None:
        """Return where a document's characters stand on its pages; see `index.formats.layout`."""
        row = self._db.execute("SELECT layout FROM layouts WHERE document = ?", (rowid,)).fetchone()
        return None if row is None else row[0]

    def warnings(self) -> dict[str, tuple[str, ...]]:
        """Return path to what could not be read of documents that could be read otherwise."""
        rows = self._db.execute(
            "SELECT path, warnings FROM documents WHERE warnings != '[]' ORDER BY path"
        )
        return {path: tuple(json.loads(warnings)) for path, warnings in rows}

    def find_document(self, sha256: str) -> tuple[StoredDocument, str] | None:
        """Return the document with this text, the first by path if several have it."""
        row = self._db.execute(
            "SELECT id FROM documents WHERE sha256 = ? ORDER BY path LIMIT 1", (sha256,)
        ).fetchone()
        return self.document(row[0]) if row else None

    def chunks(self, ids: Sequence[int]) -> list[StoredChunk]:
        """Return these chunks, in the order asked for."""
        rows = self._db.execute(
            "SELECT id, document, start, end, heading, sentences FROM chunks"
            " WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
        found = {
            rowid: StoredChunk(
                rowid,
                document,
                start,
                end,
                heading=tuple(json.loads(heading)),
                sentences=tuple((first, last) for first, last in json.loads(sentences)),
            )
            for rowid, document, start, end, heading, sentences in rows
        }
        return [found[chunk] for chunk in ids]

    def bodies(self, ids: Sequence[int]) -> dict[int, str]:
        """Return these chunks' own characters by chunk id."""
        return dict(
            self._db.execute(
                "SELECT rowid, body FROM passages WHERE rowid IN (SELECT value FROM json_each(?))",
                (json.dumps(list(ids)),),
            )
        )

    def paths_of(self, sha256: str) -> tuple[str, ...]:
        """Return the paths of all documents with this text, sorted."""
        rows = self._db.execute(
            "SELECT path FROM documents WHERE sha256 = ? ORDER BY path", (sha256,)
        )
        return tuple(row[0] for row in rows)

    def chunk_ids(self) -> npt.NDArray[np.int64]:
        """Return the ids of all chunks, each of which has a vector, ascending: `(n,)`, int64."""
        # Unordered, so that SQLite reads a small index and not the rows.
        rows = self._db.execute("SELECT id FROM chunks")
        return np.sort(np.fromiter((row[0] for row in rows), dtype=np.int64))

    def changes_since(
        self,
        generation: int,  # noqa: ARG002
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]] | None:
        """Return the ids of chunks that came since a generation, and of those that went.

        None when that is not known (any more); comparing all ids tells it too.
        """
        return None

    def chunk_ids_between(self, since: str | None, until: str | None) -> list[int]:
        """Return the chunks of documents dated within `[since, until]`; undated ones never are."""
        where, values = _date_filter(since, until)
        rows = self._db.execute(
            "SELECT c.id FROM chunks c JOIN documents d ON d.id = c.document"  # noqa: S608
            f" WHERE 1 {where} ORDER BY c.id",
            values,
        )
        return [row[0] for row in rows]

    def vectors(self, ids: Sequence[int] | None = None) -> Vectors:
        """Return the vectors of these chunks, or of all by ascending id: `(n, dimension)`."""
        if ids is None:
            rows = self._db.execute("SELECT vector FROM vectors ORDER BY chunk").fetchall()
        else:
            found = dict(
                self._db.execute(
                    "SELECT chunk, vector FROM vectors"
                    " WHERE chunk IN (SELECT value FROM json_each(?))",
                    (json.dumps([int(chunk) for chunk in ids]),),
                )
            )
            rows = [(found[int(chunk)],) for chunk in ids]
        joined = np.frombuffer(b"".join(row[0] for row in rows), dtype=np.float32)
        return joined.reshape(len(rows), -1) if rows else joined.reshape(0, 0)

    def vector_blocks(self, size: int) -> Iterator[tuple[npt.NDArray[np.int64], Vectors]]:
        """Yield all vectors in blocks by ascending id: ids `(n,)`, vectors `(n, dimension)`."""
        rows = self._db.execute("SELECT chunk, vector FROM vectors ORDER BY chunk")
        while block := rows.fetchmany(size):
            joined = np.frombuffer(b"".join(row[1] for row in block), dtype=np.float32)
            ids = np.fromiter((row[0] for row in block), dtype=np.int64, count=len(block))
            yield ids, joined.reshape(len(block), -1)

    def search_terms(
        self, match: str, limit: int, since: str | None = None, until: str | None = None
    ) -> list[tuple[int, float]]:
        """Return `(chunk, BM25 score >= 0)` of an FTS5 query, by (-score, path, start)."""
        where, values = _date_filter(since, until)
        rows = self._db.execute(
            "SELECT p.rowid, -bm25(passages) AS score"  # noqa: S608
            " FROM passages p JOIN chunks c ON c.id = p.rowid JOIN documents d ON d.id = c.document"
            f" WHERE passages MATCH ? {where} ORDER BY score DESC, d.path, c.start LIMIT ?",
            (match, *values, limit),
        )
        return [(chunk, max(score, 0.0)) for chunk, score in rows]

    # Changes

    def set_meta(self, key: str, value: str) -> None:
        """Write a value of the `meta` table."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def next_generation(self) -> None:
        """Count one change."""
        self.set_meta("generation", str(self.generation() + 1))

    def set_roots(self, paths: Sequence[str]) -> None:
        """Replace the folders and files that sync follows."""
        self._db.execute("DELETE FROM roots")
        self._db.executemany("INSERT INTO roots VALUES (?)", [(path,) for path in paths])

    def set_failures(self, failures: dict[str, str]) -> None:
        """Replace the list of what could not be indexed."""
        self._db.execute("DELETE FROM failures")
        self._db.executemany("INSERT INTO failures VALUES (?, ?)", failures.items())

    def set_archives(self, archives: dict[str, str]) -> None:
        """Replace the list of archives whose members are documents."""
        self._db.execute("DELETE FROM archives")
        self._db.executemany("INSERT INTO archives VALUES (?, ?)", archives.items())

    def add_document(
        self,
        path: str,
        size_bytes: int,
        file_sha256: str,
        document: Extracted,
        chunks: Sequence[Chunk],
    ) -> list[int]:
        """Insert a document and its chunks, still without vectors; return the chunks' ids."""
        cursor = self._db.execute(
            "INSERT INTO documents (path, size_bytes, file_sha256, sha256, title, date,"
            " media_type, blocks, text, authors, language, url, locations, warnings)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                path,
                size_bytes,
                file_sha256,
                text_sha256(document.text),
                document.title,
                document.date,
                document.media_type,
                _rows_json(document.blocks),
                document.text,
                document.authors,
                document.language,
                document.url,
                _rows_json(document.locations),
                json.dumps(document.warnings, ensure_ascii=False),
            ),
        )
        rowid = int(cursor.lastrowid or 0)
        if document.layout is not None:
            self._db.execute("INSERT INTO layouts VALUES (?, ?)", (rowid, document.layout))
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

    def add_vectors(self, vectors: Iterable[tuple[int, bytes]]) -> None:
        """Store `(chunk, vector)`; a vector is little-endian float32, as NumPy writes it.

        Raises:
            IndexDamagedError: a chunk is left without a vector.
        """
        self._db.executemany("INSERT INTO vectors VALUES (?, ?)", vectors)
        bare = self._db.execute(
            "SELECT count(*) FROM chunks WHERE id NOT IN (SELECT chunk FROM vectors)"
        ).fetchone()[0]
        if bare:
            raise IndexDamagedError(f"{self.home}: {bare} chunks without a vector; nothing saved")

    def vectors_by_input(
        self, document: int | None, key: bytes | None = None
    ) -> dict[bytes, bytes]:
        """Return input hash to stored vector, of one document or of any chunk with this hash."""
        rows = self._db.execute(
            "SELECT c.input_sha256, v.vector FROM chunks c JOIN vectors v ON v.chunk = c.id"
            " WHERE c.document = ? OR c.input_sha256 = ?",
            (document, key),
        )
        return dict(rows)

    def remove_document(self, rowid: int) -> None:
        """Delete a document with its chunks, vectors and full-text rows."""
        self._db.execute(
            "DELETE FROM passages WHERE rowid IN (SELECT id FROM chunks WHERE document = ?)",
            (rowid,),
        )
        self._db.execute("DELETE FROM documents WHERE id = ?", (rowid,))


def _rows_json(rows: Iterable[Block | Location]) -> str:
    return json.dumps([astuple(row) for row in rows], ensure_ascii=False)


def _date_filter(since: str | None, until: str | None) -> tuple[str, list[str]]:
    parts = [("AND d.date >= ?", since), ("AND d.date <= ?", until)]
    given = [(clause, value) for clause, value in parts if value is not None]
    return " ".join(clause for clause, _ in given), [value for _, value in given]
