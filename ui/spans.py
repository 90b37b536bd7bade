"""Spans of a text as an address gives them."""

from typing import NamedTuple

MAX_QUOTE_CHARS = 50_000
"""Longer quotes are never cited; one would bring a whole long text onto the page."""


class Span(NamedTuple):
    """Characters `[start, end)` of a whole text."""

    start: int
    end: int

    def clamp(self, at: int) -> int:
        """Return the character's place, or the nearest one in the span or at its end."""
        return min(max(at, self.start), self.end)


class Marks(NamedTuple):
    """A quote, and the short answer inside it; the quote is empty where nothing is marked."""

    quote: Span
    answer: Span | None


def marks(text: str, start: str, end: str, astart: str = "", aend: str = "") -> Marks:
    """Return the quote and the answer that an address names; nothing is marked if it names none.

    Raises:
        ValueError: they are no whole numbers, or do not lie in the text.
    """
    if not (start or end or astart or aend):
        return Marks(Span(0, 0), None)
    quote = _span(start, end)
    answer = _span(astart, aend) if astart or aend else None
    if not 0 <= quote.start < quote.end <= len(text):
        raise ValueError(
            f"characters {quote.start} to {quote.end} are not in this document; it has {len(text)}"
        )
    if quote.end - quote.start > MAX_QUOTE_CHARS:
        raise ValueError(f"a quote has at most {MAX_QUOTE_CHARS} characters")
    if answer is not None and not quote.start <= answer.start < answer.end <= quote.end:
        raise ValueError(f"the answer {answer.start} to {answer.end} is not in the quote")
    return Marks(quote, answer)


def _span(start: str, end: str) -> Span:
    try:
        return Span(int(start), int(end))
    except ValueError as error:
        raise ValueError("start and end must both be given, as whole numbers") from error
