"""Checks every text with its documents, chunks, vectors and full-text rows against each other."""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from index.document import Location
from index.findings import AGAIN, INDEX, RESTORE, Finding
from index.store import text_sha256

NORM_TOLERANCE = 1e-3
"""How far a vector's length may be from 1; float32 rounding stays far below."""

Recut = Callable[[str], list[tuple[int, int, bytes]] | None]
"""Text hash to start, end and input hash of each chunk as it is cut now; None if not to compare."""

_CHUNKS = (
    "SELECT c.id, c.start, c.end, c.heading, c.sentences, c.input_sha256, v.vector,"
    " p.title, p.heading, p.body FROM chunks c LEFT JOIN vectors v ON v.chunk = c.id"
    " LEFT JOIN passages p ON p.rowid = c.id WHERE c.document = ? ORDER BY c.start, c.id"
)


class _Chunk(NamedTuple):
    rowid: int
    start: int
    end: int
    heading: str
    sentences: str
    input_sha256: bytes
    vector: bytes | None
    row_title: str | None
    row_heading: str | None
    row_body: str | None


class TextCheck:
    """Looks at every text; `checked` counts what it saw.

    Args:
        db: Inside a transaction.
        recut: Cuts a text again, where that is wanted.
    """

    def __init__(self, db: sqlite3.Connection, recut: Recut | None = None) -> None:
        self._db = db
        self._recut = recut
        self.checked: Counter[str] = Counter()
        self._bytes = self._vector_bytes()

    def findings(self) -> Iterator[Finding]:
        """Yield what is wrong, text by text."""
        for sha256, text in self._db.execute("SELECT sha256, text FROM texts ORDER BY id"):
            self.checked["texts"] += 1
            if not isinstance(text, str) or text_sha256(text) != sha256:
                yield Finding(
                    "texts",
                    f"the text of {self._paths(sha256)} does not have its SHA-256 {sha256}",
                    way_out=AGAIN,
                )
                continue
            try:
                yield from self._documents(sha256, text)
            except (ValueError, TypeError) as error:  # what should be JSON is none
                yield self._chunk(self._paths(sha256), sha256, f"its rows are damaged ({error})")

    def _documents(self, sha256: str, text: str) -> Iterator[Finding]:
        documents = self._db.execute(
            "SELECT id, path, title, chunked_with FROM documents WHERE sha256 = ? ORDER BY path",
            (sha256,),
        ).fetchall()
        self.checked["documents"] += len(documents)
        if not documents:
            yield Finding("texts", f"text {sha256} belongs to no document", way_out=RESTORE)
            return
        first, *copies = documents
        for rowid, path, _, chunked_with in copies:
            if chunked_with or self._chunks(rowid):
                yield self._chunk(path, sha256, f"has chunks, as {first[1]} with its text has")
        if not first[3]:
            yield self._chunk(first[1], sha256, "is not cut into chunks")
            return
        yield from self._cut(sha256, text, *first[:3])

    def _cut(self, sha256: str, text: str, rowid: int, path: str, title: str) -> Iterator[Finding]:
        chunks = self._chunks(rowid)
        self.checked["chunks"] += len(chunks)
        blocks = self._blocks(rowid)
        if blocks is None:
            what = f"{path} has no structure that can be read"
            yield Finding("documents", what, way_out=AGAIN)
            return
        for what in (*_spans(text, chunks), *_uncovered(text, blocks, chunks), *_gaps(chunks)):
            yield self._chunk(path, sha256, what)
        headings = {(start, end): heading for start, end, heading, _ in blocks}
        for chunk in chunks:
            place = f"{path}:{chunk.start}-{chunk.end}"
            if json.loads(chunk.heading) not in _headings_at(headings, chunk.start):
                yield self._chunk(path, sha256, f"its chunk at {chunk.start} has a wrong heading")
            yield from self._vector(place, sha256, chunk)
            yield from self._words(place, title, text, chunk)
        yield from self._as_cut_now(sha256, path, chunks)

    def _vector(self, place: str, sha256: str, chunk: _Chunk) -> Iterator[Finding]:
        what = _vector_fault(chunk.vector, self._bytes)
        if chunk.vector is not None:
            self.checked["vectors"] += 1
        if what:
            yield Finding("vectors", f"{place}: {what}", "chunks", sha256, INDEX)

    def _words(self, place: str, title: str, text: str, chunk: _Chunk) -> Iterator[Finding]:
        expected = (title, " ".join(json.loads(chunk.heading)), text[chunk.start : chunk.end])
        if chunk.row_body is None:
            yield Finding("full text", f"{place}: no full-text row", "words")
            return
        self.checked["full-text rows"] += 1
        if (chunk.row_title, chunk.row_heading, chunk.row_body) != expected:
            yield Finding("full text", f"{place}: its full-text row holds something else", "words")

    def _as_cut_now(self, sha256: str, path: str, chunks: list[_Chunk]) -> Iterator[Finding]:
        now = self._recut(sha256) if self._recut else None
        if now is not None and now != [(c.start, c.end, c.input_sha256) for c in chunks]:
            yield self._chunk(path, sha256, "is cut into other chunks than the text gives")

    def _chunk(self, path: str, sha256: str, what: str) -> Finding:
        return Finding("chunks", f"{path}: {what}", "chunks", sha256, INDEX)

    def _chunks(self, rowid: int) -> list[_Chunk]:
        return [_Chunk(*row) for row in self._db.execute(_CHUNKS, (rowid,))]

    def _blocks(self, rowid: int) -> list[tuple[int, int, list[str], str]] | None:
        """Return a document's blocks; None where these or what stands beside them is damaged."""
        row = self._db.execute(
            "SELECT blocks, locations, warnings FROM structures JOIN documents ON id = document"
            " WHERE document = ?",
            (rowid,),
        ).fetchone()
        try:
            blocks, locations, warnings = (json.loads(column) for column in row)
            tuple(warnings), [Location(*location) for location in locations]
            return [(start, end, heading, kind) for start, end, heading, kind in blocks]
        except (ValueError, TypeError):  # there may be no row, too
            return None

    def _paths(self, sha256: str) -> str:
        rows = self._db.execute("SELECT path FROM documents WHERE sha256 = ?", (sha256,))
        return ", ".join(sorted(row[0] for row in rows)) or "no document"

    def _vector_bytes(self) -> int | None:
        """Return the size of a vector: what the model says, else what most have."""
        row = self._db.execute("SELECT value FROM meta WHERE key = 'embedder'").fetchone()
        if row is not None:
            return 4 * int(json.loads(row[0])["dimension"])
        row = self._db.execute(
            "SELECT length(vector) FROM vectors GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
        ).fetchone()
        return None if row is None else int(row[0])


