"""What is copied from one store to another: documents with all that belongs to them, and the rest.

Row ids stay as they are: what a batch writes is then the same however often it is written.
"""

from dataclasses import dataclass
from typing import NamedTuple

from index.document import Extracted
from index.exchange import Numbers
from index.rows import StoredChunk, StoredDocument
from index.store import text_sha256

KEPT_META = ("model", "embedder")
"""What is kept under a name and copied; the rest tells of the store itself."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk with what the store keeps beside it.

    Attributes:
        chunk: With its offsets.
        input: SHA-256 of what was embedded.
        vector: Little-endian float32; empty if there is none, which is damage.
        searched: Title, headings and characters as full-text search knows them, in lines; None
            where the store keeps a part of them only.
    """

    chunk: StoredChunk
    input: bytes
    vector: bytes
    searched: str | None


@dataclass(frozen=True, slots=True)
class Record:
    """A document, and the chunks of which it is the holder, by id."""

    document: StoredDocument
    extracted: Extracted
    indexed_at: str | None
    passages: tuple[Passage, ...]

    def faults(self) -> list[str]:
        """Return what does not fit together, in words; nothing in a sound index."""
        text = self.extracted.text
        found = []
        if text_sha256(text) != self.document.sha256:
            found.append("the text is not the one of its SHA-256")
        if not all(passage.vector for passage in self.passages):
            found.append("a passage has no vector")
        if any(
            passage.searched is not None and passage.searched != searched(self, passage.chunk)
            for passage in self.passages
        ):
            found.append("full-text search has other words than the text")
        return found


class Listed(NamedTuple):
    """A document that is to be copied, and how many chunks it has."""

    rowid: int
    path: str
    chunks: int


@dataclass(frozen=True, slots=True)
class Whole:
    """What an index is besides its documents.

    Attributes:
        index_id: Of this index and no other.
        numbers: Generation, and the last ids given to documents and chunks.
        meta: The names of `KEPT_META` that are there, with their values.
        roots: What sync follows, sorted.
        failures: Path to cause.
        archives: Path to SHA-256.
        counts: What the index tells of itself: `documents`, `chunks` and the like.
    """

    index_id: str
    numbers: Numbers
    meta: dict[str, str]
    roots: tuple[str, ...]
    failures: dict[str, str]
    archives: dict[str, str]
    counts: dict[str, int]

    @property
    def empty(self) -> bool:
        """Whether nothing would be lost with this index."""
        return not (self.counts.get("documents") or self.roots or self.failures)


def searched(record: Record, chunk: StoredChunk) -> str:
    """Return what full-text search has to know of a chunk."""
    body = record.extracted.text[chunk.start : chunk.end]
    return f"{record.document.title}\n{' '.join(chunk.heading)}\n{body}"
