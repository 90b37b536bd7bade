"""Documents read from, and written to, the SQLite file with all that belongs to them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from index.exchange import Numbers
from index.rows import StoredChunk
from index.sqlite_store import SqliteStore
from index.sqlite_writer import SqliteWriter, rows_json
from index.transfer.record import KEPT_META, Listed, Passage, Record, Whole

_PASSAGES = (
    "SELECT c.id, document, start, end, c.heading, sentences, input_sha256, vector,"
    " title || char(10) || p.heading || char(10) || body"
    " FROM chunks c LEFT JOIN vectors v ON v.chunk = c.id LEFT JOIN passages p ON p.rowid = c.id"
    " WHERE document = ? ORDER BY c.id"
)


class ReadableCopy(SqliteStore):
    """A store whose rows are read with all that is kept of them."""

    def whole(self) -> Whole:
        """Return what is kept besides the documents."""
        given = dict(self._db.execute("SELECT name, seq FROM sqlite_sequence"))
        values = {name: self.meta(name) for name in KEPT_META}
        return Whole(
            index_id=self.meta("index_id") or "",
            numbers=Numbers(self.generation(), given.get("documents", 0), given.get("chunks", 0)),
            meta={name: value for name, value in values.items() if value is not None},
            roots=tuple(self.roots()),
            failures=self.failures(),
            archives=self.archives(),
            counts=json.loads(self.meta("counts") or "{}"),
        )

    def listed(self) -> list[Listed]:
        """Return all documents by row id."""
        rows = self._db.execute(
            "SELECT id, path, (SELECT count(*) FROM chunks WHERE document = d.id)"
            " FROM documents d ORDER BY id"
        )
        return [Listed(*row) for row in rows]

    def records(self, rowids: Sequence[int]) -> Iterator[Record]:
        """Yield these documents with all that belongs to them, by row id."""
        found = self.described(rowids)
        for rowid, document in sorted(found.items()):
            (indexed_at,) = self._db.execute(
                "SELECT indexed_at FROM documents WHERE id = ?", (rowid,)
            ).fetchone()
            passages = tuple(
                Passage(_chunk(row[:6]), row[6], row[7] or b"", row[8] or "")
                for row in self._db.execute(_PASSAGES, (rowid,))
            )
            yield Record(document, self.extracted(rowid), indexed_at, passages)


class SqliteCopy(SqliteWriter, ReadableCopy):
    """A store inside one change that takes rows in as they were elsewhere."""

    def put(self, record: Record) -> None:
        """Insert a document with all that belongs to it."""
        document, extracted = record.document, record.extracted
        self._db.execute(
            "INSERT OR IGNORE INTO texts (sha256, text) VALUES (?, ?)",
            (document.sha256, extracted.text),
        )
        values = {
            "id": document.rowid,
            "path": document.path,
            "size_bytes": document.size_bytes,
            "file_sha256": document.file_sha256,
            "sha256": document.sha256,
            "title": document.title,
            "date": document.date,
            "media_type": document.media_type,
            "authors": document.authors,
            "language": document.language,
            "url": extracted.url,
            "warnings": json.dumps(extracted.warnings, ensure_ascii=False),
            "stat": document.stat,
            "made_with": document.made_with,
            "chunked_with": document.chunked_with,
            "indexed_at": record.indexed_at,
        }
        self._insert("documents", values)
        structure = {
            "document": document.rowid,
            "blocks": rows_json(extracted.blocks),
            "locations": rows_json(extracted.locations),
            "layout": extracted.layout,
        }
        self._insert("structures", structure)
        for passage in record.passages:
            self._put_passage(record, passage)

    def _put_passage(self, record: Record, passage: Passage) -> None:
        chunk = passage.chunk
        values = {
            "id": chunk.rowid,
            "document": chunk.document,
            "start": chunk.start,
            "end": chunk.end,
            "heading": json.dumps(chunk.heading, ensure_ascii=False),
            "sentences": json.dumps(chunk.sentences),
            "input_sha256": passage.input,
        }
        self._insert("chunks", values)
        words = {
            "rowid": chunk.rowid,
            "title": record.document.title,
            "heading": " ".join(chunk.heading),
            "body": record.extracted.text[chunk.start : chunk.end],
        }
        self._insert("passages", words)
        self.add_vectors([(chunk.rowid, passage.vector)])

    def _insert(self, table: str, values: Mapping[str, Any]) -> None:
        names, places = ", ".join(values), ", ".join(f":{name}" for name in values)
        self._db.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", values)  # noqa: S608

    def put_whole(self, whole: Whole) -> None:
        """Write what is kept besides the documents."""
        for name, value in whole.meta.items():
            self.set_meta(name, value)
        self.set_roots(whole.roots)
        self.set_failures(whole.failures)
        self.set_archives(whole.archives)

    def become(self, whole: Whole, replaced: Numbers) -> None:
        """Take on the id and numbers of the copied index, or new ones if another was here.

        Its log of changes starts with this generation.
        """
        self.set_meta("index_id", whole.index_id)
        for table in ("generations", "removed_chunks", "sqlite_sequence"):
            self._db.execute(f"DELETE FROM {table}")  # noqa: S608
        numbers = whole.numbers
        given = {"documents": numbers.document, "chunks": numbers.chunk}
        for table, last in given.items():
            self._db.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (table, last))
        self.set_meta("generation", str(max(numbers.generation - 1, 0)))
        if numbers.generation:
            self.next_generation()
        if replaced.generation:
            self.take_place(*replaced)


def _chunk(row: Sequence[int | str]) -> StoredChunk:
    rowid, document, start, end, heading, sentences = row
    return StoredChunk(
        int(rowid),
        int(document),
        int(start),
        int(end),
        heading=tuple(json.loads(str(heading))),
        sentences=tuple((first, last) for first, last in json.loads(str(sentences))),
    )
