"""The texts that the viewer shows, each read and checked once for as long as it is held."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index.document import Block, Location
from index.errors import QuoteError
from index.formats.layout import Rectangle, rectangles
from index.rows import StoredDocument
from index.store import text_sha256
from index.stores import open_store

_LIMIT_CHARS = 40_000_000
_RECTANGLES = 64  # quotes


@dataclass(frozen=True, slots=True)
class Found:
    """A document as the index has it now, and its whole text."""

    document: StoredDocument
    text: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Structure:
    """A document's blocks and places, in reading order."""

    blocks: Sequence[Block]
    locations: Sequence[Location]


class Texts:
    """Holds the texts that were last shown. Safe to use from several threads.

    Args:
        home: Folder of the index.
        limit_chars: Most characters held; one longer text is held alone.
    """

    def __init__(self, home: Path, limit_chars: int = _LIMIT_CHARS) -> None:
        self._home = home
        self._limit = limit_chars
        self._held: OrderedDict[str, str] = OrderedDict()
        self._places: OrderedDict[tuple[str, str, int, int], list[Rectangle]] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, sha256: str) -> Found:
        """Return a document and its text, which is hashed when it enters the memory.

        Raises:
            QuoteError: the index holds no such text (any more).
        """
        with open_store(self._home) as store:
            document = store.described_by_text(sha256)
            if document is None:
                self._drop(sha256)
                raise QuoteError(f"no document with SHA-256 {sha256} in {self._home}; ask again")
            url = store.address(document.rowid)
            text = self._known(sha256)
            if text is None:
                text = store.document(document.rowid)[1]
                if text_sha256(text) != sha256:
                    raise QuoteError(f"the text of {document.path} is damaged; ask again")
                self._hold(sha256, text)
        return Found(document, text, url)

    def structure(self, document: StoredDocument) -> Structure:
        """Return a document's blocks and places."""
        with open_store(self._home) as store:
            return Structure(store.blocks(document.rowid), store.locations(document.rowid))

    def archives(self) -> dict[str, str]:
        """Return path to SHA-256 of the archives whose members are documents."""
        with open_store(self._home) as store:
            return store.archives()

    def rectangles(self, document: StoredDocument, start: int, end: int) -> list[Rectangle]:
        """Return what `[start, end)` covers on the document's pages; nothing without a layout."""
        # A row's id is not enough: an index made anew begins to count again.
        key = (document.sha256, document.file_sha256, start, end)
        with self._lock:
            if key in self._places:
                return self._places[key]
        with open_store(self._home) as store:
            layout = store.layout(document.rowid)
        try:
            found = rectangles(layout, start, end) if layout is not None else []
        except ValueError as error:
            raise QuoteError(f"{document.path}: {error}") from error
        with self._lock:
            self._places[key] = found
            while len(self._places) > _RECTANGLES:
                self._places.popitem(last=False)
        return found

    def _known(self, sha256: str) -> str | None:
        with self._lock:
            if sha256 in self._held:
                self._held.move_to_end(sha256)
            return self._held.get(sha256)

    def _hold(self, sha256: str, text: str) -> None:
        with self._lock:
            self._held[sha256] = text
            while len(self._held) > 1 and sum(map(len, self._held.values())) > self._limit:
                self._held.popitem(last=False)

    def _drop(self, sha256: str) -> None:
        with self._lock:
            self._held.pop(sha256, None)
