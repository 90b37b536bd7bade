"""Documents read from, and written to, a Milvus server with all that belongs to them."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from index.chunk import Chunk
from index.errors import IndexDamagedError, PinpointError
from index.exchange import Numbers
from index.milvus.ledger import current
from index.milvus.literal import literals
from index.milvus.parts import FIELDS, joined
from index.milvus.rows import CHUNK_FIELDS, chunk_from
from index.milvus.schema import LONGEST_TEXT_BYTES
from index.milvus.unfinished import as_bytes
from index.milvus.writer import MilvusWriter
from index.transfer.record import KEPT_META, Listed, Passage, Record, Whole

_FIELDS = (*CHUNK_FIELDS, "input", "vector", "text", "body_at")


class MilvusCopy(MilvusWriter):
    """A store inside one change that takes rows in as they were elsewhere.

    Nothing is committed but by `commit`, after which the next change has begun.
    """

    def whole(self) -> Whole:
        """Return what is kept besides the documents."""
        state = self._state
        return Whole(
            index_id=state.meta.get("index_id", ""),
            numbers=Numbers(state.generation, state.last_document, state.last_chunk),
            meta={name: state.meta[name] for name in KEPT_META if name in state.meta},
            roots=tuple(self.roots()),
            failures=self.failures(),
            archives=self.archives(),
            counts=dict(state.counts),
        )

    def rowids(self) -> set[int]:
        """Return the row ids of all documents."""
        return set(self._rows)

    def listed(self) -> list[Listed]:
        """Return all documents by row id, as the server has them now."""
        rows = self._found("")
        self._rows = {row.document.rowid: row for row in rows}
        return sorted(Listed(row.document.rowid, row.document.path, row.chunks) for row in rows)

    def records(self, rowids: Sequence[int]) -> Iterator[Record]:
        """Yield these documents with all that belongs to them, by row id, from the server.

        Raises:
            IndexDamagedError: something is missing.
        """
        rows = [self._rows[rowid] for rowid in sorted(rowids)]
        self._fetch({key for row in rows for key in (row.text_key, row.structure_key)})
        passages = self._passages([row.document.rowid for row in rows if row.chunks])
        for row in rows:
            found = passages.get(row.document.rowid, ())
            if len(found) != row.chunks:
                raise IndexDamagedError(
                    f"{self.connection.address}: {row.document.path} has {len(found)} passages of "
                    f"{row.chunks}; mend it first with: pinpoint index --rebuild"
                )
            yield Record(
                row.document, self.extracted(row.document.rowid), row.indexed_at, tuple(found)
            )

    def _fetch(self, keys: set[str]) -> None:
        """Have these texts at hand, as the server has them now, in place of what was held."""
        parts = self.connection.parts.query(f"key in {literals(sorted(keys))}", ["key", *FIELDS])
        parts.sort(key=itemgetter("key"))
        for key, group in groupby(parts, key=itemgetter("key")):
            text = joined(list(group))
            if text is not None:
                self.connection.hold(key, text)
                keys.discard(key)
        for key in keys:
            raise IndexDamagedError(
                f"{self.connection.address}: a part of {key} is missing; mend it first with: "
                "pinpoint index --rebuild"
            )

    def _passages(self, rowids: Sequence[int]) -> dict[int, list[Passage]]:
        found: dict[int, list[Passage]] = {}
        rows = self._query_chunks(f"document in {literals(rowids)}", _FIELDS) if rowids else []
        for row in sorted(rows, key=itemgetter("id")):
            passage = Passage(
                chunk_from(row),
                bytes.fromhex(row["input"]),
                as_bytes(row["vector"]),
                row["text"] if row["body_at"] >= 0 else None,
            )
            found.setdefault(passage.chunk.document, []).append(passage)
        return found

    def check_unchanged(self) -> None:
        """Make sure that the lease is still this process's, and the version the current one.

        Raises:
            LeaseLostError: the lease was lost.
            PinpointError: another process has changed the index.
        """
        self._held.check()
        if current(self.connection.ledger).number != self.version.number:
            raise PinpointError(
                f"{self.connection.address}: was changed meanwhile; run the command again"
            )

    # Writing

    def clear(self, **meta: str) -> None:
        """Take all out but the numbers; keep these names only."""
        for rowid in list(self._rows):
            self.remove_document(rowid)
        self._set(meta=meta, roots=(), failures={}, archives={})

    def put(self, records: Iterable[Record]) -> None:
        """Insert documents with all that belongs to them."""
        self.add_vectors(self._taken(records))  # in batches that go over documents

    def _taken(self, records: Iterable[Record]) -> Iterator[tuple[int, bytes]]:
        for record in records:
            count = len(record.passages)
            self._take_in(record.document, record.extracted, count, record.indexed_at)
            for passage in record.passages:
                self._new_chunks[passage.chunk.rowid] = self._passage_row(record, passage)
                yield passage.chunk.rowid, passage.vector

    def _passage_row(self, record: Record, passage: Passage) -> dict[str, Any]:
        chunk = passage.chunk
        cut = Chunk(chunk.start, chunk.end, chunk.heading, chunk.sentences, input="")
        row = self._chunk_row(chunk.rowid, record.document, record.extracted, cut)
        heading = json.dumps(chunk.heading, ensure_ascii=False)
        if len(heading.encode()) <= LONGEST_TEXT_BYTES:
            row["heading"] = heading  # as it was, where one that is made here would be cut
        return row | {"input": passage.input.hex()}

    def put_whole(self, whole: Whole) -> None:
        """Write what is kept besides the documents."""
        self._set(
            meta=self._state.meta | whole.meta,
            roots=whole.roots,
            failures=whole.failures,
            archives=whole.archives,
            last_document=max(whole.numbers.document, self._state.last_document),
            last_chunk=max(whole.numbers.chunk, self._state.last_chunk),
        )

    def become(self, index_id: str, generation: int) -> None:
        """Take on this id and generation, and be rid of what stands under other names."""
        self._set(meta=self.whole().meta | {"index_id": index_id}, generation=generation)

    def commit(self) -> None:
        """Commit the change, if it is any, and begin the next one, under the same lease.

        The documents' rows are held on, so that a batch costs what it brings.
        """
        super()._save()
        version = self.connection.version()
        self._begin(version, self.connection.state(version))

    def _save(self) -> None:
        """Commit nothing at the end of the block; see `commit`."""