def _spans(text: str, chunks: list[_Chunk]) -> Iterator[str]:
    """Say which chunks or sentences lie outside what holds them, or are out of order."""
    last = (-1, -1)
    for chunk in chunks:
        if not (0 <= chunk.start < chunk.end <= len(text)):
            yield f"its chunk {chunk.start}-{chunk.end} lies outside its text"
        elif chunk.start <= last[0] or chunk.end <= last[1]:
            yield f"its chunk {chunk.start}-{chunk.end} does not follow the one before"
        sentences = json.loads(chunk.sentences)
        edges = [edge for sentence in sentences for edge in sentence]
        if edges != sorted(edges) or (edges[:1], edges[-1:]) != ([chunk.start], [chunk.end]):
            yield f"its chunk at {chunk.start} is not made of its sentences"
        last = (chunk.start, chunk.end)


def _uncovered(
    text: str, blocks: list[tuple[int, int, list[str], str]], chunks: list[_Chunk]
) -> Iterator[str]:
    """Say which characters of blocks, but for white space, are in no chunk."""
    spans = iter(sorted((chunk.start, chunk.end) for chunk in chunks))
    at, span = 0, next(spans, None)
    for start, end, *_ in blocks:
        at = max(at, start)
        while at < end:
            while span is not None and span[1] <= at:
                span = next(spans, None)
            gap = end if span is None else min(end, max(at, span[0]))
            if text[at:gap].strip():
                yield f"its characters {at}-{gap} are in no chunk"
            at = max(gap, end if span is None else min(end, span[1]))


def _gaps(chunks: list[_Chunk]) -> Iterator[str]:
    """Say where a chunk is missing: those of a text were given their ids one after the other."""
    for one, other in pairwise(chunks):
        if other.rowid != one.rowid + 1:
            yield f"its chunks at {one.start} and {other.start} were not made one after the other"


def _headings_at(headings: dict[tuple[int, int], list[str]], start: int) -> list[list[str]]:
    return [heading for (first, last), heading in headings.items() if first <= start < last]


def _vector_fault(vector: bytes | None, size: int | None) -> str | None:
    if vector is None:
        return "no vector"
    if len(vector) != size:
        return f"its vector has {len(vector)} bytes instead of {size}"
    length = float(np.linalg.norm(np.frombuffer(vector, dtype="<f4").astype(np.float64)))
    if not abs(length - 1) <= NORM_TOLERANCE:  # so written, a length that is no number is caught
        return f"its vector has the length {length:.4g} instead of 1"
    return None
