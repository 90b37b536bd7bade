"""Runs of characters that stand side by side on a page of a PDF, with the box of each."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np

from index.formats.layout import COLUMNS, Spots
from index.formats.pdf_calls import Ints
from index.formats.pdf_columns import cell_starts
from index.formats.pdf_glyphs import Glyphs
from index.formats.pdf_spaces import Bools

NOWHERE = np.zeros((1, COLUMNS), np.int32)
_MARKER = r"(?:[•◦▪‣●○■□–*+-]|\(?\d{1,3}[.)]|\(?[a-z][.)]|\[\d{1,3}\])"
MARKER = re.compile(_MARKER + r"\s+(?=\S)")
_LONE_MARKER = re.compile(_MARKER)
_WORD_GAP = 0.15  # in ems, as are those below
_STREAM_GAP = 1.2  # within one line drawn in one go: the widest space of justified text
_JUSTIFIED_GAP = 10.0  # the same, where the file itself has a space
_DRAWN_GAP = 0.6  # between pieces drawn one by one; less than any gutter
_MARKER_GAP = 4.0  # between a list marker and its item


@dataclass(slots=True)
class Segment:
    """A piece of a line.

    Attributes:
        text: Its characters.
        spots: One row a character, as `layout.pack` takes them.
        left: Left edge in points; this and the next two are turned so that the text is upright.
        right: Right edge.
        baseline: Height of the line it stands on.
        size: Size of most of its characters in points.
        turn: Quarter turns anticlockwise that the text is drawn at.
        cell: Whether it is a cell of a table, close to the one left of it.
    """

    text: str
    spots: Spots
    left: float
    right: float
    baseline: float
    size: float
    turn: int = 0
    cell: bool = False

    @property
    def page(self) -> int:
        """The number of its page, from 1."""
        return int(self.spots[0, 0])


def make_segments(glyphs: Glyphs, page: int) -> list[Segment]:
    """Return the segments of a page in no particular order.

    Args:
        glyphs: Its visible characters.
        page: Its number, from 1.
    """
    if not glyphs.texts:
        return []
    begins = ~_go_on(glyphs)
    cells = cell_starts(glyphs, begins)
    begins[cells] = True
    starts = np.flatnonzero(begins)
    found = _segments(glyphs, page, starts)
    for index in np.searchsorted(starts, cells).tolist():
        found[index].cell = True
    return _joined([segment for segment in found if segment.text.strip(" \u00ad")])


def rows(segments: Sequence[Segment]) -> list[list[Segment]]:
    """Return the segments by line, top to bottom, and each line's left to right."""
    found: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda s: (-s.baseline, s.left)):
        level = found[-1][0].baseline - segment.baseline if found else math.inf
        if level < 0.25 * segment.size:
            found[-1].append(segment)
        else:
            found.append([segment])
    return [sorted(row, key=lambda s: s.left) for row in found]


def merged(row: Sequence[Segment]) -> Segment:
    """Return the segments of a line as one, with a space where there is a gap between them."""
    whole = row[0]
    for piece in row[1:]:
        spots = piece.spots.copy()
        spots[spots[:, 0] > 0, 1] = whole.spots[0, 1]
        gap = piece.left - whole.right > _WORD_GAP * piece.size
        longer = whole if len(whole.text) >= len(piece.text) else piece
        whole = Segment(
            whole.text + (" " if gap else "") + piece.text,
            np.concatenate([whole.spots, NOWHERE, spots] if gap else [whole.spots, spots]),
            whole.left,
            max(whole.right, piece.right),
            longer.baseline,
            longer.size,
            whole.turn,
            whole.cell,
        )
    return whole


def _joined(segments: list[Segment]) -> list[Segment]:
    """Put together what is one piece of a line but was drawn in several goes."""
    found: list[Segment] = []
    ordered = sorted(segments, key=lambda s: s.turn)
    for _, turned in groupby(ordered, key=lambda s: s.turn):
        for row in rows(list(turned)):
            pieces = [row[0]]
            for segment in row[1:]:
                gap = (segment.left - pieces[-1].right) / max(segment.size, 1)
                marker = _LONE_MARKER.fullmatch(pieces[-1].text)
                near = -_DRAWN_GAP < gap < (_MARKER_GAP if marker else _DRAWN_GAP)
                if near and not segment.cell:
                    pieces[-1] = merged([pieces[-1], segment])
                else:
                    pieces.append(segment)
            found += pieces
    return found


def _go_on(glyphs: Glyphs) -> Bools:
    """Tell for each character whether it goes on with the segment of the one before it."""
    em = np.maximum(glyphs.size[:-1], glyphs.size[1:])
    level = np.abs(np.diff(glyphs.baseline))
    gap = glyphs.left[1:] - glyphs.right[:-1]
    on_line = (np.diff(glyphs.turn) == 0) & (level < 0.5 * em)
    # Within one operation, a space of any width is a space; cells are parted by moves.
    widest = np.where(glyphs.justified[1:], _JUSTIFIED_GAP, _STREAM_GAP)
    near = (-0.5 * em < gap) & (gap < widest * em)
    one_glyph = (np.diff(glyphs.boxes, axis=0) == 0).all(axis=1)  # the letters of a ligature
    return np.concatenate([[False], on_line & (near | one_glyph)])


def _segments(glyphs: Glyphs, page: int, starts: Ints) -> list[Segment]:
    """Return the runs of characters that begin at `starts`, each numbered as a line."""
    texts, spots, at = _with_spaces(glyphs, page, starts)
    bounds = [*starts.tolist(), len(glyphs.texts)]
    rights = np.maximum.reduceat(glyphs.right, starts).tolist()
    lefts, turns = glyphs.left[starts].tolist(), glyphs.turn[starts].tolist()
    found = []
    for line, (start, end) in enumerate(pairwise(bounds)):
        size, baseline = _usual(glyphs, start, end)
        found.append(
            Segment(
                "".join(texts[start:end]),
                spots[at[start] : at[end]],
                lefts[line],
                rights[line],
                baseline,
                size,
                turns[line],
            )
        )
    return found


def _with_spaces(glyphs: Glyphs, page: int, starts: Ints) -> tuple[list[str], Spots, list[int]]:
    """Return each character with the space before it, all spots, and where its spots begin."""
    wide = glyphs.left[1:] - glyphs.right[:-1] > 2 * _WORD_GAP * glyphs.size[1:]
    before = glyphs.spaced | np.concatenate([[False], wide])
    before[starts] = False
    texts = [
        f" {text}" if space else text
        for text, space in zip(glyphs.texts, before.tolist(), strict=True)
    ]
    sizes = np.array([len(text) for text in texts])
    ends = np.cumsum(sizes)
    spots = np.empty((ends[-1], COLUMNS), np.int32)
    spots[:, 0] = page
    lines = np.zeros(len(texts), np.int32)
    lines[starts[1:]] = 1
    spots[:, 1] = np.repeat(np.cumsum(lines), sizes)
    spots[:, 2:] = np.repeat(glyphs.boxes, sizes, axis=0)
    spots[(ends - sizes)[before]] = 0  # a space stands nowhere
    return texts, spots, [0, *ends.tolist()]


def _usual(glyphs: Glyphs, start: int, end: int) -> tuple[float, float]:
    """Return the size of most characters of a run, and the baseline of the first of that size."""
    sizes = glyphs.size[start:end].tolist()
    size = sizes[0]
    if sizes.count(size) < len(sizes):
        size = Counter(sizes).most_common(1)[0][0]
    return size, float(glyphs.baseline[start + sizes.index(size)])
