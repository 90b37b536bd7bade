"""Texts as words: how alike two are, and what differs between them."""

import re
from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel, ConfigDict

_UNSPACED = r"[\u3040-\u30ff\u3400-\u9fff]"  # written without spaces: each is a word here
WORD = re.compile(rf"{_UNSPACED}|\w+")
"""A word."""
_SPACED = re.compile(r"\w+")
_TOKEN = re.compile(rf"{WORD.pattern}|\s+|[^\w\s]")


class DiffPart(BaseModel):
    """A run of text that both have (`same`), or only the old (`removed`) or the new (`added`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["same", "removed", "added"]
    text: str


def tokens(text: str) -> list[str]:
    """Return words, runs of white space and single marks; joined they are the text."""
    return _TOKEN.findall(text)


def words(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each word in small letters, with its characters `[start, end)`."""
    for found in (_SPACED if text.isascii() else WORD).finditer(text):
        yield found[0].casefold(), found.start(), found.end()


def similarity(old: str, new: str) -> float:
    """Return how much of two texts are the same words in the same order, from 0 to 1.

    Twice the longest common subsequence of words, in letters of any case, over the number of words
    of both; marks count where there are no words at all, and white space never.
    """
    from rapidfuzz.distance import Indel

    return float(Indel.normalized_similarity(*_counted(tokens(old), tokens(new))))


def diff(old: str, new: str) -> tuple[DiffPart, ...]:
    """Return what became of a text, word by word, in reading order; removed comes before added.

    The parts that are `same` or `removed` are the old text, those `same` or `added` the new one.
    """
    first, second = tokens(old), tokens(new)
    parts: list[DiffPart] = []
    for a, b, c, d in _changes(first, second):
        same = first[a:b] == second[c:d]
        runs = (
            (("same", first[a:b]),) if same else (("removed", first[a:b]), ("added", second[c:d]))
        )
        parts += [DiffPart(kind=kind, text="".join(run)) for kind, run in runs if run]
    return tuple(parts)


def _changes(first: list[str], second: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield runs `first[a:b]` and `second[c:d]`, alike or not, as `(a, b, c, d)`.

    Two changes with only white space between them are one.
    """
    from rapidfuzz.distance import Indel

    found = list(Indel.opcodes(first, second))
    changed: tuple[int, int, int, int] | None = None
    for number, part in enumerate(found):
        a, b, c, d = part.src_start, part.src_end, part.dest_start, part.dest_end
        between = 0 < number < len(found) - 1 and all(token.isspace() for token in first[a:b])
        if part.tag != "equal" or between:
            changed = (a, b, c, d) if changed is None else (changed[0], b, changed[2], d)
            continue
        if changed is not None:
            yield changed
        yield a, b, c, d
        changed = None
    if changed is not None:
        yield changed


def _counted(*both: list[str]) -> tuple[list[str], ...]:
    words = tuple([token.casefold() for token in each if token[0].isalnum()] for each in both)
    if any(words):
        return words
    return tuple([token for token in each if not token.isspace()] for each in both)
