"""Logits to spans of characters."""

import re
from dataclasses import dataclass

import numpy as np

from qa.span_model import Logits

MAX_ANSWER_PIECES = 40
_ALIKE = '"`*'  # open and close alike
_PAIRED = dict(zip("()[]{}“”«»", ")(][}{”“»«", strict=True))
_BLANK_LINE = re.compile(r"\r?\n[ \t]*\r?\n")
_TRIED = 40  # best spans looked at before overlapping ones are left out


@dataclass(frozen=True, slots=True)
class ScoredSpan:
    """`[start, end)` characters of a text; `score` is start + end less "no answer", in logits."""

    start: int
    end: int
    score: float


def best_spans(logits: Logits, text: str, count: int = 1) -> list[ScoredSpan]:
    """Return up to `count` spans that do not overlap, best first; ties go to the earlier one.

    A span does not go over a blank line, which parts paragraphs and a table's rows.
    A span that begins or ends inside a word is widened to the whole word; commas and the like, and
    quotation marks and brackets without their other half, are left out at its ends.
    """
    size = len(logits.starts)
    if not size:
        return []
    scores = logits.starts[:, None].astype(np.float64) + logits.ends[None, :]
    allowed = np.triu(np.ones((size, size), dtype=bool))
    allowed &= ~np.triu(allowed, MAX_ANSWER_PIECES)
    breaks = [match.end() for match in _BLANK_LINE.finditer(text)]
    part = np.searchsorted(breaks, logits.offsets[:, 0], side="right")
    allowed &= part[:, None] == part[None, :]
    flat = np.where(allowed, scores, -np.inf).ravel()
    tried = min(_TRIED if count > 1 else 1, flat.size)
    # Ties at the cut-off are settled by position as well.
    least = np.partition(flat, flat.size - tried)[flat.size - tried]
    places = np.flatnonzero((flat >= least) & np.isfinite(flat))
    found: list[ScoredSpan] = []
    for place in places[np.argsort(-flat[places], kind="stable")]:
        first, last = divmod(int(place), size)
        start, end = int(logits.offsets[first, 0]), int(logits.offsets[last, 1])
        start, end = _without_marks(text, *_whole_words(text, start, end))
        if all(end <= span.start or span.end <= start for span in found):
            found.append(ScoredSpan(start, end, float(flat[place]) - logits.none))
        if len(found) == count:
            break
    return found


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return start, end


def _without_marks(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out marks at the ends of a span; one of nothing else stays as it is."""
    first, last = start, end
    while first < last and _is_loose(text[first], text[first:last]):
        first += 1
    while first < last and _is_loose(text[last - 1], text[first:last]):
        last -= 1
    return (first, last) if first < last else (start, end)


def _is_loose(mark: str, span: str) -> bool:
    if mark.isspace() or mark in ",;:":
        return True
    if mark in _ALIKE:
        return span.count(mark) % 2 == 1
    return mark in _PAIRED and span.count(mark) > span.count(_PAIRED[mark])
