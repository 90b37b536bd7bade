"""What every loader's document goes through: it can be stored, and no part of it is endless."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

from index.document import Extracted
from index.errors import LoadError
from index.formats.text import mend

MAX_TEXT_CHARS = 20_000_000
"""Longest text of a file that is itself shorter: a few bytes can stand for any number of words."""
MAX_PARTS = 1_000_000
"""Most blocks, or places, of a file: each takes some hundred bytes of memory."""
MAX_NAME_CHARS = 300
"""Longest title, heading, place name or list of authors; the rest is cut off."""
MAX_PATH_CHARS = 1000
"""Longest heading path, as every block holds its own; the outermost headings are left out."""
MAX_URL_CHARS = 2000
MAX_WARNINGS = 100
MAX_LINE_CHARS = 300


def tidy(document: Extracted, size_bytes: int) -> Extracted:
    """Return the document as it can be stored; its text and offsets stay as they are.

    Args:
        document: What a loader returned.
        size_bytes: Size of its file.

    Raises:
        LoadError: the text is longer than both its file and `MAX_TEXT_CHARS`, or it has more
            than `MAX_PARTS` blocks or places.
        UnicodeEncodeError: the text holds a lone surrogate.
    """
    size = len(document.text)
    if size > max(MAX_TEXT_CHARS, size_bytes):
        raise LoadError(f"holds {size:,} characters, more than {MAX_TEXT_CHARS:,}; split it")
    parts = max(len(document.blocks), len(document.locations))
    if parts > MAX_PARTS:
        raise LoadError(f"holds {parts:,} paragraphs or rows, more than {MAX_PARTS:,}; split it")
    document.text.encode()  # a lone surrogate cannot be stored
    name, path = cache(_name), cache(_path)
    url = document.url if len(document.url or "") <= MAX_URL_CHARS else None
    return replace(
        document,
        title=name(document.title),
        authors=_mapped(name, document.authors),
        language=_mapped(name, document.language),
        url=_mapped(mend, url),
        blocks=tuple(replace(block, heading=path(block.heading)) for block in document.blocks),
        locations=tuple(replace(place, name=name(place.name)) for place in document.locations),
        warnings=_first(document.warnings),
    )


def one_line(text: str) -> str:
    """Return a message on one line of at most `MAX_LINE_CHARS` characters that can be stored."""
    line = " ".join(mend(text).split())
    return line if len(line) <= MAX_LINE_CHARS else f"{line[: MAX_LINE_CHARS - 1]}…"


def _name(text: str) -> str:
    kept = mend(text[: MAX_NAME_CHARS + 1])
    return kept if len(kept) <= MAX_NAME_CHARS else f"{kept[: MAX_NAME_CHARS - 1]}…"


def _path(heading: tuple[str, ...]) -> tuple[str, ...]:
    kept: list[str] = []
    left = MAX_PATH_CHARS
    for title in map(_name, reversed(heading)):
        left -= len(title)
        if left < 0:
            break
        kept.append(title)
    return tuple(reversed(kept))


def _mapped(change: Callable[[str], str], text: str | None) -> str | None:
    return None if text is None else change(text)


def _first(warnings: Sequence[str]) -> tuple[str, ...]:
    kept = tuple(map(one_line, warnings[:MAX_WARNINGS]))
    more = len(warnings) - len(kept)
    return (*kept, f"and {more:,} more") if more else kept
