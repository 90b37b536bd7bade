"""Columns of compact tables, whose cells stand hardly further apart than words do.

Programs draw each cell of a table by itself. Where the text objects of three or more lines leave
one strip of the page free, and their edges along it are aligned, the strip parts two columns.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

import numpy as np

from index.formats.pdf_calls import Floats, Ints
from index.formats.pdf_glyphs import Bools, Glyphs

GAP = 0.15  # in ems, as all below: the least gap between two cells
_NARROW = 1.2  # gaps that are no wider are looked at
_STRIP = 0.1  # what all lines leave free
_ALIGNED = 0.03
_PITCH = 3.2  # between two rows
_WORD_SPACE = 0.75  # no row's cells are further apart: words may be meant
_ONE_WIDTH = 0.9  # of the letters, in a typewriter's font
_DRAWN = 2  # letters in one go
_LINES = 3
_OTHER_SIZE = 0.12
_ALIGNED_SHARE = 0.6
_MISSES = 2  # lines on end with text on one side only
_CELL_CHARS = 20  # half of the cells are shorter
_HEADER_CHARS = 40
_FIGURE = re.compile(r"[-–+(<>~±]?\s?[$€£¥]?\d")
_NUMBERED = re.compile(r"\(?(?:[\dA-Za-z]{1,3}(?:\.\d+)*[.):]*|[^\w\s])")
_LEADER = re.compile(r"(?:\.\s?){5}")


@dataclass(slots=True)
class _Piece:
    glyphs: Glyphs
    first: int
    end: int
    left: float
    right: float
    baseline: float
    size: float
    inner: int  # text objects that go on without a gap

    @property
    def text(self) -> str:
        return "".join(self.glyphs.texts[self.first : self.end])

    @property
    def letter_widths(self) -> Floats:
        """Widths of its letters, figures and marks aside."""
        at = [i for i in range(self.first, self.end) if self.glyphs.texts[i].isalpha()]
        widths: Floats = (self.glyphs.right[at] - self.glyphs.left[at]) / self.glyphs.size[at]
        return widths


@dataclass(slots=True, eq=False)
class _Gap:
    line: int
    before: _Piece
    behind: _Piece
    size: float
    left: float
    right: float

    @property
    def width(self) -> float:
        return (self.right - self.left) / self.size


@dataclass(slots=True, eq=False)
class _Strip:
    gaps: list[_Gap]
    left: float
    right: float
    baseline: float
    misses: int = 0
    lines: set[int] = field(default_factory=set)


def cell_starts(glyphs: Glyphs, starts: Bools) -> Ints:
    """Return the characters with which a cell begins that stands close to the one before it.

    Args:
        glyphs: The visible characters of a page.
        starts: For each of them whether it is far from the one before it in the file's order.
    """
    begin = np.flatnonzero(starts | (glyphs.apart >= GAP * glyphs.size))
    lines = list(_lines(_pieces(glyphs, begin)))
    if sum(len(line) > 1 for line in lines) < _LINES:
        return np.zeros(0, np.int64)
    strips = [strip for strip in _strips(lines) if _trim(strip)]
    found = {
        gap.behind.first
        for strip in strips
        if _is_border(strip, strips, lines)
        for gap in strip.gaps
        if gap.width < _NARROW
    }
    return np.array(sorted(found), np.int64)


def _pieces(glyphs: Glyphs, begin: Ints) -> Iterator[_Piece]:
    """Yield the pieces that begin at some characters, of those that run as most of them do."""
    turns = glyphs.turn[begin]
    upright = turns == Counter(turns.tolist()).most_common(1)[0][0]
    ends = np.append(begin[1:], len(glyphs.texts))
    changes = np.concatenate([[0], np.cumsum(np.diff(glyphs.objects) != 0)])
    columns = (
        begin,
        ends,
        glyphs.left[begin],
        np.maximum.reduceat(glyphs.right, begin),
        glyphs.baseline[begin],
        glyphs.size[begin],
        changes[ends - 1] - changes[begin],
    )
    for values in zip(*(column[upright].tolist() for column in columns), strict=True):
        yield _Piece(glyphs, *values)


def _lines(pieces: Iterable[_Piece]) -> Iterator[list[_Piece]]:
    """Yield the pieces by line, top to bottom, and each line's left to right."""
    line: list[_Piece] = []
    for piece in sorted(pieces, key=lambda p: (-p.baseline, p.left)):
        if line and line[0].baseline - piece.baseline >= 0.25 * piece.size:
            yield sorted(line, key=lambda p: p.left)
            line = []
        line.append(piece)
    if line:
        yield sorted(line, key=lambda p: p.left)


def _gaps(number: int, line: Sequence[_Piece]) -> list[_Gap]:
    """Return the gaps of a line, none where it is drawn letter by letter or has leaders."""
    inner = sum(piece.inner for piece in line)
    letters = sum(piece.end - piece.first for piece in line)
    if len(line) == 1 or (inner and letters < _DRAWN * (len(line) + inner)):
        return []
    if any(_LEADER.search(piece.text) for piece in line):
        return []
    found = []
    for a, b in pairwise(line):
        size = max(a.size, b.size)
        if b.left - a.right >= GAP * size:
            found.append(_Gap(number, a, b, size, a.right, b.left))
    return found


