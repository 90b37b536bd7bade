"""Lines with their character offsets."""

import re
from itertools import pairwise

_LINE_END = re.compile(r"\r\n|\n|\r")


def line_starts(text: str) -> list[int]:
    """Return the offset of every line's first character, and `len(text)` as a last entry.

    Only CR, LF and CRLF end a line (as in CommonMark); `str.splitlines` knows others too.
    """
    starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
    return starts if starts[-1] == len(text) and len(starts) > 1 else [*starts, len(text)]


def line_spans(text: str) -> list[tuple[int, int]]:
    """Return `[start, end)` of every line, its line end included."""
    return list(pairwise(line_starts(text)))


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Move `[start, end)` inwards over white space; may return an empty span."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
