"""Rows of a table, each cell with the label of its column where that is certain."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from index.formats.pdf_segments import NOWHERE, Segment

_FIGURE = tuple("0123456789$€£¥+-–(<>~±")
_LABEL = ": "
_BETWEEN = "; "
_CLOSE = 0.97  # times the distance of rows; lines of one cell are closer
_EVEN = 1.02
_PARTED = 1.1  # from what stands above the table
_ROWS = 2
_LABEL_LINES = 3
_LABEL_CHARS = 40  # in a line


def table_rows(lines: Sequence[Sequence[Segment]]) -> list[list[Segment]]:
    """Return one list of cells a row, ready to be joined by "; ".

    Under a first line of words with figures below it, every cell is led by its column's label
    ("Year: 2023"), and the first line is no row of its own. Elsewhere the cells stay as they are.
    """
    figures = first_figures(lines)
    if figures > 1 and header_start(lines, figures, len(lines)) == 0:
        columns = _columns(lines[figures:])
        first, rest = _labels(lines[:figures], columns), lines[figures:]
    else:
        first, *rest = lines
        if not (_in_columns(lines) and _is_header(first, rest)):
            return [list(row) for row in lines]
    return [[_labelled(*pair) for pair in zip(first, row, strict=True)] for row in rest]


def first_figures(lines: Sequence[Sequence[Segment]]) -> int:
    """Return which line is the first with a cell that begins with a figure, 0 for none."""
    return next((n for n, row in enumerate(lines) if _has_figures(row)), 0)


def header_start(lines: Sequence[Sequence[Segment]], figures: int, end: int) -> int | None:
    """Return where a header of more than one line begins, None where there is no such header.

    Its lines stand closer than rows do, or go on in small letters what stands above; none has
    figures, each of their cells stands over one column, and all columns have a label.

    Args:
        lines: Lines of a column of the page, by their cells.
        figures: Which of them is the table's first row with figures.
        end: Where the table ends.
    """
    body = lines[figures:end]
    if not figures or len(body) < _ROWS or not _has_figures(body[0]) or not _in_columns(body):
        return None
    columns = _columns(body)
    levels = [row[0].baseline for row in lines[:end]]
    pitch = min(a - b for a, b in pairwise(levels[figures - 1 :]))
    start = figures
    while start and _fits(lines[start - 1 : figures]):
        step = levels[start - 1] - levels[start]
        follows = start < figures and _goes_on(lines[start]) and step <= _EVEN * pitch
        more = follows and not _labels(lines[start:figures], columns)
        if start < figures and step >= _CLOSE * pitch and not more:
            break
        start -= 1
    parted = not start or levels[start - 1] - levels[start] >= _PARTED * pitch
    whole = figures - start > 1 and _labels(lines[start:figures], columns)
    return start if parted and whole else None


def join_cells(cells: Sequence[Segment]) -> Segment:
    """Return a row's cells as one segment, parted by "; "."""
    whole = cells[0]
    for cell in cells[1:]:
        whole = _chain(whole, _BETWEEN, cell)
    return whole


def _in_columns(lines: Sequence[Sequence[Segment]]) -> bool:
    if any(len(row) != len(lines[0]) for row in lines):
        return False
    return all(a[1] <= b[0] for a, b in pairwise(_columns(lines)))


def _columns(lines: Sequence[Sequence[Segment]]) -> list[tuple[float, float]]:
    """Return left and right edge of each column."""
    cells = list(zip(*lines, strict=True))
    return [(min(c.left for c in column), max(c.right for c in column)) for column in cells]


def _fits(head: Sequence[Sequence[Segment]]) -> bool:
    """Tell whether the first of some lines may be one of a header with the others."""
    line = head[0]
    if _has_figures(line) or any(len(cell.text) > _LABEL_CHARS for cell in line):
        return False
    stacks = _stacks(head)
    alone = all(sum(any(cell is other for other in stack) for cell in line) < 2 for stack in stacks)
    return alone and len(stacks) >= len(_stacks(head[1:]))


def _stacks(head: Sequence[Sequence[Segment]]) -> list[list[Segment]]:
    """Return the cells that stand over each other, from left to right and top to bottom."""
    cells = sorted((cell for row in head for cell in row), key=lambda cell: cell.left)
    stacks: list[list[Segment]] = []
    right = -np.inf
    for cell in cells:
        if cell.left >= right:
            stacks.append([])
        stacks[-1].append(cell)
        right = max(right, cell.right)
    return [sorted(stack, key=lambda cell: -cell.baseline) for stack in stacks]


def _labels(
    head: Sequence[Sequence[Segment]], columns: Sequence[tuple[float, float]]
) -> list[Segment]:
    """Return each column's label, its lines parted by spaces; none where they do not suit."""
    stacks = _stacks(head)
    if len(stacks) != len(columns) or max(map(len, stacks)) > _LABEL_LINES:
        return []
    edges = [
        (min(left, *(cell.left for cell in stack)), max(right, *(cell.right for cell in stack)))
        for stack, (left, right) in zip(stacks, columns, strict=True)
    ]
    if any(a[1] > b[0] for a, b in pairwise(edges)):
        return []
    labels = [stack[0] for stack in stacks]
    for number, stack in enumerate(stacks):
        for piece in stack[1:]:
            labels[number] = _chain(labels[number], " ", piece)
    return labels


def _goes_on(row: Sequence[Segment]) -> bool:
    return all(cell.text[0].islower() or cell.text[0] in "([" for cell in row)


def _has_figures(row: Sequence[Segment]) -> bool:
    return any(cell.text.startswith(_FIGURE) for cell in row)


def _is_header(first: Sequence[Segment], rest: Sequence[Sequence[Segment]]) -> bool:
    return not _has_figures(first) and any(map(_has_figures, rest))


def _labelled(label: Segment, cell: Segment) -> Segment:
    return _chain(label, _LABEL, cell)


def _chain(one: Segment, between: str, other: Segment) -> Segment:
    text = one.text.removesuffix(":") if between == _LABEL else one.text
    spots = [one.spots[: len(text)], np.repeat(NOWHERE, len(between), axis=0), other.spots]
    return Segment(
        text + between + other.text,
        np.concatenate(spots),
        one.left,
        other.right,
        other.baseline,
        other.size,
        other.turn,
    )