def _strips(lines: Sequence[Sequence[_Piece]]) -> list[_Strip]:
    """Return the strips that three or more lines on end leave free between two pieces each."""
    done: list[_Strip] = []
    active: list[_Strip] = []
    for number, line in enumerate(lines):
        gaps = _gaps(number, line)
        kept = [strip for strip in active if _goes_on(strip, gaps, line)]
        done += [strip for strip in active if strip not in kept]
        taken = {id(strip.gaps[-1]) for strip in kept}
        level = line[0].baseline
        new = [_Strip([gap], gap.left, gap.right, level) for gap in gaps if id(gap) not in taken]
        active = kept + new
    return [strip for strip in done + active if len(strip.gaps) >= _LINES]


def _goes_on(strip: _Strip, gaps: Sequence[_Gap], line: Sequence[_Piece]) -> bool:
    """Tell whether a line leaves a strip free, and narrow it to what the line leaves."""
    size = line[0].size
    other = abs(size - strip.gaps[-1].size) > _OTHER_SIZE * size
    if other or strip.baseline - line[0].baseline > _PITCH * size:
        return False
    free = [(min(strip.right, g.right) - max(strip.left, g.left), g) for g in gaps]
    widest, gap = max(free, key=lambda pair: pair[0], default=(0.0, None))
    if gap is not None and widest >= _STRIP * size:
        strip.left, strip.right = max(strip.left, gap.left), min(strip.right, gap.right)
        strip.gaps.append(gap)
        strip.misses, strip.baseline = 0, line[0].baseline
        return True
    left = max((p.right for p in line if p.left < strip.left), default=strip.left)
    right = min((p.left for p in line if p.right > strip.right), default=strip.right)
    left, right = max(left, strip.left), min(right, strip.right)
    strip.misses += 1
    if strip.misses > _MISSES or right - left < _STRIP * size:
        return False
    strip.left, strip.right, strip.baseline = left, right, line[0].baseline
    return True


def _trim(strip: _Strip) -> bool:
    """Cut what does not belong to a table off both ends, and tell whether one is left."""
    aligned = _aligned(strip.gaps)
    places = [i for i, gap in enumerate(strip.gaps) if gap in aligned]
    if not places:
        return False
    first, last = places[0], places[-1] + 1
    if first and _may_be_header(strip.gaps[first - 1]):
        first -= 1
    strip.gaps = strip.gaps[first:last]
    strip.lines = {gap.line for gap in strip.gaps}
    enough = max(_LINES - 1, _ALIGNED_SHARE * len(strip.gaps))
    return len(strip.gaps) >= _LINES and len(aligned) >= enough


def _aligned(gaps: Sequence[_Gap]) -> list[_Gap]:
    """Return the most gaps that have an edge at one place: of a text's beginning or a cell's end.

    The right edges of what stands behind count for figures alone: those of prose align, too.
    """
    figures = [gap for gap in gaps if _FIGURE.match(gap.behind.text)]
    short = [gap for gap in gaps if len(gap.behind.text) <= _CELL_CHARS]
    groups = [
        _at_one_place(gaps, [gap.behind.left for gap in gaps]),
        _at_one_place(gaps, [gap.before.right for gap in gaps]),
        _at_one_place(figures, [gap.behind.right for gap in figures]),
        _at_one_place(short, [(gap.behind.left + gap.behind.right) / 2 for gap in short]),
    ]
    return max(groups, key=len)


def _at_one_place(gaps: Sequence[_Gap], places: Sequence[float]) -> list[_Gap]:
    groups = [
        [g for g, other in zip(gaps, places, strict=True) if abs(other - place) < _ALIGNED * g.size]
        for place in sorted(set(places))
    ]
    return max(groups, key=len, default=[])


def _may_be_header(gap: _Gap) -> bool:
    cells = (gap.before.text, gap.behind.text)
    return all(len(text) <= _HEADER_CHARS and not _FIGURE.match(text) for text in cells)


def _is_border(
    strip: _Strip, strips: Sequence[_Strip], lines: Sequence[Sequence[_Piece]]
) -> bool:
    """Tell whether a strip parts two columns of a table, rather than words that happen to align."""
    before = [gap.before for gap in strip.gaps]
    behind = [gap.behind for gap in strip.gaps]
    if min(median(len(piece.text) for piece in side) for side in (before, behind)) > _CELL_CHARS:
        return False
    around = [piece for gap in strip.gaps for piece in lines[gap.line]]
    if _has_one_width(before + behind) or _has_one_width(around):
        return False  # in a listing, words below each other align
    along = [other for other in strips if len(other.lines & strip.lines) >= _LINES]
    figures = len(along) > 1 and any(map(_before_figures, along))
    if not figures and all(gap.width < _WORD_SPACE for other in along for gap in other.gaps):
        return False
    numbered = all(
        gap.before is lines[gap.line][0] and _NUMBERED.fullmatch(gap.before.text)
        for gap in strip.gaps
    )
    # A single strip needs more: in text, too, words may align by chance.
    return len(along) > 1 or (not numbered and len(_aligned(strip.gaps)) >= _LINES)


def _before_figures(strip: _Strip) -> bool:
    return all(_FIGURE.match(gap.behind.text) for gap in strip.gaps[1:])


def _has_one_width(pieces: Sequence[_Piece]) -> bool:
    widths = np.concatenate([piece.letter_widths for piece in pieces])
    same = np.abs(widths - np.median(widths)) < _ALIGNED if len(widths) else widths
    return bool(same.sum() > _ONE_WIDTH * len(widths))
