"""Columns of compact tables, whose cells stand hardly further apart than words do.

Where three or more lines leave one strip of the page free between two text objects each, and the
objects' edges along it are aligned, the strip parts two columns.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

import numpy as np

from index.formats.pdf_calls import Ints
from index.formats.pdf_glyphs import Glyphs
from index.formats.pdf_pieces import (
    ALIGNED,
    GAP,
    Gap,
    Piece,
    by_line,
    gaps_of,
    has_one_width,
    make_pieces,
)
from index.formats.pdf_spaces import Bools

_NARROW = 1.2  # in ems, as the next three: wider gaps part cells anyway
_STRIP = 0.1  # what all lines leave free
_PITCH = 3.2  # between two rows
_WORD_SPACE = 0.75  # if no gap is wider, it may be one between words
_OTHER_SIZE = 0.12
_MAX_PIECES = 5000  # a page of more would take long, as would a line of more
_MAX_COLUMNS = 60
_LINES = 3
_ALIGNED_SHARE = 0.6
_MISSES = 2  # lines on end with text on one side only
_CELL_CHARS = 20  # half of the cells are shorter
_HEADER_CHARS = 40
_NUMBERED = re.compile(r"\(?(?:[\dA-Za-z]{1,3}(?:\.\d+)*[.):]*|[^\w\s])|\[[^\]]*\]")

_Lines = Sequence[Sequence[Piece]]


@dataclass(slots=True, eq=False)
class _Strip:
    gaps: list[Gap]
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
    lines = list(by_line(make_pieces(glyphs, begin))) if len(begin) <= _MAX_PIECES else []
    if sum(len(line) > 1 for line in lines) < _LINES:
        return np.zeros(0, np.int64)
    strips = [strip for strip in _strips(lines) if _trim(strip)]
    gaps = (gap for strip in strips for gap in _borders(strip, strips, lines))
    found = {gap.behind.first for gap in gaps if gap.width < _NARROW}
    return np.array(sorted(found), np.int64)


def _strips(lines: _Lines) -> list[_Strip]:
    """Return the strips that three or more lines on end leave free between two pieces each."""
    done: list[_Strip] = []
    active: list[_Strip] = []
    for number, line in enumerate(lines):
        gaps = gaps_of(number, line) if len(line) <= _MAX_COLUMNS else []
        kept = [strip for strip in active if _goes_on(strip, gaps, line)]
        done += [strip for strip in active if strip not in kept]
        taken = {id(strip.gaps[-1]) for strip in kept}
        level = line[0].baseline
        new = [_Strip([gap], gap.left, gap.right, level) for gap in gaps if id(gap) not in taken]
        active = kept + new
    return [strip for strip in done + active if len(strip.gaps) >= _LINES]


def _goes_on(strip: _Strip, gaps: Sequence[Gap], line: Sequence[Piece]) -> bool:
    """Tell whether a line leaves a strip free, and narrow it to what the line leaves."""
    size, level = line[0].size, line[0].baseline
    other = abs(size - strip.gaps[-1].size) > _OTHER_SIZE * size
    if other or strip.baseline - level > _PITCH * size:
        return False
    free = [(min(strip.right, g.right) - max(strip.left, g.left), g) for g in gaps]
    widest, gap = max(free, key=lambda pair: pair[0], default=(0.0, None))
    if gap is not None and widest >= _STRIP * size:
        strip.gaps.append(gap)
        left, right, strip.misses = gap.left, gap.right, 0
    else:
        left = max((p.right for p in line if p.left < strip.left), default=strip.left)
        right = min((p.left for p in line if p.right > strip.right), default=strip.right)
        strip.misses += 1
    strip.left, strip.right, strip.baseline = max(left, strip.left), min(right, strip.right), level
    return strip.misses <= _MISSES and strip.right - strip.left >= _STRIP * size


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


def _aligned(gaps: Sequence[Gap]) -> list[Gap]:
    """Return the most gaps behind which something begins, ends or is centred at one place.

    Ends count for figures alone, as those of prose align, too; centres for short texts.
    """
    figures = [gap for gap in gaps if gap.behind.is_figure]
    short = [gap for gap in gaps if len(gap.behind.text) <= _CELL_CHARS]
    groups = [
        _at_one_place(gaps, [gap.right for gap in gaps]),
        _at_one_place(figures, [gap.behind.right for gap in figures]),
        _at_one_place(short, [(gap.behind.left + gap.behind.right) / 2 for gap in short]),
    ]
    return max(groups, key=len)


def _at_one_place(gaps: Sequence[Gap], places: Sequence[float]) -> list[Gap]:
    order = sorted(range(len(gaps)), key=places.__getitem__)
    best, first = slice(0), 0
    for last, index in enumerate(order):
        while places[index] - places[order[first]] >= ALIGNED * gaps[index].size:
            first += 1
        if last + 1 - first > best.stop - (best.start or 0):
            best = slice(first, last + 1)
    return [gaps[index] for index in order[best]]


def _may_be_header(gap: Gap) -> bool:
    cells = (gap.before, gap.behind)
    return all(len(cell.text) <= _HEADER_CHARS and not cell.is_figure for cell in cells)


def _borders(strip: _Strip, strips: Sequence[_Strip], lines: _Lines) -> list[Gap]:
    """Return a strip's gaps that part cells, rather than words that happen to align."""
    before = [gap.before for gap in strip.gaps]
    behind = [gap.behind for gap in strip.gaps]
    if min(median(len(piece.text) for piece in side) for side in (before, behind)) > _CELL_CHARS:
        return []
    around = [piece for gap in strip.gaps for piece in lines[gap.line]]
    if has_one_width(before + behind) or has_one_width(around):
        return []
    along = [other for other in strips if len(other.lines & strip.lines) >= _LINES]
    figures = len(along) > 1 and any(map(_before_figures, along))
    if not figures and all(gap.width < _WORD_SPACE for other in along for gap in other.gaps):
        return []
    return strip.gaps if len(along) > 1 else _of_single_strip(strip, lines)


def _of_single_strip(strip: _Strip, lines: _Lines) -> list[Gap]:
    """Return the gaps of lines on end whose edges align, unless these number what follows.

    In two columns alone, words may align by chance, and a label may stand before a paragraph.
    """
    if len(_aligned(strip.gaps)) < _LINES or all(
        gap.before is lines[gap.line][0] and _NUMBERED.fullmatch(gap.before.text)
        for gap in strip.gaps
    ):
        return []
    runs: list[list[Gap]] = []
    for gap in strip.gaps:
        if runs and gap.line == runs[-1][-1].line + 1:
            runs[-1].append(gap)
        else:
            runs.append([gap])
    return [gap for run in runs if len(run) >= _LINES for gap in run]


def _before_figures(strip: _Strip) -> bool:
    return all(gap.behind.is_figure for gap in strip.gaps[1:])
