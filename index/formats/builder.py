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

    def add(
        self, text: str, *, heading: Sequence[str] = (), kind: str = "text", lead: int = 0
    ) -> tuple[int, int]:
        """Append a part, a paragraph behind what is there, and return its `[start, end)`.

        White space around it is left out; a part of nothing else is not added.

        Args:
            text: The part's characters; they are kept as they are.
            heading: Titles of the headings above it, outermost first.
            kind: The block's kind, as `Block` has it; `heading` adds the text without a block, as
                headings are no sentences.
            lead: Characters at the start that belong to no block, such as a list marker.
        """
        kept = text.strip()
        if not kept:
            return self._size, self._size
        if self._parts:
            self._append(_BETWEEN)
        start = self._size
        self._append(kept)
        if kind != "heading":
            self._blocks.append(Block(start + lead, self._size, tuple(heading), kind))
        return start, self._size

    def locate(self, start: int, end: int, kind: str, name: str) -> None:
        """Record where a run of the text is found, for places that begin or end inside a part."""
        self._locations.append(Location(start, end, kind, name))

    def include(self, text: str, blocks: Sequence[Block], *, heading: Sequence[str] = ()) -> None:
        """Append a text that has its own blocks, which stay where they are in it.

        Args:
            text: The part's characters; white space around them is left out.
            blocks: Spans of `text`, trimmed and in order.
            heading: Titles of the headings above the part; the blocks' own go below them.
        """
        left_out = len(text) - len(text.lstrip())
        start, end = self.add(text, kind="heading")
        if start == end:
            return
        moved = start - left_out
        self._blocks.extend(
            Block(moved + block.start, moved + block.end, (*heading, *block.heading), block.kind)
            for block in blocks
        )

    @property
    def size(self) -> int:
        """Characters added so far."""
        return self._size

    def enclose(self, before: int, after: int, kind: str, name: str) -> None:
        """Record where the parts added while the size grew from `before` to `after` are found.

        The new place goes outside those that it holds.
        """
        if after <= before:
            return
        start = _behind(before)
        at = next((i for i, known in enumerate(self._locations) if known.start >= start), None)
        at = len(self._locations) if at is None else at
        self._locations.insert(at, Location(start, after, kind, name))

    @contextmanager
    def place(self, kind: str, name: str) -> Iterator[None]:
        """Record where the parts added inside the `with` block are found in the original."""
        before, number = self._size, len(self._locations)
        yield
        if self._size > before:
            # An outer place is known later than those inside, but comes before them.
            self._locations.insert(number, Location(_behind(before), self._size, kind, name))

    def build(
        self,
        *,
        title: str,
        media_type: str,
        date: str | None = None,
        authors: str | None = None,
        language: str | None = None,
        layout: bytes | None = None,
        url: str | None = None,
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
            layout=layout,
            url=url,
            warnings=tuple(warnings),
        )

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._size += len(text)


def _behind(size: int) -> int:
    """Return where the next part of a text of this size begins: separators belong to no place."""
    return size + len(_BETWEEN) if size else 0
