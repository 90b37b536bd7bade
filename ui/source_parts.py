"""A long text in parts, each cut at line ends where it has any."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from ui.spans import Span

PART_CHARS = 20_000
_SLACK_CHARS = 5_000  # how much longer or shorter a part may be to end with a line
_JOINERS = ("\u200c", "\u200d")


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that are shown alike: in the short answer, in what was searched for, or plain."""

    text: str
    answer: bool = False
    hit: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """`text[start:end]`, ready to be shown.

    Attributes:
        start: First character in the whole text.
        end: One past the last.
        before: Runs before the quote.
        quote: Runs of the quote.
        after: Runs behind it.
        opens: Whether the quote begins in this part.
        first: Whether the text begins with this part.
        last: Whether it ends with it.
    """

    start: int
    end: int
    before: tuple[Run, ...]
    quote: tuple[Run, ...]
    after: tuple[Run, ...]
    opens: bool
    first: bool
    last: bool


def around(text: str, start: int, end: int, size: int = PART_CHARS) -> Span:
    """Return `[start, end)` with about `size` characters on either side, cut at line ends."""
    return Span(_cut_before(text, start - size, size), _cut_after(text, end + size, size))


def after(text: str, at: int, size: int = PART_CHARS) -> Span:
    """Return the part that begins at a character."""
    return Span(at, _cut_after(text, at + size, size))


def before(text: str, at: int, size: int = PART_CHARS) -> Span:
    """Return the part that ends before a character."""
    return Span(_cut_before(text, at - size, size), at)


def part(
    text: str, span: Span, quote: Span, answer: Span | None = None, hit: Span | None = None
) -> Part:
    """Return a part with its marks; what of them lies outside it is left out."""
    at = sorted({span.start, span.end, *(span.clamp(edge) for edge in quote)})
    by_place: dict[int, tuple[Run, ...]] = {-1: (), 0: (), 1: ()}
    for first, last in pairwise(at):
        place = -1 if last <= quote.start else 1 if first >= quote.end else 0
        by_place[place] = tuple(runs(text, Span(first, last), answer, hit))
    return Part(
        start=span.start,
        end=span.end,
        before=by_place[-1],
        quote=by_place[0],
        after=by_place[1],
        opens=span.start <= quote.start < span.end,
        first=span.start == 0,
        last=span.end == len(text),
    )


def runs(text: str, span: Span, answer: Span | None, hit: Span | None = None) -> Iterator[Run]:
    """Yield the characters of a span, with the short answer and what was searched for apart."""
    edges = [*span, *(span.clamp(edge) for mark in (answer, hit) if mark for edge in mark)]
    for first, last in pairwise(sorted(set(edges))):
        inside = Span(first, last)
        yield Run(text[first:last], _holds(answer, inside), _holds(hit, inside))


def _holds(mark: Span | None, span: Span) -> bool:
    return mark is not None and mark.start <= span.start and span.end <= mark.end


def _cut_before(text: str, at: int, size: int) -> int:
    """Return the last line's beginning up to a character, or else a place nearby."""
    if at <= 0:
        return 0
    slack = _slack(size)
    found = text.rfind("\n", max(at - slack, 0), at)
    return found + 1 if found >= 0 else _whole(text, at, slack)


def _cut_after(text: str, at: int, size: int) -> int:
    if at >= len(text):
        return len(text)
    slack = _slack(size)
    found = text.find("\n", at, at + slack)
    return found + 1 if found >= 0 else _whole(text, at, slack)


def _slack(size: int) -> int:
    """Return how far from its place a cut may be, so that every part has some characters."""
    return min(_SLACK_CHARS, size // 4)


def _whole(text: str, at: int, slack: int) -> int:
    """Return a place before that parts no accent from its letter and no joined pictures.

    Behind a space is best.
    """
    least = max(at - slack, 0)
    found = text.rfind(" ", least, at)
    if found >= 0:
        return found + 1
    for place in range(at, least, -1):
        joined = text[place] in _JOINERS or text[place - 1] in _JOINERS
        if not joined and not unicodedata.combining(text[place]):
            return place
    return at
