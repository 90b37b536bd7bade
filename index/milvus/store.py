"""The truth on a Milvus server, for reading: one version of the index."""

from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from index.document import Block, Extracted, Location
from index.embed import Vectors
from index.errors import PinpointError, StoreError
from index.filter import EVERYTHING, Filter
from index.milvus.batches import slices
from index.milvus.connection import Connection, connect
from index.milvus.ledger import Version, visible
from index.milvus.literal import literal, literals
from index.milvus.rows import (
    CHUNK_FIELDS,
    DOCUMENT_FIELDS,
    DocumentRow,
    below,
    bounds,
    chunk_from,
    document_from,
)
from index.milvus.state import State
from index.milvus.structure import Structure, loaded
from index.milvus.table import Consistency, MilvusTable
from index.milvus.words import Words
from index.rows import IndexState, StoredChunk, StoredDocument
from index.store import Ids, Table

_AT_ONCE = 5000  # values in one list of an expression
_MOST_LOOKED_THROUGH = 200_000  # chunks of which a full-text index is made for the moment


class MilvusStore:
    """One version of a tenant's index.

    Args:
        connection: To the server.
        version: Which one.
        state: What is kept of it as a whole.
        home: Folder of settings and pins; the index is elsewhere.
    """

    def __init__(self, connection: Connection, version: Version, state: State, home: Path) -> None:
        self.connection = connection
        self.version = version
        self.home = home
        self._state = state
        self._rows: dict[int, DocumentRow] = {}

    @classmethod
    @contextmanager
    def open(cls, home: Path, address: str) -> Iterator["MilvusStore"]:
        """Open the version that is current, or was a second ago.

        Raises:
            IndexMissingError: there is none.
            StoreError: the server cannot be reached.
        """
        connection = connect(address)
        version = connection.version()
        yield cls(connection, version, connection.state(version), home)

    @property
    def visible(self) -> str:
        """What holds for the rows of this version."""
        return visible(self.version)

    @property
    def dimension(self) -> int:
        """Width of the vectors; 0 while there are none."""
        return self._state.dimension

    @cached_property
    def chunk_table(self) -> MilvusTable | None:
        """The chunks, None while there are none."""
        width = self._state.dimension
        return self.connection.chunks(width) if width else None

    # What the index holds

    def state(self) -> IndexState:
        """Return generation and counts."""
        counts = {"documents": 0, "chunks": 0} | self._state.counts
        search = "server" if self._state.words else "rescored"
        return IndexState(self._state.generation, search=search, **counts)  # type: ignore[arg-type]

    def generation(self) -> int:
        """Return the number of changes committed so far."""
        return self._state.generation

    def meta(self, key: str) -> str | None:
        """Return what is kept under a name."""
        return self._state.meta.get(key)

    def roots(self) -> list[str]:
        """Return the folders and files that sync follows, sorted."""
        return list(self._state.roots)

    def failures(self) -> dict[str, str]:
        """Return path to cause for what could not be indexed at the last sync."""
        return dict(self._state.failures)

    def archives(self) -> dict[str, str]:
        """Return path to SHA-256 of the archives whose members are documents."""
        return dict(self._state.archives)

    def warnings(self) -> dict[str, tuple[str, ...]]:
        """Return path to what could not be read of documents that could be read otherwise."""
        key, held = self.version.state, self.connection.warnings
        if held is None or held[0] != key:  # a structure is read for each of these documents
            rows = self._found("partial == 1")
            found = {row.document.path: self._structure(row).warnings for row in rows}
            self.connection.warnings = held = key, found
        return dict(held[1])

    def listing(self) -> Table:
        """Return the documents as a table."""
        from index.milvus.listing import listing

        return listing(self)

    # Documents

    def documents(self, below: Sequence[str] | None = None) -> list[StoredDocument]:
        """Return all documents, or those at and below some paths, by path."""
        return [row.document for row in self.rows_below(below)]

    def rows_below(self, paths: Sequence[str] | None = None) -> list[DocumentRow]:
        """Return the rows of all documents, or of those at and below some paths, by path."""
        if paths is None:
            return self._found("")
        found: list[DocumentRow] = []
        for path in paths:
            found += self._found(below(path))
        return sorted(found, key=_path)

    def described(self, rowids: Iterable[int]) -> dict[int, StoredDocument]:
        """Return these documents by row id, without their texts."""
        return {rowid: row.document for rowid, row in self._by_id(rowids).items()}

    def copies_within(self, rowids: Iterable[int], within: Filter) -> dict[int, StoredDocument]:
        """Return, for each of these documents, its text's first copy by path within bounds."""
        rows = self._by_id(rowids)
        if not within and not self._state.counts.get("copies"):
            return {rowid: row.document for rowid, row in rows.items()}
        first: dict[str, StoredDocument] = {}
        digests = sorted({row.document.sha256 for row in rows.values()})
        for some in slices(digests, _AT_ONCE):
            found = self._found(_and(f"sha256 in {literals(some)}", bounds(within)))
            for row in reversed(found):
                first[row.document.sha256] = row.document
        return {
            rowid: first[row.document.sha256]
            for rowid, row in rows.items()
            if row.document.sha256 in first
        }

    def document(self, rowid: int) -> tuple[StoredDocument, str]:
        """Return one document and its whole text."""
        row = self._row(rowid)
        return row.document, self._text(row)

    def extracted(self, rowid: int) -> Extracted:
        """Return a document as its loader left it, to be cut into chunks again."""
        row = self._row(rowid)
        document, structure = row.document, self._structure(row)
        return Extracted(
            text=self._text(row),
            title=document.title,
            date=document.date,
            media_type=document.media_type,
            blocks=structure.blocks,
            locations=structure.locations,
            authors=document.authors,
            language=document.language,
            url=structure.url,
            layout=structure.layout,
            warnings=structure.warnings,
        )

    def locations(self, rowid: int) -> tuple[Location, ...]:
        """Return where a document's text is found in the original, in the loader's order."""
        return self._structure(self._row(rowid)).locations

    def blocks(self, rowid: int) -> tuple[Block, ...]:
        """Return the runs of a document's text, in reading order."""
        return self._structure(self._row(rowid)).blocks

    def address(self, rowid: int) -> str | None:
        """Return the address that a document gives itself, if any."""
        row = self._by_id([rowid]).get(rowid)
        return None if row is None else self._structure(row).url

    def layout(self, rowid: int) -> bytes | None:
        """Return where a document's characters stand on its pages."""
        row = self._by_id([rowid]).get(rowid)
        return None if row is None else self._structure(row).layout

    def find_document(self, sha256: str) -> tuple[StoredDocument, str] | None:
        """Return the document with this text, the first by path if several have it."""
        found = self.described_by_text(sha256)
        return self.document(found.rowid) if found else None

    def described_by_text(self, sha256: str) -> StoredDocument | None:
        """Return what `find_document` finds, without the text."""
        found = self._found(f"sha256 == {literal(sha256)}")
        return found[0].document if found else None

    def paths_of(self, sha256: str) -> tuple[str, ...]:
        """Return the paths of all documents with this text, sorted."""
        return tuple(row.document.path for row in self._found(f"sha256 == {literal(sha256)}"))

    def chunked_otherwise(self, recipe: str) -> list[str]:
        """Return the hashes of texts that were cut or embedded by another recipe, by path."""
        return [row.document.sha256 for row in self._otherwise(recipe)]

    def paths_made_otherwise(self, recipe: str) -> list[str]:
        """Return the paths of documents whose texts were cut or embedded by another recipe."""
        digests = sorted(set(self.chunked_otherwise(recipe)))
        found: list[DocumentRow] = []
        for some in slices(digests, _AT_ONCE):
            found += self._found(f"sha256 in {literals(some)}")
        return sorted(row.document.path for row in found)

    def _otherwise(self, recipe: str) -> list[DocumentRow]:
        return self._found(f'chunked_with not in ["", {literal(recipe)}]')

    # Chunks

    def chunks(self, ids: Sequence[int]) -> list[StoredChunk]:
        """Return these chunks, in the order asked for."""
        found = {
            chunk.rowid: chunk for chunk in map(chunk_from, self._chunk_rows(ids, CHUNK_FIELDS))
        }
        self._check_found(ids, found)
        return [found[chunk] for chunk in ids]

    def chunks_of(self, rowid: int) -> list[int]:
        """Return the ids of a document's chunks, ascending."""
        return sorted(row["id"] for row in self._query_chunks(f"document == {rowid}", ["id"]))

    def chunk_ids(self) -> Ids:
        """Return the ids of all chunks."""
        return _ids(self._query_chunks("", ["id"]))

    def chunk_ids_within(self, within: Filter) -> Ids:
        """Return the chunks of texts that a document within bounds has."""
        return _ids(self._query_chunks(chunk_bounds(self, within), ["id"]))

    def bodies(self, ids: Sequence[int]) -> dict[int, str]:
        """Return these chunks' own characters by chunk id."""
        fields = ["id", "document", "first", "last", "body_at", "text"]
        rows = self._chunk_rows(ids, fields)
        return {row["id"]: self._body(row) for row in rows}

    def searched_texts(self, ids: Iterable[int]) -> list[tuple[int, str]]:
        """Return chunk id and all that is searched by words, by id."""
        rows = self._chunk_rows(list(ids), ["id", "text"])
        return sorted((row["id"], row["text"]) for row in rows)

    def _body(self, row: dict[str, Any]) -> str:
        if row["body_at"] >= 0:
            text: str = row["text"][row["body_at"] :]
            return text
        return self._text(self._row(row["document"]))[row["first"] : row["last"]]

    def sampled_chunks(self, count: int) -> list[int]:
        """Return ids of at most `count` chunks spread over the index, ascending."""
        if self.state().chunks <= count:
            return [int(one) for one in self.chunk_ids()]
        step = max(self._state.last_chunk // count, 1)
        wanted = range(1, self._state.last_chunk + 1, step)
        found = sorted(row["id"] for row in self._query_chunks(f"id in {literals(wanted)}", ["id"]))
        if len(found) < count // 2 and self.state().chunks <= _MOST_LOOKED_THROUGH:
            found = [int(one) for one in self.chunk_ids()]  # most ids are of chunks that went
        return found[:: max(len(found) // count, 1)][:count]

    def vectors(self, ids: Sequence[int]) -> Vectors:
        """Return the vectors of these chunks: `(n, dimension)`."""
        found = {row["id"]: row["vector"] for row in self._chunk_rows(ids, ["id", "vector"])}
        self._check_found(ids, found)
        rows = [found[int(chunk)] for chunk in ids]
        return np.array(rows, dtype=np.float32).reshape(len(rows), -1)

    def search_terms(
        self, match: str, limit: int, within: Filter = EVERYTHING
    ) -> list[tuple[int, float]]:
        """Return `(chunk, score > 0)` of an FTS5 query, by -score, over texts that are fetched.

        Raises:
            PinpointError: there are too many to fetch.
        """
        if self.state().chunks > _MOST_LOOKED_THROUGH:
            raise PinpointError(
                f"{self.connection.address}: its words are looked through by fetching them, and "
                f"there are more than {_MOST_LOOKED_THROUGH:,} passages; do this with a part of "
                "the documents in an index of its own"
            )
        if not within:
            return self._words.search(match, limit)
        allowed = set(self.chunk_ids_within(within).tolist())
        hits = self._words.search(match, self.state().chunks) if allowed else []
        return [hit for hit in hits if hit[0] in allowed][:limit]

    @cached_property
    def _words(self) -> Words:
        rows = self._query_chunks("", ["id", "text"])
        return Words(sorted((row["id"], row["text"]) for row in rows))

    def _chunk_rows(self, ids: Sequence[int], fields: Sequence[str]) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        for some in slices(sorted({int(one) for one in ids}), _AT_ONCE):
            rows += self._query_chunks(f"id in {literals(some)}", fields)
        return rows

    def _check_found(self, ids: Sequence[int], found: Container[int]) -> None:
        """Make sure that no chunk has gone since this version was opened.

        Raises:
            StoreError: one has.
        """
        if any(int(chunk) not in found for chunk in ids):
            raise StoreError(
                f"{self.connection.address}: passages of generation {self.generation()} have been "
                "deleted, as the index was changed twice since this began; try again"
            )

    def _query_chunks(
        self, condition: str, fields: Sequence[str], consistency: Consistency | None = None
    ) -> list[dict[str, Any]]:
        if self.chunk_table is None:
            return []
        both = _and(self.visible, condition)
        level = consistency or self._consistency
        return _once(self.chunk_table.query(both, [*fields, "born"], level))

    # Rows

    _consistency: Consistency = "bounded"

    def _found(self, condition: str) -> list[DocumentRow]:
        table = self.connection.documents
        rows = table.query(_and(self.visible, condition), DOCUMENT_FIELDS, self._consistency)
        return sorted(map(document_from, _once(rows)), key=_path)

    def _by_id(self, rowids: Iterable[int]) -> dict[int, DocumentRow]:
        wanted = {int(rowid) for rowid in rowids}
        for some in slices(sorted(wanted - self._rows.keys()), _AT_ONCE):
            for row in self._found(f"id in {literals(some)}"):
                self._rows[row.document.rowid] = row
        return {rowid: self._rows[rowid] for rowid in wanted if rowid in self._rows}

    def _row(self, rowid: int) -> DocumentRow:
        return self._by_id([rowid])[rowid]

    def _text(self, row: DocumentRow) -> str:
        return self.connection.text(row.text_key)

    def _structure(self, row: DocumentRow) -> Structure:
        return loaded(self.connection.text(row.structure_key))


def chunk_bounds(store: MilvusStore, within: Filter) -> str:
    """Return a condition on chunks of texts that a document within bounds has.

    A chunk has the path, date and kind of the document that holds it; copies of that document, of
    which one may be within the bounds alone, are looked up.
    """
    own = bounds(within)
    if not own or not store.state().copies:
        return own
    copies = store._found(_and('chunked_with == ""', own))
    digests = sorted({row.document.sha256 for row in copies})
    return f"({own}) or sha256 in {literals(digests)}" if digests else own


def _once(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return one row of each id, the newest: one that is being marked may be there twice."""
    return list({row["id"]: row for row in sorted(rows, key=_born)}.values())


def _born(row: dict[str, Any]) -> int:
    return int(row["born"])


def _path(row: DocumentRow) -> str:
    return row.document.path


def _ids(rows: Iterable[dict[str, Any]]) -> Ids:
    return np.array(sorted(row["id"] for row in rows), dtype=np.int64)


def _and(one: str, other: str) -> str:
    return f"({one}) and ({other})" if other else one
