"""What rows of documents and chunks hold, and how rows of a version are told from others."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from index.errors import PinpointError
from index.filter import Filter
from index.milvus.literal import literal, literals
from index.milvus.schema import CHUNK, LONGEST_TEXT_BYTES, NO_VECTOR
from index.milvus.table import FOREVER
from index.rows import StoredChunk, StoredDocument

DOCUMENT_FIELDS = (
    "id",
    "born",
    "path",
    "sha256",
    "date",
    "media_type",
    "text_key",
    "structure_key",
    "chunked_with",
    "partial",
    "chunks",
    "rest",
)
LONGEST_TITLE_CHARS = 4000
"""Of a title, the authors or a heading; what is longer is cut, so that a row holds it."""

COPIED_DOCUMENT = (*DOCUMENT_FIELDS, "died", "vector")
COPIED_CHUNK = (*CHUNK, "vector")
"""All that a row holds but its key, to be written again."""
CHUNK_FIELDS = ("id", "document", "first", "last", "heading", "sentences")


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document with what the store keeps beside it.

    `born` is the version that the row came with. `text_key` and `structure_key` name the parts that
    hold the text and the structure; `chunks` counts the chunks of which it is the holder.
    """

    document: StoredDocument
    born: int
    text_key: str
    structure_key: str
    partial: bool
    chunks: int
    indexed_at: str | None

    @property
    def pk(self) -> str:
        """The row's key; rows of two versions never share one."""
        return key_of(self.born, self.document.rowid)

    def changed(self, **values: Any) -> "DocumentRow":  # noqa: ANN401
        """Return the row with other values of the document."""
        return replace(self, document=replace(self.document, **values))


def key_of(born: int, rowid: int) -> str:
    """Return the key of a row that came with a version."""
    return f"{born}:{rowid}"


def cut(text: str) -> str:
    """Return a title or the like as a row holds it."""
    whole = len(text) <= LONGEST_TITLE_CHARS
    return text if whole else f"{text[: LONGEST_TITLE_CHARS - 1]}…"


def heading_to(heading: Sequence[str]) -> str:
    """Return what is written of a heading path: its inner ones where there are too many."""
    kept = [cut(title) for title in heading]
    while len(written := json.dumps(kept, ensure_ascii=False).encode()) > LONGEST_TEXT_BYTES:
        kept = kept[1:]
    return written.decode()


def sentences_to(sentences: Sequence[tuple[int, int]], start: int) -> str:
    """Return what is written of sentences: how far each is from the end before, and how long."""
    steps, before = [], start
    for first, last in sentences:
        steps += [first - before, last - first]
        before = last
    return json.dumps(steps, separators=(",", ":"))


def chunk_from(row: Mapping[str, Any]) -> StoredChunk:
    """Return a row of a collection of chunks."""
    steps = iter(json.loads(row["sentences"]))
    before, sentences = int(row["first"]), []
    for gap in steps:
        first = before + gap
        before = first + next(steps)
        sentences.append((first, before))
    return StoredChunk(
        rowid=row["id"],
        document=row["document"],
        start=row["first"],
        end=row["last"],
        heading=tuple(json.loads(row["heading"])),
        sentences=tuple(sentences),
    )


def document_from(row: Mapping[str, Any]) -> DocumentRow:
    """Return a row of the collection of documents."""
    rest = json.loads(row["rest"])
    stored = StoredDocument(
        rowid=int(row["id"]),
        path=row["path"],
        size_bytes=rest["size_bytes"],
        file_sha256=rest["file_sha256"],
        sha256=row["sha256"],
        title=rest["title"],
        date=row["date"] or None,
        media_type=row["media_type"],
        authors=rest["authors"],
        language=rest["language"],
        stat=rest["stat"],
        made_with=rest["made_with"],
        chunked_with=row["chunked_with"],
    )
    return DocumentRow(
        document=stored,
        born=int(row["born"]),
        text_key=row["text_key"],
        structure_key=row["structure_key"],
        partial=bool(row["partial"]),
        chunks=int(row["chunks"]),
        indexed_at=rest["indexed_at"],
    )


def document_to(row: DocumentRow) -> dict[str, Any]:
    """Return what is written of a document.

    Raises:
        PinpointError: title, authors and the like do not fit into a row.
    """
    stored = row.document
    rest = {
        "size_bytes": stored.size_bytes,
        "file_sha256": stored.file_sha256,
        "title": stored.title,
        "authors": stored.authors,
        "language": stored.language,
        "stat": stored.stat,
        "made_with": stored.made_with,
        "indexed_at": row.indexed_at,
    }
    written = json.dumps(rest, ensure_ascii=False)
    if len(written.encode()) > LONGEST_TEXT_BYTES:
        raise PinpointError(
            f"{stored.path}: name or title does not fit into this store; make it shorter"
        )
    return {
        "pk": row.pk,
        "id": stored.rowid,
        "born": row.born,
        "died": FOREVER,
        "path": stored.path,
        "sha256": stored.sha256,
        "date": stored.date or "",
        "media_type": stored.media_type,
        "text_key": row.text_key,
        "structure_key": row.structure_key,
        "chunked_with": stored.chunked_with,
        "partial": int(row.partial),
        "chunks": row.chunks,
        "rest": written,
        "vector": NO_VECTOR,
    }


def bounds(within: Filter) -> str:
    """Return a condition on a document's own fields, or on those that a chunk has of it."""
    parts = []
    if within.since is not None:
        parts.append(f"date >= {literal(within.since)}")
    if within.until is not None:
        parts.append(f'date != "" and date <= {literal(within.until)}')
    if within.folders:
        parts.append(" or ".join(below(folder) for folder in within.folders))
    if within.media_types:
        parts.append(f"media_type in {literals(within.media_types)}")
    if within.without:
        parts.append(f"sha256 not in {literals(within.without)}")
    return " and ".join(f"({part})" for part in parts)


def below(path: str) -> str:
    """Return a condition for a path and all below it."""
    folder = path.rstrip("/")
    first, last = literal(f"{folder}/"), literal(f"{folder}0")  # "0" follows "/"
    return f"path == {literal(path)} or (path >= {first} and path < {last})"
