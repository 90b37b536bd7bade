"""Finding words in one document, whatever their case and the white space between them."""

import re
from dataclasses import dataclass
from itertools import islice

from ui.spans import Span

MAX_CHARS = 200
MAX_HITS = 1000


@dataclass(frozen=True, slots=True)
class Hits:
    """Where the words stand, in order; `more` tells that there are others behind them."""

    spans: tuple[Span, ...]
    more: bool


def find(text: str, words: str) -> Hits:
    """Return where words stand in a text.

    Args:
        text: Whole text.
        words: Up to `MAX_CHARS` characters; what is longer is cut off, white space alone finds
            nothing.
    """
    parts = words[:MAX_CHARS].split()
    if not parts:
        return Hits((), more=False)
    pattern = re.compile(r"\s+".join(map(re.escape, parts)), re.IGNORECASE)
    spans = [Span(*match.span()) for match in islice(pattern.finditer(text), MAX_HITS + 1)]
    return Hits(tuple(spans[:MAX_HITS]), more=len(spans) > MAX_HITS)
