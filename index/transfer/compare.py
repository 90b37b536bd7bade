"""Whether two indexes hold the same, found out by counts and hashes."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from index.report import Progress
from index.transfer.record import Listed, Record, Whole
from index.transfer.side import Side

_PARTS = {
    "fields": "title, date, blocks or another field",
    "text": "the text",
    "passages": "the passages",
    "vectors": "the vectors",
}
_MOST_TOLD = 20
CHUNKS_AT_ONCE = 5000
DOCUMENTS_AT_ONCE = 500
"""What is in memory at once."""


class Digests(NamedTuple):
    """SHA-256 of the parts of a document with its passages, whatever ids these have."""

    fields: bytes
    text: bytes
    passages: bytes
    vectors: bytes


class Account(NamedTuple):
    """All that is compared of an index.

    Attributes:
        documents: Path to the digests of its parts.
        counts: Documents, chunks and the like, as they were counted.
        whole: The rest.
        faults: What does not fit together in the index itself.
    """

    documents: dict[str, Digests]
    counts: dict[str, int]
    whole: Whole
    faults: tuple[str, ...]

    @property
    def digest(self) -> str:
        """SHA-256 over all documents, passages and vectors, in whatever order they were read."""
        total = hashlib.sha256()
        for path, digests in sorted(self.documents.items()):
            total.update(_hash(path.encode(), *digests))
        return total.hexdigest()


def account(side: Side, stage: str, progress: Progress | None = None) -> Account:
    """Read an index once, and return what is compared of it.

    Args:
        side: The index.
        stage: What the progress is called.
        progress: Called with the number of documents read.
    """
    counts = dict.fromkeys(("documents", "chunks", "copies", "failed", "partial"), 0)
    documents: dict[str, Digests] = {}
    faults: list[str] = []
    listed = side.listed()
    for some in portions(listed, DOCUMENTS_AT_ONCE, CHUNKS_AT_ONCE):
        for record in side.records([document.rowid for document in some]):
            path = record.document.path
            faults += [f"{side.name}: {path}: {fault}" for fault in record.faults()]
            documents[path] = digests_of(record)
            counts["documents"] += 1
            counts["chunks"] += len(record.passages)
            counts["copies"] += not record.document.chunked_with
            counts["partial"] += bool(record.extracted.warnings)
        if progress:
            progress(stage, counts["documents"], len(listed))
    whole = side.whole()
    counts["failed"] = len(whole.failures)
    return Account(documents, counts, whole, tuple(faults))


def portions(
    listed: Sequence[Listed], most_documents: int, most_chunks: int
) -> Iterator[list[Listed]]:
    """Cut a list so that each part has at most so many; a larger document comes alone."""
    portion: list[Listed] = []
    chunks = 0
    for document in listed:
        if portion and (len(portion) == most_documents or chunks + document.chunks > most_chunks):
            yield portion
            portion, chunks = [], 0
        portion.append(document)
        chunks += document.chunks
    if portion:
        yield portion


def digests_of(record: Record) -> Digests:
    """Return the digests of a document's parts, without row ids."""
    fields = (
        replace(record.document, rowid=0),
        replace(record.extracted, text=""),
        record.indexed_at,
    )
    passages = sorted(record.passages, key=lambda p: (p.chunk.start, p.chunk.end, p.input))
    return Digests(
        fields=_hash(repr(fields).encode()),
        text=_hash(record.extracted.text.encode()),
        passages=_hash(
            *(repr((replace(p.chunk, rowid=0, document=0), p.input)).encode() for p in passages)
        ),
        vectors=_hash(*(p.vector for p in passages)),
    )


def differences(one: Account, other: Account) -> list[str]:
    """Return what differs between two indexes, in words; nothing when they hold the same."""
    found = [*one.faults, *other.faults]
    found += [
        f"{name}: {count} and {other.counts[name]}"
        for name, count in one.counts.items()
        if count != other.counts[name]
    ]
    for each in (one, other):
        told = {name: each.whole.counts.get(name, 0) for name in each.counts}
        if told != each.counts:
            found.append(f"it says of itself {told}, and {each.counts} are there")
    for name in ("meta", "roots", "failures", "archives"):
        if getattr(one.whole, name) != getattr(other.whole, name):
            found.append(f"the {name} differ")
    found += _differing_documents(one.documents, other.documents)
    left = len(found) - _MOST_TOLD
    return [*found[:_MOST_TOLD], f"and {left} more"] if left > 0 else found


def _differing_documents(one: dict[str, Digests], other: dict[str, Digests]) -> Iterator[str]:
    for path in sorted(one.keys() | other.keys()):
        if path not in one or path not in other:
            yield f"{path}: in one of them only"
        elif one[path] != other[path]:
            pairs = zip(_PARTS.values(), one[path], other[path], strict=True)
            yield f"{path}: {', '.join(part for part, a, b in pairs if a != b)} differ"


def _hash(*parts: bytes) -> bytes:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.digest()
