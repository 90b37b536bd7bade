"""The truth, for reading: one SQLite database with documents, chunks, vectors and full text."""

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from index.database import FILE_NAME, check, connection, create, pragma
from index.document import Block, Extracted, Location
from index.embed import Vectors
from index.errors import IndexMissingError
from index.filter import EVERYTHING, Filter
from index.listing import Listing
from index.lock import let_in
from index.rows import IndexState, StoredChunk, StoredDocument
from index.store import Changes, Ids

_READ_TIMEOUT_SECONDS = 120.0  # a commit shuts readers out while it is written
_COLUMNS = (
    "id, path, size_bytes, file_sha256, sha256, title, date, media_type, authors, language, stat,"
    " made_with, chunked_with"
)


def check_exists(home: Path) -> None:
    """Refuse a home without an index, so that none is made.

    Raises:
        IndexMissingError.
    """
    if not (home / FILE_NAME).is_file():
        raise _missing(home)


def _missing(home: Path) -> IndexMissingError:
    return IndexMissingError(f"no index in {home}; make one with: pinpoint index PATH")


class SqliteStore:
    """One connection to the database, for reading; make one per thread and per read.

    A whole `with SqliteStore.open(home)` block sees one generation.
    """

    def __init__(self, connection: sqlite3.Connection, home: Path) -> None:
        self._db = connection
        self.home = home

    @classmethod
    @contextmanager
    def open(cls, home: Path) -> Iterator[Self]:
        """Open for reading only. Nothing is written, unless a killed writer left a journal.

        Raises:
            IndexMissingError, IndexDamagedError, IndexTooNewError.
        """
        check_exists(home)
        path = home / FILE_NAME
        let_in(home)
        with connection(path, "rw", _READ_TIMEOUT_SECONDS) as db:
            if pragma(db, "schema_version") == 0:  # a first writer died before its commit
                raise _missing(home)
            check(db, path)
            db.execute("PRAGMA query_only = ON")
            db.execute("BEGIN")
            yield cls(db, home)

    @classmethod
    @contextmanager
    def empty(cls, home: Path) -> Iterator[Self]:
        """Open a store that holds nothing and lies nowhere, for a home without an index."""
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
            create(db)
            yield cls(db, home)

    # What the index holds

    def state(self) -> IndexState:
        """Return generation and counts, as they were counted when they last changed."""
        counts = json.loads(self.meta("counts") or "{}")
        return IndexState(self.generation(), **({"documents": 0, "chunks": 0} | counts))

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

    def documents(self, below: Sequence[str] | None = None) -> list[StoredDocument]:
        """Return all documents, or those at and below some paths, by path.

        Args:
            below: Files, archives or folders, none below another.
        """
        if below is None:
            return self._documents("1", ())
        found: list[StoredDocument] = []
        for path in sorted(below):
            folder = path.rstrip(os.sep)
            found += self._documents("path = ?", (path,))
            ends = (folder + os.sep, folder + chr(ord(os.sep) + 1))
            found += self._documents("path >= ? AND path < ?", ends)  # as the index has them
        return sorted(found, key=lambda document: document.path)

    def _documents(self, where: str, values: tuple[str, ...]) -> list[StoredDocument]:
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM documents WHERE {where} ORDER BY path",  # noqa: S608
            values,
        )
        return [StoredDocument(*row) for row in rows]

    def described(self, rowids: Iterable[int]) -> dict[int, StoredDocument]:
        """Return these documents by row id, without their texts."""
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM documents"  # noqa: S608
            " WHERE id IN (SELECT value FROM json_each(?))",
            (_ids(rowids),),
        )
        return {row[0]: StoredDocument(*row) for row in rows}

    def copies_within(self, rowids: Iterable[int], within: Filter) -> dict[int, StoredDocument]:
        """Return, for each of these documents, the first by path with its text and within bounds.

        Documents with no such copy are left out.
        """
        where, values = within.where("o")
        columns = ", ".join(f"o.{name.strip()}" for name in _COLUMNS.split(","))
        rows = self._db.execute(
            f"SELECT d.id, {columns} FROM documents d JOIN documents o ON o.sha256 = d.sha256"  # noqa: S608
            f" WHERE d.id IN (SELECT value FROM json_each(?)) AND {where} ORDER BY o.path DESC",
            (_ids(rowids), *values),
        )
        return {row[0]: StoredDocument(*row[1:]) for row in rows}

    def document(self, rowid: int) -> tuple[StoredDocument, str]:
        """Return one document and its whole text.

        Raises:
            KeyError: there is no such document.
        """
        document = self.described([rowid])[rowid]
        row = self._db.execute(
            "SELECT text FROM texts WHERE sha256 = ?", (document.sha256,)
        ).fetchone()
        return document, row[0]

    def extracted(self, rowid: int) -> Extracted:
        """Return a document as its loader left it, to be cut into chunks again."""
        document, text = self.document(rowid)
        blocks, url, warnings, layout = self._db.execute(
            "SELECT blocks, url, warnings, layout FROM documents"
            " JOIN structures ON document = id WHERE id = ?",
            (rowid,),
        ).fetchone()
        return Extracted(
            text=text,
            title=document.title,
            date=document.date,
            media_type=document.media_type,
            blocks=_blocks(blocks),
            locations=self.locations(rowid),
            authors=document.authors,
            language=document.language,
            url=url,
            layout=layout,
            warnings=tuple(json.loads(warnings)),
        )

    def locations(self, rowid: int) -> tuple[Location, ...]:
        """Return where a document's text is found in the original, in the loader's order."""
        row = self._db.execute(
            "SELECT locations FROM structures WHERE document = ?", (rowid,)
        ).fetchone()
        return tuple(Location(*values) for values in json.loads(row[0]))

    def blocks(self, rowid: int) -> tuple[Block, ...]:
        """Return the runs of a document's text, in reading order."""
        row = self._db.execute(
            "SELECT blocks FROM structures WHERE document = ?", (rowid,)
        ).fetchone()
        return _blocks(row[0])

    def address(self, rowid: int) -> str | None:
        """Return the address that a document gives itself, if any."""
        row = self._db.execute("SELECT url FROM documents WHERE id = ?", (rowid,)).fetchone()
        return None if row is None else row[0]

    def layout(self, rowid: int) -> bytes | None:
        """Return where a document's characters stand on its pages; see `index.formats.layout`."""
        row = self._db.execute(
            "SELECT layout FROM structures WHERE document = ?", (rowid,)
        ).fetchone()
        return None if row is None else row[0]

    def warnings(self) -> dict[str, tuple[str, ...]]:
        """Return path to what could not be read of documents that could be read otherwise."""
        rows = self._db.execute(
            "SELECT path, warnings FROM documents WHERE warnings != '[]' ORDER BY path"
        )
        return {path: tuple(json.loads(warnings)) for path, warnings in rows}

    def listing(self) -> Listing:
        """Return the documents as a table."""
        return Listing(self._db)

    def find_document(self, sha256: str) -> tuple[StoredDocument, str] | None:
        """Return the document with this text, the first by path if several have it."""
        found = self.described_by_text(sha256)
        return self.document(found.rowid) if found else None

    def described_by_text(self, sha256: str) -> StoredDocument | None:
        """Return what `find_document` finds, without the text."""
        found = self._documents("sha256 = ?", (sha256,))
        return found[0] if found else None

    def chunks(self, ids: Sequence[int]) -> list[StoredChunk]:
        """Return these chunks, in the order asked for."""
        rows = self._db.execute(
            "SELECT id, document, start, end, heading, sentences FROM chunks"
            " WHERE id IN (SELECT value FROM json_each(?))",
            (_ids(ids),),
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

    def chunks_of(self, rowid: int) -> list[int]:
        """Return the ids of a document's chunks."""
        ids: list[int] = self._column(
            "SELECT id FROM chunks WHERE document = ? ORDER BY id", rowid
        ).tolist()
        return ids

    def bodies(self, ids: Sequence[int]) -> dict[int, str]:
        """Return these chunks' own characters by chunk id."""
        return dict(
            self._db.execute(
                "SELECT rowid, body FROM passages WHERE rowid IN (SELECT value FROM json_each(?))",
                (_ids(ids),),
            )
        )

    def searched_texts(self, ids: Iterable[int]) -> list[tuple[int, str]]:
        """Return chunk id and all that full-text search looks into, a chunk at a time, by id."""
        rows = self._db.execute(
            "SELECT rowid, title || char(10) || heading || char(10) || body FROM passages"
            " WHERE rowid IN (SELECT value FROM json_each(?)) ORDER BY rowid",
            (_ids(ids),),
        )
        return rows.fetchall()

    def chunked_otherwise(self, recipe: str) -> list[str]:
        """Return the hashes of texts that were cut or embedded by another recipe."""
        rows = self._db.execute(
            "SELECT sha256 FROM documents WHERE chunked_with NOT IN ('', ?) ORDER BY path",
            (recipe,),
        )
        return [row[0] for row in rows]

    def paths_made_otherwise(self, recipe: str) -> list[str]:
        """Return the paths of documents whose texts were cut or embedded by another recipe."""
        rows = self._db.execute(
            "SELECT path FROM documents WHERE sha256 IN"
            " (SELECT sha256 FROM documents WHERE chunked_with NOT IN ('', ?)) ORDER BY path",
            (recipe,),
        )
        return [row[0] for row in rows]

    def paths_of(self, sha256: str) -> tuple[str, ...]:
        """Return the paths of all documents with this text, sorted."""
        rows = self._db.execute(
            "SELECT path FROM documents WHERE sha256 = ? ORDER BY path", (sha256,)
        )
        return tuple(row[0] for row in rows)

    def chunk_ids(self) -> Ids:
        """Return the ids of all chunks, each of which has a vector."""
        # Unordered, so that SQLite reads a small index and not the rows.
        return np.sort(self._column("SELECT id FROM chunks"))

    def sampled_chunks(self, count: int) -> list[int]:
        """Return ids of at most `count` chunks, ascending: all of them where there are no more.

        Else the first chunks of documents and others, both spread evenly over the index. Each is
        looked up by itself, so it takes as long in any index.
        """
        if self.state().chunks <= count:
            return [int(one) for one in self.chunk_ids()]
        chosen: set[int] = set()
        for column in ("id", "document"):
            first, last = (
                self._db.execute(f"SELECT {which}({column}) FROM chunks").fetchone()[0]  # noqa: S608
                for which in ("min", "max")
            )
            for step in range(count // 2):
                at = first + (last - first) * step // max(count // 2 - 1, 1)
                row = self._db.execute(
                    f"SELECT id FROM chunks WHERE {column} >= ? ORDER BY {column}, id LIMIT 1",  # noqa: S608
                    (at,),
                )
                chosen.add(row.fetchone()[0])
        return sorted(chosen)

    def changes_since(self, generation: int) -> Changes | None:
        """Return the chunks that came and went since a generation.

        None when that is not known any more; then all ids have to be compared.
        """
        row = self._db.execute(
            "SELECT last_chunk FROM generations WHERE generation = ?", (generation,)
        ).fetchone()
        if row is None:
            return None
        return Changes(
            self._column("SELECT chunk FROM vectors WHERE chunk > ? ORDER BY chunk", *row),
            self._column(
                "SELECT chunk FROM removed_chunks WHERE generation > ? AND chunk <= ?"
                " ORDER BY chunk",
                generation,
                *row,
            ),
        )

    def chunk_ids_within(self, within: Filter) -> Ids:
        """Return the chunks of texts that a document within bounds has."""
        where, values = within.where("o")
        return np.sort(
            self._column(
                "SELECT c.id FROM chunks c JOIN documents d ON d.id = c.document WHERE d.sha256 IN"  # noqa: S608
                f" (SELECT o.sha256 FROM documents o WHERE {where})",
                *values,
            )
        )

    def _column(self, query: str, *values: str | int) -> Ids:
        rows = self._db.execute(query, values)
        return np.fromiter((row[0] for row in rows), dtype=np.int64)

    def vectors(self, ids: Sequence[int] | None = None) -> Vectors:
        """Return the vectors of these chunks, or of all by ascending id: `(n, dimension)`."""
        if ids is None:
            rows = self._db.execute("SELECT vector FROM vectors ORDER BY chunk").fetchall()
        else:
            found = dict(
                self._db.execute(
                    "SELECT chunk, vector FROM vectors"
                    " WHERE chunk IN (SELECT value FROM json_each(?))",
                    (_ids(ids),),
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
        self, match: str, limit: int, within: Filter = EVERYTHING
    ) -> list[tuple[int, float]]:
        """Return `(chunk, BM25 score >= 0)` of an FTS5 query, by (-score, path, start)."""
        where, values = within.where("o")
        bounded = f"AND d.sha256 IN (SELECT o.sha256 FROM documents o WHERE {where})"  # noqa: S608
        rows = self._db.execute(
            "SELECT p.rowid, -bm25(passages) AS score"  # noqa: S608
            " FROM passages p JOIN chunks c ON c.id = p.rowid JOIN documents d ON d.id = c.document"
            f" WHERE passages MATCH ? {bounded if within else ''}"
            " ORDER BY score DESC, d.path, c.start LIMIT ?",
            (match, *values, limit),
        )
        return [(chunk, max(score, 0.0)) for chunk, score in rows]


def _blocks(stored: str) -> tuple[Block, ...]:
    return tuple(
        Block(start, end, tuple(heading), kind) for start, end, heading, kind in json.loads(stored)
    )


def _ids(ids: Iterable[int]) -> str:
    return json.dumps(sorted({int(one) for one in ids}))
