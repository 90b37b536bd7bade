"""What a store of documents, chunks and vectors offers, for reading and for one change.

Two stores keep these promises: `index.sqlite_store` and `index.milvus.store`. A store that is open
sees one generation, and a change is committed whole or not at all. tests/test_store_contract.py
holds both to it.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from index.chunk import Chunk
from index.document import Block, Extracted, Location
from index.embed import Embedder, Vectors
from index.filter import Filter
from index.listing import Row
from index.rows import IndexState, StoredChunk, StoredDocument

Ids = npt.NDArray[np.int64]
"""Chunk ids, ascending: shape `(n,)`."""


class Changes(NamedTuple):
    """The chunks that came and went since a generation."""

    added: Ids
    removed: Ids


def text_sha256(text: str) -> str:
    """Return the SHA-256 of a document's whole extracted text in UTF-8: its identity."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def input_sha256(text: str) -> bytes:
    """Return the key under which a chunk's vector can be used again."""
    return hashlib.sha256(text.encode("utf-8")).digest()


class Table(Protocol):
    """The documents as a table; see `index.listing.Listing`."""

    def paths(self, query: str, within: Filter, sort: str, *, descending: bool) -> list[str]:
        """Return the paths of rows with the query in path or title."""

    def rows(self, paths: Sequence[str]) -> list[Row]:
        """Return the rows with these paths, in this order."""

    def media_types(self) -> list[str]:
        """Return the media types of all documents, sorted."""

    def subfolders(self, root: str) -> Iterator[tuple[str, int]]:
        """Yield the folders and archives directly in a folder, and how many documents each has."""


