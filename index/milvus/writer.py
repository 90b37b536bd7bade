"""The truth on a Milvus server, for changing: one change that is seen whole or not at all.

Rows of a change carry its number, so nobody sees them before it is committed. What goes is marked
only after that; see `index.milvus.ledger`.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import numpy as np

from index.chunk import Chunk
from index.document import Extracted
from index.embed import Embedder
from index.errors import IndexDamagedError
from index.milvus import parts
from index.milvus.batches import slices
from index.milvus.connection import Connection, connect
from index.milvus.held import Held
from index.milvus.lease import lease
from index.milvus.ledger import Attempt, Version, begin, commit, recovered, settle
from index.milvus.literal import literals
from index.milvus.rows import (
    COPIED_CHUNK,
    DocumentRow,
    cut,
    document_to,
    heading_to,
    key_of,
    sentences_to,
)
from index.milvus.schema import LONGEST_TEXT_BYTES
from index.milvus.settle import DOCUMENTS_AT_ONCE, clean, mark_dead, state_key
from index.milvus.shared_embedder import SharedEmbedder
from index.milvus.state import State
from index.milvus.store import MilvusStore
from index.milvus.structure import dumped
from index.milvus.table import FOREVER, Row
from index.milvus.unfinished import ServerVectors, by_input, model_key
from index.rows import StoredDocument
from index.settings import resolve_settings
from index.store import input_sha256, text_sha256

_PARTS_AT_ONCE_BYTES = 8_000_000
_CHUNKS_AT_ONCE = 1000
_MOVED_AT_ONCE = 5000  # chunks that are read with their vectors, of 200 documents at most


class MilvusWriter(MilvusStore):
    """A store inside one change; use it as `with MilvusWriter.writing(home, address) as store`.

    All documents' rows, not their texts, are held in memory meanwhile.
    """

    def __init__(
        self, connection: Connection, version: Version, state: State, home: Path, held: Held
    ) -> None:
        super().__init__(connection, version, state, home)
        self._held = held
        self._consistency = "strong"
        rows = self._found("") if version.number else []
        self._rows = {row.document.rowid: row for row in rows}
        self._paths = {row.document.path: row.document.rowid for row in rows}
        self._with_text: dict[str, set[int]] = {}
        for row in rows:
            self._with_text.setdefault(row.document.sha256, set()).add(row.document.rowid)
        self._anew = False
        self._unfinished: ServerVectors | None = None
        self._begin(version, state)

    def _begin(self, version: Version, state: State) -> None:
        """Begin a change of a version whose documents are held."""
        self.version = version
        self._base = self._state = state
        self._lost_documents = len(self._rows) != state.counts.get("documents", 0)
        self._begun: Attempt | None = None
        self._changed: set[int] = set()
        self._dying_documents: set[int] = set()
        self._dying_chunks_of: set[int] = set()
        self._moving: dict[int, tuple[DocumentRow, DocumentRow]] = {}
        self._new_chunks: dict[int, dict[str, Any]] = {}
        self._written_chunks = 0
        self._parts: list[Row] = []
        self._parts_bytes = 0
        self._vectors_dropped = False

    @classmethod
    @contextmanager
    def writing(cls, home: Path, address: str, *, timeout_seconds: float = 10.0) -> Iterator[Self]:
        """Open for one change, committed at the end of the block; makes a missing index.

        Raises:
            IndexLockedError: another process kept writing for longer than the timeout.
            LeaseLostError: another process began to write, as this one was held up.
            StoreError: the server cannot be reached.
        """
        home.mkdir(parents=True, exist_ok=True)
        connection = connect(address)
        connection.index = resolve_settings(home).store_index
        with lease(connection.ledger, timeout_seconds=timeout_seconds) as held:

            def finish(version: Version) -> None:
                mark_dead(connection, version, connection.state(version))

            version = recovered(connection.ledger, finish)
            if version.number:
                state = connection.state(version)
            else:
                state = State(meta={"index_id": uuid4().hex})
            store = cls(connection, version, state, home, held)
            yield store
            store._save()
            if store._unfinished is not None and not held.over:  # else they may be another's
                store._unfinished.delete()

    # The state as a whole

    def set_meta(self, key: str, value: str) -> None:
        """Keep a value under a name."""
        if self.meta(key) != value:
            self._set(meta=self._state.meta | {key: value})

    def next_generation(self) -> None:
        """Count one change of documents."""
        self._set(generation=self._state.generation + 1)

    def set_roots(self, paths: Sequence[str]) -> None:
        """Replace the folders and files that sync follows."""
        self._set(roots=tuple(sorted(paths)))

    def set_failures(self, failures: dict[str, str]) -> None:
        """Replace the list of what could not be indexed."""
        self._set(failures=dict(sorted(failures.items())))

    def set_archives(self, archives: dict[str, str]) -> None:
        """Replace the list of archives whose members are documents."""
        self._set(archives=dict(sorted(archives.items())))

    def set_stats(self, stats: dict[int, str]) -> None:
        """Note the files' sizes and times under which these documents are known to be the same."""
        for rowid, stat in stats.items():
            if rowid in self._rows and self._rows[rowid].document.stat != stat:
                self._put(self._rows[rowid].changed(stat=stat))

    def unfinished(self, fingerprint: str) -> ServerVectors:
        """Return the vectors of a model that an interrupted change left."""
        if self._unfinished is None:  # a change has one model
            self._unfinished = ServerVectors(self.connection, fingerprint)
        return self._unfinished

    def shared(self, embedder: Embedder) -> AbstractContextManager[Embedder]:
        """Return an embedder that whoever runs `pinpoint worker` helps."""
        if not self.connection.is_server:
            return nullcontext(embedder)
        unfinished = self.unfinished(embedder.fingerprint)
        return SharedEmbedder(embedder, self.connection, unfinished, still=self._held.stay)

    def write_anew(self) -> None:
        """Write the texts of documents that are added, also those that the server should have."""
        self._anew = True

    def _set(self, **values: Any) -> None:  # noqa: ANN401
        self._state = self._state.model_copy(update=values)

    # Documents

    def rows_below(self, paths: Sequence[str] | None = None) -> list[DocumentRow]:
        """Return the rows of all documents, or of those at and below some paths, by path."""
        found = [self._rows[rowid] for _, rowid in sorted(self._paths.items())]
        if paths is None:
            return found
        below = {path: path.rstrip(os.sep) + os.sep for path in paths}
        return [
            row
            for row in found
            if any(
                row.document.path == path or row.document.path.startswith(folder)
                for path, folder in below.items()
            )
        ]

    def _otherwise(self, recipe: str) -> list[DocumentRow]:
        return [row for row in self.rows_below() if row.document.chunked_with not in {"", recipe}]

    def paths_made_otherwise(self, recipe: str) -> list[str]:
        """Return the paths of documents whose texts were cut or embedded by another recipe."""
        digests = set(self.chunked_otherwise(recipe))
        return [row.document.path for row in self.rows_below() if row.document.sha256 in digests]

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
        rowid = self._state.last_document + 1
        self._set(last_document=rowid)
        stored = StoredDocument(
            rowid=rowid,
            path=path,
            size_bytes=size_bytes,
            file_sha256=file_sha256,
            sha256=digest,
            title=cut(document.title),
            date=document.date,
            media_type=document.media_type,
            authors=document.authors and cut(document.authors),
            language=document.language,
            stat=stat,
            made_with=made_with,
        )
        self._take_in(stored, document, 0, datetime.now(UTC).isoformat(timespec="seconds"))
        return rowid

    def _take_in(
        self, stored: StoredDocument, document: Extracted, chunks: int, indexed_at: str | None
    ) -> None:
        """Take in a new document, with its text and structure.

        Args:
            stored: Its row.
            document: What its loader found.
            chunks: How many it holds.
            indexed_at: When it was read.
        """
        rowid, digest = stored.rowid, stored.sha256
        structure_key = f"structure:{self._number}:{rowid}"
        self._keep(structure_key, dumped(document))
        self._paths[stored.path] = rowid
        self._with_text.setdefault(digest, set()).add(rowid)
        self._put(
            DocumentRow(
                document=stored,
                born=self._number,
                text_key=self._text_key(digest, document.text, rowid),
                structure_key=structure_key,
                partial=bool(document.warnings),
                chunks=chunks,
                indexed_at=indexed_at,
            )
        )

    def _text_key(self, digest: str, text: str, rowid: int) -> str:
        """Return the key of a text, once for all paths that have it."""
        key = f"text:{self._number}:{digest}"
        for other in self._with_text[digest] - {rowid}:
            held = self._rows[other].text_key
            if held == key or not self._anew:
                return held
        self._keep(key, text)
        return key

    def retire(self, rowid: int) -> None:
        """Free a document's path; the row stays until `remove_document`, for its vectors."""
        del self._paths[self._rows[rowid].document.path]

    def remove_document(self, rowid: int) -> None:
        """Delete a document with its chunks, and its text if no other document has it."""
        row = self._rows.pop(rowid)
        self._with_text[row.document.sha256].discard(rowid)
        self._changed.discard(rowid)
        if self._paths.get(row.document.path) == rowid:
            del self._paths[row.document.path]
        if row.chunks:
            self._dying_chunks_of.add(rowid)
        if self._stood_before(row):
            self._dying_documents.add(rowid)

    def with_text(self, sha256: str) -> list[StoredDocument]:
        """Return the documents with this text, by path; those retired too, behind the others."""
        rows = [self._rows[rowid].document for rowid in self._with_text.get(sha256, ())]
        return sorted(rows, key=lambda d: (self._paths.get(d.path) != d.rowid, d.path, d.rowid))

    def same_structure(self, one: int, other: int) -> bool:
        """Tell whether two documents with one text would be cut into the same chunks."""
        first, second = self._rows[one], self._rows[other]
        same_title = first.document.title == second.document.title
        return same_title and self._structure(first).blocks == self._structure(second).blocks

    # Chunks

    def add_chunks(
        self, rowid: int, document: Extracted, chunks: Sequence[Chunk], recipe: str
    ) -> list[int]:
        """Insert a document's chunks, still without vectors; return their ids."""
        row = replace(self._rows[rowid].changed(chunked_with=recipe), chunks=len(chunks))
        self._put(row)
        first = self._state.last_chunk + 1
        self._set(last_chunk=self._state.last_chunk + len(chunks))
        ids = list(range(first, first + len(chunks)))
        for chunk_id, chunk in zip(ids, chunks, strict=True):
            self._new_chunks[chunk_id] = self._chunk_row(chunk_id, row.document, document, chunk)
        return ids

    def _chunk_row(
        self, chunk_id: int, stored: StoredDocument, document: Extracted, chunk: Chunk
    ) -> dict[str, Any]:
        before = f"{document.title}\n{' '.join(chunk.heading)}\n"
        text = before + document.text[chunk.start : chunk.end]
        fits = len(text.encode()) <= LONGEST_TEXT_BYTES
        return {
            "id": chunk_id,
            "first": chunk.start,
            "last": chunk.end,
            "heading": heading_to(chunk.heading),
            "sentences": sentences_to(chunk.sentences, chunk.start),
            "input": input_sha256(chunk.input).hex(),
            "model": self._model,
            "body_at": len(before) if fits else -1,
            "text": text if fits else text[: LONGEST_TEXT_BYTES // 4],
            **self._of_holder(stored),
        }

    def _of_holder(self, stored: StoredDocument) -> dict[str, Any]:
        """Return what a chunk's row has of the document that holds it."""
        return {
            "document": stored.rowid,
            "path": stored.path,
            "sha256": stored.sha256,
            "date": stored.date or "",
            "media_type": stored.media_type,
        }

    def move_chunks(self, source: int, target: int) -> None:
        """Hand a document's chunks to another one with the same text, title and blocks."""
        old, new = self._rows[source], self._rows[target]
        self._put(replace(new.changed(chunked_with=old.document.chunked_with), chunks=old.chunks))
        self._moving[source] = old, new
        self.drop_chunks(source)
        chunks = sum(row.chunks for row, _ in self._moving.values())
        if len(self._moving) == DOCUMENTS_AT_ONCE or chunks >= _MOVED_AT_ONCE:
            self._write_moved()

    def _write_moved(self) -> None:
        """Write the chunks that are handed over, of many documents at once.

        Raises:
            IndexDamagedError: there are more or fewer than were counted; nothing is saved.
        """
        if not self._moving:
            return
        found: dict[int, list[dict[str, Any]]] = {source: [] for source in self._moving}
        for row in self._query_chunks(f"document in {literals(found)}", COPIED_CHUNK):
            found[row["document"]].append(row)
        for source, (old, _) in self._moving.items():
            if len(found[source]) != old.chunks:
                raise IndexDamagedError(
                    f"{self.connection.address}: {len(found[source])} chunks are there of "
                    f"{old.document.path}, and {old.chunks} were written; nothing saved; try "
                    "again, and if that does not help, run: pinpoint index --rebuild"
                )
        rows = [
            {
                **row,
                **self._of_holder(self._moving[source][1].document),
                "pk": key_of(self._number, row["id"]),
                "born": self._number,
            }
            for source, held in found.items()
            for row in held
        ]
        self._held.stay()
        self.connection.chunks(self._base.dimension).upsert(rows)
        self._written_chunks += len(rows)
        self._moving = {}

    def drop_chunks(self, rowid: int) -> None:
        """Take a document's chunks from it; they stay until the commit, for their vectors."""
        if self._rows[rowid].chunks:
            self._dying_chunks_of.add(rowid)
        self._put(replace(self._rows[rowid].changed(chunked_with=""), chunks=0))

    def remove_dropped(self) -> None:
        """Delete the chunks that were dropped: all go with the commit."""

    # Vectors

    def vectors_of(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """Return stored vectors of chunks whose inputs have these hashes, by hash.

        Those of changes that were never committed count too.
        """
        wanted = [key.hex() for key in keys]
        if self._vectors_dropped or not self._base.dimension:
            return {}
        table = self.connection.chunks(self._base.dimension)
        found: dict[bytes, bytes] = {}
        for some in slices(wanted):
            condition = f'model == "{self._model}" and input in {literals(some)}'
            found |= by_input(table.query(condition, ["input", "vector"]))
        return found

    def add_vectors(self, vectors: Iterable[tuple[int, bytes]]) -> None:
        """Store `(chunk, vector)`; a vector is little-endian float32, as NumPy writes it."""
        rows: list[dict[str, Any]] = []
        for chunk_id, vector in vectors:
            row = self._new_chunks.pop(chunk_id)
            row |= {"pk": key_of(self._number, chunk_id), "born": self._number, "died": FOREVER}
            row["vector"] = np.frombuffer(vector, dtype="<f4").tolist()
            rows.append(row)
            if len(rows) == _CHUNKS_AT_ONCE:
                self._write_chunks(rows)
                rows = []
        self._write_chunks(rows)

    def _write_chunks(self, rows: list[dict[str, Any]]) -> None:
        if not rows:
            return
        self._held.stay()
        width = len(rows[0]["vector"])
        self.connection.chunks(width).upsert(rows)
        self._set(dimension=width, words=self.connection.has_words(width))
        self._written_chunks += len(rows)

    def drop_vectors(self) -> None:
        """Use no vector again, as no two models' vectors may ever meet."""
        self._vectors_dropped = True

    def check_vectors(self, since: int) -> None:  # noqa: ARG002 - of another store
        """Check that every chunk that was added has a vector.

        Raises:
            IndexDamagedError: one has none; nothing is saved.
        """
        if self._new_chunks:
            raise IndexDamagedError(
                f"{self.connection.address}: {len(self._new_chunks)} chunks without a vector; "
                "nothing saved"
            )

    def last_chunk(self) -> int:
        """Return the largest chunk id; 0 when there are none."""
        return self._state.last_chunk

    # Writing

    @property
    def _attempt(self) -> Attempt:
        """This change, begun when it first writes."""
        # No cached_property: before Python 3.12 its lock would hold up all other writers.
        if self._begun is None:
            self._begun = begin(self.connection.ledger, self.version)
        return self._begun

    @property
    def _number(self) -> int:
        return self._attempt.number

    def _stood_before(self, row: DocumentRow) -> bool:
        return row.born <= self.version.number

    @property
    def _model(self) -> str:
        return model_key(self.meta("model") or "")

    def _put(self, row: DocumentRow) -> None:
        """Take in a row that is new or has changed; one that stood before ends with the change."""
        rowid = row.document.rowid
        if self._stood_before(row):
            self._dying_documents.add(rowid)
        self._rows[rowid] = replace(row, born=self._number)
        self._changed.add(rowid)

    def _keep(self, key: str, text: str) -> None:
        self.connection.hold(key, text)
        for row in parts.rows_of(self._number, key, text):
            self._parts.append(row)
            self._parts_bytes += len(row["content"].encode())
        if self._parts_bytes >= _PARTS_AT_ONCE_BYTES:
            self._write_parts()

    def _write_parts(self) -> None:
        self._held.stay()
        self.connection.parts.upsert(self._parts)
        self._parts, self._parts_bytes = [], 0

    def _save(self) -> None:
        """Commit what has changed, if anything has."""
        self._write_moved()
        if self._lost_documents:
            self._dying_chunks_of |= self._orphans()
        counted = self._state.model_copy(update={"counts": self._counts()})
        if not self._changed and not self._dying_documents and counted == self._base:
            return
        state = counted.model_copy(
            update={
                "previous": self.version.number,
                "previous_state": self.version.state,
                "previous_dimension": self._base.dimension,
                "dying_documents": tuple(sorted(self._dying_documents)),
                "dying_chunks_of": tuple(sorted(self._dying_chunks_of)),
            }
        )
        key = state_key(self._number)
        self._keep(key, state.model_dump_json())
        self._write_parts()
        rows = [document_to(self._rows[rowid]) for rowid in sorted(self._changed)]
        self.connection.documents.upsert(rows)
        self._check_written()
        self._held.check()
        version = commit(self.connection.ledger, self._attempt, key)
        mark_dead(self.connection, version, state)
        settle(self.connection.ledger, version)
        self.connection.note(version)
        clean(self.connection, version, state, self._base)

    def _orphans(self) -> set[int]:
        """Return the documents whose rows the server lost, but not their chunks."""
        rows = self._query_chunks("", ["id", "document"])
        return {row["document"] for row in rows} - self._rows.keys()

    def _check_written(self) -> None:
        """Count what came with the change, as it will be read.

        Raises:
            IndexDamagedError: something is missing; nothing is saved.
        """
        born = f"born == {self._number}"
        found = self.connection.documents.count(born)
        chunks = 0
        if self._state.dimension and self._written_chunks:
            chunks = self.connection.chunks(self._state.dimension).count(born)
        if (found, chunks) != (len(self._changed), self._written_chunks):
            raise IndexDamagedError(
                f"{self.connection.address}: {found} documents and {chunks} chunks were kept of "
                f"{len(self._changed)} and {self._written_chunks}; nothing saved, try again"
            )

    def _counts(self) -> dict[str, int]:
        rows = self._rows.values()
        return {
            "documents": len(self._rows),
            "chunks": sum(row.chunks for row in rows),
            "failed": len(self._state.failures),
            "partial": sum(row.partial for row in rows),
            "copies": sum(not row.document.chunked_with for row in rows),
        }
