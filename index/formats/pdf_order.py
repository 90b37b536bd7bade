"""Reading order of a page: columns side by side are read one after the other."""

import math
from bisect import bisect_left, insort
from collections.abc import Sequence
from statistics import median

from index.formats.pdf_segments import Segment, rows

_MAX_SEGMENTS = 1000  # a page of more is no text in columns, and would take long
_MAX_DEPTH = 6
_GUTTER = 0.8  # in ems
_CELL_CHARS = 20  # lines of a text column are longer than this, most cells of a table shorter
_HEADING = 1.15  # times the usual size
_ALIGNED_SHARE = 0.6

_Gap = tuple[float, float]


def reading_order(segments: Sequence[Segment], depth: int = 0) -> list[list[Segment]]:
    """Return the segments in runs that are read one after the other, each of one column.

    Rows of a table stay in one run: their cells stand on the same lines and are short.
    """
    if len(segments) > _MAX_SEGMENTS or depth > _MAX_DEPTH:
        return [list(segments)]
    waiting = sorted(segments, key=lambda s: (-s.baseline - s.size, s.left))
    runs: list[list[Segment]] = []
    plain: list[Segment] = []
    extents = _extents(waiting)
    start = 0
    while start < len(waiting):
        end, gutter = _band(waiting, start, *extents[start])
        end = _without_section(waiting, start, end, gutter)
        sides = _sides(waiting[start:end], gutter)
        if all(sides) and not _tabular(*sides):
            runs += [plain, *(run for side in sides for run in reading_order(side, depth + 1))]
            plain = []
        else:
            plain += waiting[start:end]
        start = end
    return [run for run in [*runs, plain] if run]


def _extents(waiting: list[Segment]) -> list[tuple[float, _Gap]]:
    """Return for each segment the median size, and left and right edge, of all from it on."""
    sizes: list[float] = []
    left, right = math.inf, -math.inf
    found = []
    for segment in reversed(waiting):
        insort(sizes, segment.size)
        left, right = min(left, segment.left), max(right, segment.right)
        middle = len(sizes) // 2
        usual = sizes[middle] if len(sizes) % 2 else (sizes[middle - 1] + sizes[middle]) / 2
        found.append((usual, (left, right)))
    return found[::-1]


def _band(waiting: list[Segment], start: int, size: float, extent: _Gap) -> tuple[int, _Gap]:
    """Return where the columns that begin at `start` end, and the gap between them.

    `size` and `extent` are those of all segments from there on.

    Goes down the page and keeps the vertical strips that no segment touches. A strip with lines
    on both sides parts columns until a line crosses it.
    """
    narrowest = _GUTTER * size
    free = [extent]
    best, found = 1, (start + 1, (0.0, 0.0))

    def consider(gap: _Gap, end: int) -> None:
        nonlocal best, found
        left, right = _sides(waiting[start:end], gap)
        weight = min(len(left), len(right))
        if weight > best and _overlap(left, right):
            best, found = weight, (end, gap)

    for index in range(start, len(waiting)):
        segment = waiting[index]
        kept: list[_Gap] = []
        for gap in free:
            parts = [(gap[0], min(segment.left, gap[1])), (max(segment.right, gap[0]), gap[1])]
            wide = [part for part in parts if part[1] - part[0] >= narrowest]
            if segment.right <= gap[0] or segment.left >= gap[1]:
                wide = [gap]
            if not wide:
                consider(gap, index)
            kept += wide
        free = kept
        if not free:
            break
    for gap in free:
        consider(gap, len(waiting))
    return found


def _without_section(waiting: list[Segment], start: int, end: int, gutter: _Gap) -> int:
    """Return the columns' end without a heading below both that opens what follows.

    A short line crosses no gutter, so it would be taken for the end of the left column.
    """
    sides = _sides(waiting[start:end], gutter)
    if not all(sides):
        return end
    bottom = max(min(segment.baseline for segment in side) for side in sides)
    large = _HEADING * median(segment.size for segment in waiting[start:end])
    headings = (
        index
        for index in range(start + 1, end)
        if waiting[index].size >= large and waiting[index].baseline < bottom
    )
    first = next(headings, end)
    # At the foot of the page, more than the heading may well be the longer column's text.
    above_text = any(segment.size < large for segment in waiting[first:end])
    return end if end == len(waiting) and above_text else first


def _sides(segments: Sequence[Segment], gap: _Gap) -> tuple[list[Segment], list[Segment]]:
    left = [segment for segment in segments if segment.right <= gap[0] + 0.1]
    return left, [segment for segment in segments if segment.left >= gap[1] - 0.1]


def _overlap(left: list[Segment], right: list[Segment]) -> bool:
    highest = min(max(s.baseline for s in side) for side in (left, right))
    return highest >= max(min(s.baseline for s in side) for side in (left, right))


def _tabular(left: list[Segment], right: list[Segment]) -> bool:
    few, many = sorted((_levels(left), _levels(right)), key=len)
    near = 0.25 * median(segment.size for segment in left)
    aligned = 0
    for level in few:
        above = bisect_left(many, level - near)
        aligned += above < len(many) and many[above] < level + near
    shortest = min(median(len(segment.text) for segment in side) for side in (left, right))
    cells = shortest < _CELL_CHARS or any(row[0].cell for row in rows(right))
    return aligned >= _ALIGNED_SHARE * len(few) and cells


def _levels(side: list[Segment]) -> list[float]:
    return sorted({segment.baseline for segment in side})