class Unfinished(Protocol):
    """Vectors of a change that is not committed yet; see `index.unfinished`."""

    def get(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """Return the vectors that are there for these input hashes."""

    def add(self, vectors: Mapping[bytes, bytes]) -> None:
        """Keep these vectors from now on, whatever happens."""

    def close(self) -> None:
        """Let go of what holds them, which stays."""


class Store(Protocol):
    """One generation of an index, for reading."""

    home: Path

    def state(self) -> IndexState:
        """Return generation and counts."""

    def generation(self) -> int:
        """Return the number of changes committed so far."""

    def meta(self, key: str) -> str | None:
        """Return what is kept under a name, such as `model` and `index_id`."""

    def roots(self) -> list[str]:
        """Return the folders and files that sync follows, sorted."""

    def failures(self) -> dict[str, str]:
        """Return path to cause for what could not be indexed at the last sync."""

    def archives(self) -> dict[str, str]:
        """Return path to SHA-256 of the archives whose members are documents."""

    def warnings(self) -> dict[str, tuple[str, ...]]:
        """Return path to what could not be read of documents that could be read otherwise."""

    def listing(self) -> Table:
        """Return the documents as a table."""

    # Documents

    def documents(self, below: Sequence[str] | None = None) -> list[StoredDocument]:
        """Return all documents, or those at and below some paths, by path.

        Args:
            below: Files, archives or folders, none below another.
        """

    def described(self, rowids: Iterable[int]) -> dict[int, StoredDocument]:
        """Return these documents by row id, without their texts.

        Raises:
            StoreError: one is not there any more.
        """

    def copies_within(self, rowids: Iterable[int], within: Filter) -> dict[int, StoredDocument]:
        """Return, for each of these documents, the first by path with its text and within bounds.

        Documents with no such copy are left out.
        """

    def document(self, rowid: int) -> tuple[StoredDocument, str]:
        """Return one document and its whole text.

        Raises:
            KeyError: there is no such document.
        """

    def extracted(self, rowid: int) -> Extracted:
        """Return a document as its loader left it, to be cut into chunks again."""

    def locations(self, rowid: int) -> tuple[Location, ...]:
        """Return where a document's text is found in the original, in the loader's order."""

    def blocks(self, rowid: int) -> tuple[Block, ...]:
        """Return the runs of a document's text, in reading order."""

    def address(self, rowid: int) -> str | None:
        """Return the address that a document gives itself, if any."""

    def layout(self, rowid: int) -> bytes | None:
        """Return where a document's characters stand on its pages; see `index.formats.layout`."""

    def find_document(self, sha256: str) -> tuple[StoredDocument, str] | None:
        """Return the document with this text, the first by path if several have it."""

    def described_by_text(self, sha256: str) -> StoredDocument | None:
        """Return what `find_document` finds, without the text."""

    def paths_of(self, sha256: str) -> tuple[str, ...]:
        """Return the paths of all documents with this text, sorted."""

    def chunked_otherwise(self, recipe: str) -> list[str]:
        """Return the hashes of texts that were cut or embedded by another recipe, by path."""

    def paths_made_otherwise(self, recipe: str) -> list[str]:
        """Return the paths of documents whose texts were cut or embedded by another recipe."""

    # Chunks

    def chunks(self, ids: Sequence[int]) -> list[StoredChunk]:
        """Return these chunks, in the order asked for."""

    def chunks_of(self, rowid: int) -> list[int]:
        """Return the ids of a document's chunks, ascending."""

    def chunk_ids(self) -> Ids:
        """Return the ids of all chunks, each of which has a vector."""

    def chunk_ids_within(self, within: Filter) -> Ids:
        """Return the chunks of texts that a document within bounds has."""

    def bodies(self, ids: Sequence[int]) -> dict[int, str]:
        """Return these chunks' own characters by chunk id."""

    def sampled_chunks(self, count: int) -> list[int]:
        """Return ids of at most `count` chunks spread over the index, ascending."""

    def vectors(self, ids: Sequence[int]) -> Vectors:
        """Return the vectors of these chunks: `(n, dimension)`."""

    def search_terms(self, match: str, limit: int, within: Filter = ...) -> list[tuple[int, float]]:
        """Return `(chunk, score > 0)` of an FTS5 query, by -score.

        Raises:
            PinpointError: this store has no full-text search.
        """


class StoreWriter(Store, Protocol):
    """A store inside one change, seen by nobody else until it is committed."""

    def unfinished(self, fingerprint: str) -> Unfinished:
        """Return the vectors of a model that an interrupted change left, and keep more there.

        A change has one model. Its vectors are deleted once it is committed.
        """

    def shared(self, embedder: Embedder) -> AbstractContextManager[Embedder]:
        """Return an embedder that others may help, for the while of a block; or the one given."""

    def write_anew(self) -> None:
        """Trust nothing that is kept: write what is added whole, as all is read and made again."""

    def set_meta(self, key: str, value: str) -> None:
        """Keep a value under a name."""

    def next_generation(self) -> None:
        """Count one change of documents."""

    def set_roots(self, paths: Sequence[str]) -> None:
        """Replace the folders and files that sync follows."""

    def set_failures(self, failures: dict[str, str]) -> None:
        """Replace the list of what could not be indexed."""

    def set_archives(self, archives: dict[str, str]) -> None:
        """Replace the list of archives whose members are documents."""

    def set_stats(self, stats: dict[int, str]) -> None:
        """Note the files' sizes and times under which these documents are known to be the same."""

    # Documents

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

    def retire(self, rowid: int) -> None:
        """Free a document's path; the row stays until `remove_document`, for its vectors."""

    def remove_document(self, rowid: int) -> None:
        """Delete a document with its chunks, and its text if no other document has it."""

    def with_text(self, sha256: str) -> list[StoredDocument]:
        """Return the documents with this text, by path; those retired too."""

    # Chunks

    def add_chunks(
        self, rowid: int, document: Extracted, chunks: Sequence[Chunk], recipe: str
    ) -> list[int]:
        """Insert a document's chunks, still without vectors; return their ids."""

    def move_chunks(self, source: int, target: int) -> None:
        """Hand a document's chunks to another one with the same text, title and blocks."""

    def drop_chunks(self, rowid: int) -> None:
        """Take a document's chunks from it; they stay until `remove_dropped`, for their vectors."""

    def remove_dropped(self) -> None:
        """Delete the chunks that were dropped, with their vectors."""

    def same_structure(self, one: int, other: int) -> bool:
        """Tell whether two documents with one text would be cut into the same chunks."""

    # Vectors

    def vectors_of(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """Return stored vectors of chunks whose inputs have these hashes, by hash.

        A vector is little-endian float32, as NumPy writes it.
        """

    def add_vectors(self, vectors: Iterable[tuple[int, bytes]]) -> None:
        """Store `(chunk, vector)`."""

    def drop_vectors(self) -> None:
        """Delete all vectors, as no two models' vectors may ever meet."""

    def check_vectors(self, since: int) -> None:
        """Check that every chunk whose id is above `since` has a vector.

        Raises:
            IndexDamagedError: one has none; nothing is saved.
        """

    def last_chunk(self) -> int:
        """Return the largest chunk id given; 0 when there are none."""
