"""The truth on a Milvus server, for reading: one version of the index."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from index.document import Block, Extracted, Location
from index.embed import Vectors
from index.errors import IndexDamagedError, PinpointError, RowsGoneError
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

    @property
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
        return {rowid: row.document for rowid, row in self._all_by_id(rowids).items()}

    def copies_within(self, rowids: Iterable[int], within: Filter) -> dict[int, StoredDocument]:
        """Return, for each of these documents, its text's first copy by path within bounds."""
        rows = self._all_by_id(rowids)
        if not within and not self._state.counts.get("copies"):
            return {rowid: row.document for rowid, row in rows.items()}
        first: dict[str, StoredDocument] = {}
        digests = {row.document.sha256 for row in rows.values()}
        for level in self._levels:
            for some in slices(sorted(digests - first.keys()), _AT_ONCE):
                condition = _and(f"sha256 in {literals(some)}", bounds(within))
                for row in reversed(self._found(condition, level)):
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
        found = self._chunk_rows(ids, CHUNK_FIELDS)
        return [chunk_from(found[int(chunk)]) for chunk in ids]

    def chunks_of(self, rowid: int) -> list[int]:
        """Return the ids of a document's chunks, ascending."""
        return sorted(row["id"] for row in self._query_chunks(f"document == {rowid}", ["id"]))

    def chunk_ids(self) -> Ids:
        """Return the ids of all chunks."""
        return _ids(self._query_chunks("", ["id"]))

    def chunk_ids_within(self, within: Filter) -> Ids:
        """Return the chunks of texts that a document within bounds has."""
        conditions = chunk_bounds(self, within)
        return _ids(row for each in conditions for row in self._query_chunks(each, ["id"]))

    def bodies(self, ids: Sequence[int]) -> dict[int, str]:
        """Return these chunks' own characters by chunk id."""
        fields = ["id", "document", "first", "last", "body_at", "text"]
        rows = self._chunk_rows(ids, fields)
        return {chunk: self._body(row) for chunk, row in rows.items()}

    def searched_texts(self, ids: Iterable[int]) -> list[tuple[int, str]]:
        """Return chunk id and all that is searched by words, by id."""
        rows = self._chunk_rows(ids, ["id", "text"])
        return sorted((chunk, row["text"]) for chunk, row in rows.items())

    def _body(self, row: dict[str, Any]) -> str:
        if row["body_at"] >= 0:
            text: str = row["text"][row["body_at"] :]
            return text
        document = row["document"]
        return self._text(self._all_by_id([document])[document])[row["first"] : row["last"]]

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
        found = self._chunk_rows(ids, ["id", "vector"])
        rows = [found[int(chunk)]["vector"] for chunk in ids]
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

    def _chunk_rows(self, ids: Iterable[int], fields: Sequence[str]) -> dict[int, dict[str, Any]]:
        """Return these fields, `id` among them, of these chunks by id.

        Raises:
            RowsGoneError: one is not there.
        """
        wanted = {int(one) for one in ids}
        rows: dict[int, dict[str, Any]] = {}
        for level in self._levels:
            for some in slices(sorted(wanted - rows.keys()), _AT_ONCE):
                found = self._query_chunks(f"id in {literals(some)}", fields, level)
                rows |= {row["id"]: row for row in found}
        self._check_found(wanted - rows.keys(), "passages")
        return rows

    def _check_found(self, missing: Collection[int], what: str) -> None:
        """Make sure that nothing has gone since this version was opened.

        Raises:
            RowsGoneError: something has.
        """
        if not missing:
            return
        if not self._is_newest():
            raise self._deleted(what)
        raise RowsGoneError(
            f"{self._named(what)} are missing on the server; try again, and if that does not help, "
            "read your files again with: pinpoint index --rebuild"
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

    @property
    def _levels(self) -> Iterable[Consistency]:
        """How rows that must be there are read: what was written just now may need the slower."""
        return dict.fromkeys((self._consistency, "strong"))

    def _found(self, condition: str, consistency: Consistency | None = None) -> list[DocumentRow]:
        rows = self._documents_with(condition, DOCUMENT_FIELDS, consistency)
        return sorted(map(document_from, _once(rows)), key=_path)

    def _documents_with(
        self, condition: str, fields: Sequence[str], consistency: Consistency | None = None
    ) -> list[dict[str, Any]]:
        both = _and(self.visible, condition)
        return self.connection.documents.query(both, fields, consistency or self._consistency)

    def _by_id(self, rowids: Iterable[int]) -> dict[int, DocumentRow]:
        wanted = {int(rowid) for rowid in rowids}
        for level in self._levels:
            for some in slices(sorted(wanted - self._rows.keys()), _AT_ONCE):
                for row in self._found(f"id in {literals(some)}", level):
                    self._rows[row.document.rowid] = row
        return {rowid: self._rows[rowid] for rowid in wanted if rowid in self._rows}

    def _all_by_id(self, rowids: Iterable[int]) -> dict[int, DocumentRow]:
        """Return these documents' rows.

        Raises:
            RowsGoneError: one is not there.
        """
        wanted = set(rowids)
        rows = self._by_id(wanted)
        self._check_found(wanted - rows.keys(), "documents")
        return rows

    def _held_outside(self, own: str) -> list[int]:
        """Return the documents out of bounds that hold the chunks of copies within them."""
        copies = self._documents_with(_and('chunked_with == ""', own), ["sha256"])
        held: set[int] = set()
        for some in slices(sorted({row["sha256"] for row in copies}), _AT_ONCE):
            outside = f'chunked_with != "" and sha256 in {literals(some)} and not ({own})'
            held |= {row["id"] for row in self._documents_with(outside, ["id"])}
        return sorted(held)

    def _row(self, rowid: int) -> DocumentRow:
        return self._by_id([rowid])[rowid]

    def _text(self, row: DocumentRow) -> str:
        return self._part(row.text_key)

    def _structure(self, row: DocumentRow) -> Structure:
        return loaded(self._part(row.structure_key))

    def _part(self, key: str) -> str:
        try:
            return self.connection.text(key)
        except IndexDamagedError:
            if self._is_newest():
                raise
            raise self._deleted("texts") from None

    def _is_newest(self) -> bool:
        return self.connection.version().number == self.version.number

    def _deleted(self, what: str) -> RowsGoneError:
        return RowsGoneError(
            f"{self._named(what)} have been deleted, as the index was changed twice since this "
            "began; try again"
        )

    def _named(self, what: str) -> str:
        return f"{self.connection.address}: {what} of generation {self.generation()}"


def chunk_bounds(store: MilvusStore, within: Filter) -> list[str]:
    """Return conditions; a chunk of a text that a document within bounds has fulfils one of them.

    A chunk has the path, date and kind of the document that holds it. Where a copy of that document
    is within the bounds alone, its holder is named, so many in each condition as a server takes.
    """
    own = bounds(within)
    if not own or not store.state().copies:
        return [own]
    named = [f"document in {literals(some)}" for some in slices(store._held_outside(own), _AT_ONCE)]
    return [f"({own}) or {named[0]}", *named[1:]] if named else [own]


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
