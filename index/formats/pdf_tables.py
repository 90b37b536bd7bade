"""Rows of a table, each cell with the label of its column where that is certain."""

from collections.abc import Sequence

import numpy as np

from index.formats.pdf_segments import NOWHERE, Segment

_FIGURE = tuple("0123456789$€£¥+-–(<>~±")
_LABEL = ": "
_BETWEEN = "; "


def table_rows(lines: Sequence[Sequence[Segment]]) -> list[list[Segment]]:
    """Return one list of cells a row, ready to be joined by "; ".

    Under a first line of words with figures below it, every cell is led by its column's label
    ("Year: 2023"), and the first line is no row of its own. Elsewhere the cells stay as they are.
    """
    columns = len(lines[0])
    first, *rest = lines
    if not (_in_columns(lines, columns) and _is_header(first, rest)):
        return [list(row) for row in lines]
    return [[_labelled(*pair) for pair in zip(first, row, strict=True)] for row in rest]


def join_cells(cells: Sequence[Segment]) -> Segment:
    """Return a row's cells as one segment, parted by "; "."""
    whole = cells[0]
    for cell in cells[1:]:
        whole = _chain(whole, _BETWEEN, cell)
    return whole


def _in_columns(lines: Sequence[Sequence[Segment]], columns: int) -> bool:
    if any(len(row) != columns for row in lines):
        return False
    lefts = [min(row[i].left for row in lines) for i in range(columns)]
    rights = [max(row[i].right for row in lines) for i in range(columns)]
    return all(rights[i] <= lefts[i + 1] for i in range(columns - 1))


def _is_header(first: Sequence[Segment], rest: Sequence[Sequence[Segment]]) -> bool:
    words = not any(cell.text.startswith(_FIGURE) for cell in first)
    return words and any(cell.text.startswith(_FIGURE) for row in rest for cell in row)


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
