"""Headings of a PDF: what its outline names, and lines that are clearly larger than the body."""

from collections.abc import Mapping, Sequence

from index.formats.pdf_parts import Part, is_large, plain_title

_MAX_CHARS = 200
_MAX_LINES = 3
_SAME_SIZE = 0.3  # points


def heading_ranks(
    parts: Sequence[Part], texts: Sequence[str], body: float, outline: Mapping[tuple[int, str], int]
) -> list[float | None]:
    """Return how deep each part is as a heading (a smaller rank stands above), None for others.

    A heading with nothing below it before the next of its rank is body text: text that stands
    under no heading's path and in no block would be lost.

    Args:
        parts: The document's parts.
        texts: Text of each part.
        body: Size of the body text in points.
        outline: Page and `plain_title` of the outline's entries to their level, from 0.
    """
    known = [
        outline.get((part.lines[0].page, plain_title(t)))
        for part, t in zip(parts, texts, strict=True)
    ]
    ranks = [
        _rank(part, text, body, in_outline=level is not None)
        for part, text, level in zip(parts, texts, known, strict=True)
    ]
    levels = [
        (part.size, level)
        for part, rank, level in zip(parts, ranks, known, strict=True)
        if rank is not None and level is not None
    ]
    for i, rank in enumerate(ranks):
        if rank is not None and levels:
            ranks[i] = _rank_beside(parts[i].size, levels) if known[i] is None else known[i]
    for i in range(len(ranks) - 1, -1, -1):
        rank = ranks[i]
        following = ranks[i + 1] if i + 1 < len(ranks) else -1e9
        if rank is not None and following is not None and following <= rank:
            ranks[i] = None
    return ranks


def _rank(part: Part, text: str, body: float, *, in_outline: bool) -> float | None:
    fits = len(part.lines) <= _MAX_LINES and len(text) <= _MAX_CHARS
    if not fits or part.kind == "row" or not plain_title(text):
        return None
    large = is_large(part.size, body) and part.kind == "text" and text[-1] not in ".,;:"
    return -part.size if large or in_outline else None


def _rank_beside(size: float, levels: Sequence[tuple[float, int]]) -> float:
    """Return the place that size gives to a line which the outline does not name."""
    largest = max(known for known, _ in levels)
    if size > largest + _SAME_SIZE:
        return -1.0  # the title above all
    below = [rank for known, rank in levels if known <= size + _SAME_SIZE]
    return min(below, default=max(rank for _, rank in levels) + 1)
