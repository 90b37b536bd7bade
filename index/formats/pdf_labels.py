"""Names of a table's columns that take more than one line."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from index.formats.pdf_segments import NOWHERE, Segment

Rows = Sequence[Sequence[Segment]]

_FIGURE = tuple("0123456789$€£¥+-–(<>~±")
_CLOSE = 0.97  # times the distance of rows; lines of one cell are closer
_EVEN = 1.02
_PARTED = 1.1  # from what stands above the table
_ROWS = 2
_HEADER_LINES = 6
_LABEL_LINES = 3
_LABEL_CHARS = 40  # in a line


def wrapped_header(lines: Rows, figures: int, end: int) -> tuple[int, list[Segment]] | None:
    """Return where a header of more than one line begins, and each column's label.

    Its lines stand closer than rows do, or go on in small letters what stands above; none has
    figures, their cells stand over one column each, and all columns have a label.

    Args:
        lines: Lines of a column of the page, by their cells.
        figures: Which of them is the table's first row with figures.
        end: Where the table ends.
    """
    body = lines[figures:end]
    if not figures or len(body) < _ROWS or not has_figures(body[0]) or not in_columns(body):
        return None
    columns = _edges(body)
    levels = [row[0].baseline for row in lines[:end]]
    pitch = min(a - b for a, b in pairwise(levels[figures - 1 :]))
    start = figures
    while start and figures - start < _HEADER_LINES and _fits(lines[start - 1]):
        step = levels[start - 1] - levels[start]
        follows = start < figures and _goes_on(lines[start]) and step <= _EVEN * pitch
        more = follows and not _labels(lines[start:figures], columns)
        if start < figures and step >= _CLOSE * pitch and not more:
            break
        start -= 1
    if figures - start == 1 or (start and levels[start - 1] - levels[start] < _PARTED * pitch):
        return None
    labels = _labels(lines[start:figures], columns)
    return (start, labels) if labels else None


def first_figures(lines: Rows) -> int:
    """Return which line is the first with a cell that begins like a number, 0 for none."""
    return next((number for number, row in enumerate(lines) if has_figures(row)), 0)


def has_figures(row: Sequence[Segment]) -> bool:
    """Tell whether a cell begins like a number."""
    return any(cell.text.startswith(_FIGURE) for cell in row)


def in_columns(lines: Rows) -> bool:
    """Tell whether all rows have the same number of cells, and these stand below each other."""
    if any(len(row) != len(lines[0]) for row in lines):
        return False
    return all(a[1] <= b[0] for a, b in pairwise(_edges(lines)))


def chained(one: Segment, between: str, other: Segment) -> Segment:
    """Return two cells as one segment, with a text between them that stands nowhere."""
    spots = [one.spots, np.repeat(NOWHERE, len(between), axis=0), other.spots]
    return Segment(
        one.text + between + other.text,
        np.concatenate(spots),
        one.left,
        other.right,
        other.baseline,
        other.size,
        other.turn,
    )


def _edges(lines: Rows) -> list[tuple[float, float]]:
    """Return left and right edge of each column."""
    columns = list(zip(*lines, strict=True))
    return [(min(c.left for c in cells), max(c.right for c in cells)) for cells in columns]


def _fits(line: Sequence[Segment]) -> bool:
    return not has_figures(line) and all(len(cell.text) <= _LABEL_CHARS for cell in line)


def _stacks(head: Rows) -> list[list[Segment]]:
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


def _labels(head: Rows, columns: Sequence[tuple[float, float]]) -> list[Segment]:
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
            labels[number] = chained(labels[number], " ", piece)
    return labels


def _goes_on(row: Sequence[Segment]) -> bool:
    return all(cell.text[0].islower() or cell.text[0] in "([" for cell in row)
