"""What the store hands out: documents, chunks, and the state of the index."""

from dataclasses import dataclass
from typing import Literal

Search = Literal["hybrid", "server", "rescored"]
"""How questions are searched: by vectors and by words in the home, by both on a server, or by
vectors on a server that has no full-text search, from which more passages are asked for and scored
by the question's words here."""


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A row of `documents`, without its text.

    `sha256` is that of the whole extracted text, `file_sha256` that of the file. `stat` tells the
    file's size and times when it was read, None where they do not prove that it is unchanged.
    `made_with` and `chunked_with` are the recipes of extraction and of chunks and vectors; the
    latter is empty where another path with the same text holds the chunks.
    """

    rowid: int
    path: str
    size_bytes: int
    file_sha256: str
    sha256: str
    title: str
    date: str | None
    media_type: str
    authors: str | None = None
    language: str | None = None
    stat: str | None = None
    made_with: str = ""
    chunked_with: str = ""


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """A chunk as stored; offsets count in its document's whole text."""

    rowid: int
    document: int
    start: int
    end: int
    heading: tuple[str, ...]
    sentences: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class IndexState:
    """Which generation of the index this is, how much it holds, and how much it could not read.

    `documents` counts paths, `copies` those of them whose text another path has too. `search` is
    how questions are searched.
    """

    generation: int
    documents: int
    chunks: int
    failed: int = 0
    partial: int = 0
    copies: int = 0
    search: Search = "hybrid"
