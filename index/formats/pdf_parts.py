"""Paragraphs, list items and table rows, found in the lines of a PDF."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from operator import itemgetter
from statistics import median

from index.formats.pdf_segments import MARKER, Segment, merged, rows
from index.formats.pdf_tables import table_marks, table_rows

_LARGE = 1.15  # times the body's size
_OTHER_SIZE = 0.12
_OTHER_HEADING = 0.04  # a heading and one below it may be nearly as large
_WIDE_SPACING = 1.35  # times the usual distance of lines
_WIDEST_SPACING = 3.0  # times the size; more is never within a paragraph
_BLANK_LINE = 1.8  # times the size
_INDENT = 0.8  # in ems
_SHORT_LINE = 0.6  # of the column's width
_COMPLETE = re.compile(r"[.!?:;…][\"'”’)\]]*$")
_CUT_WORD = re.compile(r"\w[-\u2010\u00ad]$")
_LEADER = re.compile(r"(?<=\S)\s*(?:\.\s*){5,}(?=\w+$)")
_LEADER_DOTS = 5
_BULLET = re.compile(r"[•◦▪‣●○■□]\s")


@dataclass(slots=True)
class Part:
    """A paragraph, list item, heading or table row, as pieces in reading order.

    Attributes:
        lines: Its lines; the cells and labels of a table row.
        kind: As `Block` has it, or `heading`.
        right: Right edge of the column, in points.
    """

    lines: list[Segment]
    kind: str
    right: float

    @property
    def size(self) -> float:
        """Size of its first line in points."""
        return self.lines[0].size


def find_parts(run: Sequence[Segment], body: float, titles: frozenset[str]) -> list[Part]:
    """Return the parts of a run that is read from top to bottom.

    Args:
        run: Segments of one column.
        body: Size of the document's body text in points.
        titles: `plain_title` of the headings in the PDF's outline; such a line stands alone.
    """
    parts: list[Part] = []
    by_line = [[cell for segment in row for cell in _without_leader(segment)] for row in rows(run)]
    for tabular, found in groupby(
        zip(table_marks(by_line), by_line, strict=True), key=itemgetter(0)
    ):
        lines = [row for _, row in found]
        right = max(segment.right for row in lines for segment in row)
        if tabular:
            parts += [Part(cells, "row", right) for cells in table_rows(lines)]
        else:
            parts += _paragraphs([merged(row) for row in lines], right, body, titles)
    return parts


def is_large(size: float, body: float) -> bool:
    """Say whether text of a size is clearly larger than the body."""
    return size >= _LARGE * body


def plain_title(text: str) -> str:
    """Return a heading's letters alone, as the outline may number it otherwise than the page."""
    return "".join(filter(str.isalpha, text.casefold()))


def runs_on(part: Part, following: Part) -> bool:
    """Say whether a paragraph goes on in the next column or on the next page.

    Only where both are of one size, the first does not end a sentence, and the second starts with
    a small letter or the first fills its last line.
    """
    if part.kind not in ("text", "item") or following.kind != "text":
        return False
    last, first = part.lines[-1], following.lines[0]
    step = last.baseline - first.baseline
    next_line = step < _BLANK_LINE * last.size and abs(last.left - first.left) < last.size
    if last.page == first.page and step >= 0 and not next_line:
        return False  # what is further down the page is no next column
    same = abs(last.size - first.size) <= _OTHER_SIZE * last.size and last.turn == first.turn
    full = last.right > part.right - 2 * last.size and first.text[0].isalnum()
    return same and not _COMPLETE.search(last.text) and (first.text[0].islower() or full)


def _without_leader(segment: Segment) -> list[Segment]:
    """Cut "Introduction . . . . . 7" into its two ends."""
    dots = segment.text.count(".")
    match = _LEADER.search(segment.text) if dots >= _LEADER_DOTS else None
    if match is None:
        return [segment]
    wide = (segment.right - segment.left) / len(segment.text)
    before = replace(
        segment,
        text=segment.text[: match.start()],
        spots=segment.spots[: match.start()],
        right=segment.left + wide * match.start(),
    )
    behind = replace(
        segment,
        text=segment.text[match.end() :],
        spots=segment.spots[match.end() :],
        left=segment.right - wide * (len(segment.text) - match.end()),
    )
    return [before, behind]


def _paragraphs(
    lines: list[Segment], right: float, body: float, titles: frozenset[str]
) -> list[Part]:
    spacing = _spacing(lines)
    parts: list[Part] = []
    alone = True
    for line in lines:
        was_alone, alone = alone, bool(titles) and plain_title(line.text) in titles
        if was_alone or alone or _starts_anew(parts[-1], line, spacing, body):
            kind = "item" if MARKER.match(line.text) else "text"
            parts.append(Part([line], kind, right))
        else:
            parts[-1].lines.append(line)
    return parts


def _spacing(lines: list[Segment]) -> float:
    """Return the usual distance of lines in a paragraph; many short ones have wider gaps too."""
    steps = sorted(a.baseline - b.baseline for a, b in pairwise(lines))
    size = median(line.size for line in lines)
    close = [step for step in steps if 0 < step <= _WIDEST_SPACING * size]
    return close[len(close) // 4] if close else size


def _starts_anew(part: Part, line: Segment, spacing: float, body: float) -> bool:
    last = part.lines[-1]
    step = last.baseline - line.baseline
    complete = _COMPLETE.search(last.text) is not None and not line.text[0].islower()
    if abs(last.size - line.size) > _OTHER_SIZE * max(last.size, line.size):
        return True
    if is_large(line.size, body):
        other = abs(last.size - line.size) > _OTHER_HEADING * line.size
        return other or step > _BLANK_LINE * line.size
    if step > _WIDE_SPACING * spacing or (complete and step > _BLANK_LINE * line.size):
        return True
    if _CUT_WORD.search(last.text):
        return False
    if MARKER.match(line.text) and _is_item_start(part, line, complete=complete):
        return True
    return _indented(part, line, complete) or _ended_early(part, line, complete=complete)


def _is_item_start(part: Part, line: Segment, *, complete: bool) -> bool:
    """Tell a list marker from a number or dash that a line happens to begin with."""
    first = part.lines[0]
    beside = part.kind == "item" and abs(line.left - first.left) < _INDENT * line.size
    ended = complete or _ended_early(part, line, complete=True)
    return beside or ended or _BULLET.match(line.text) is not None


def _indented(part: Part, line: Segment, complete: bool) -> bool:
    first, last = part.lines[0], part.lines[-1]
    shift = (line.left - last.left) / line.size
    centred = abs(last.left + last.right - line.left - line.right) < line.size
    if centred or abs(shift) < _INDENT:
        return False
    if part.kind == "item":
        return shift < 0 and line.left < first.left + _INDENT * line.size and complete
    # The second line may stand further out (first line indented) or in (hanging indent).
    return complete if len(part.lines) == 1 and shift > 0 else len(part.lines) > 1


def _ended_early(part: Part, line: Segment, *, complete: bool) -> bool:
    """Say whether the line's first word would have fitted behind the part's last line.

    A line that ends no sentence must be much shorter than its column, and a capital must follow:
    in a quotation or beside a picture, all lines are shorter than the column.
    """
    last = part.lines[-1]
    word = len(line.text.split(" ", 1)[0]) + 1
    fits = last.right + word * (line.right - line.left) / len(line.text) < part.right
    if complete:
        return fits
    width = part.right - min(last.left, line.left)
    return fits and line.text[0].isupper() and last.right - last.left < _SHORT_LINE * width
