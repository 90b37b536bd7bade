"""Builds a canonical text out of parts, with the blocks and locations that lie over it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from index.document import Block, Extracted, Location

_BETWEEN = "\n\n"  # parts are paragraphs


class TextBuilder:
    """Collects a document's parts in reading order; every offset counts in the joined text."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._size = 0
        self._blocks: list[Block] = []
        self._locations: list[Location] = []

    def add(self, text: str, *, heading: Sequence[str] = (), kind: str = "text") -> tuple[int, int]:
        """Append a part, a paragraph behind what is there, and return its `[start, end)`.

        White space around it is left out; a part of nothing else is not added.

        Args:
            text: The part's characters; they are kept as they are.
            heading: Titles of the headings above it, outermost first.
            kind: The block's kind, as `Block` has it; `heading` adds the text without a block, as
                headings are no sentences.
        """
        kept = text.strip()
        if not kept:
            return self._size, self._size
        if self._parts:
            self._append(_BETWEEN)
        start = self._size
        self._append(kept)
        if kind != "heading":
            self._blocks.append(Block(start, self._size, tuple(heading), kind))
        return start, self._size

    @contextmanager
    def place(self, kind: str, name: str) -> Iterator[None]:
        """Record where the parts added inside the `with` block are found in the original."""
        before, number = self._size, len(self._locations)
        yield
        if self._size > before:
            start = before + len(_BETWEEN) if before else 0  # the separator belongs to no place
            # An outer place is known later than those inside, but comes before them.
            self._locations.insert(number, Location(start, self._size, kind, name))

    def build(
        self,
        *,
        title: str,
        media_type: str,
        date: str | None = None,
        authors: str | None = None,
        language: str | None = None,
        warnings: Sequence[str] = (),
    ) -> Extracted:
        """Return the document."""
        return Extracted(
            text="".join(self._parts),
            title=title,
            date=date,
            media_type=media_type,
            blocks=tuple(self._blocks),
            locations=tuple(self._locations),
            authors=authors,
            language=language,
            warnings=tuple(warnings),
        )

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._size += len(text)
