"""Text to HTML that shows it unchanged."""

from html import escape


def literal(text: str) -> str:
    """Return HTML for text or an attribute value; the page then holds exactly these characters.

    A carriage return is written as a reference, because HTML parsers turn a bare one into a
    line feed.
    """
    return escape(text).replace("\r", "&#13;")


def emphasised(text: str, start: int, end: int, inner: tuple[int, int] | None) -> str:
    """Return HTML for `text[start:end]` with `<b>` around the part `inner`, if there is one.

    Args:
        text: Whole text.
        start: First character.
        end: One past the last character.
        inner: `[start, end)` in the same coordinates, inside the outer span.
    """
    if inner is None:
        return literal(text[start:end])
    first, last = inner
    parts = (text[start:first], text[first:last], text[last:end])
    before, middle, after = (literal(part) for part in parts)
    return f"{before}<b>{middle}</b>{after}"
