"""Rows of a table, each cell with the label of its column where that is certain."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from index.formats.pdf_labels import (
    Rows,
    chained,
    first_figures,
    has_figures,
    in_columns,
    wrapped_header,
)
from index.formats.pdf_segments import Segment

_LABEL = ": "
_BETWEEN = "; "
_COLUMN_GAP = 0.3  # in ems


def table_marks(lines: Rows) -> list[bool]:
    """Tell which lines are of tables: with known cells, or two or more on end that share a gap."""
    marks = [any(segment.cell for segment in row) for row in lines]
    for i, (row, following) in enumerate(pairwise(lines)):
        if _share_gap(row, following):
            marks[i] = marks[i + 1] = True
    _mark_headers(lines, marks)
    return marks


def table_rows(lines: Rows) -> list[list[Segment]]:
    """Return one list of cells a row, ready to be joined by "; ".

    Under a first line of words with figures below it, or a header of more lines, every cell is led
    by its column's label ("Year: 2023"), and the header is no row of its own. Elsewhere the cells
    stay as they are.
    """
    figures = first_figures(lines)
    header = wrapped_header(lines, figures, len(lines))
    if header is not None and header[0] == 0:
        labels, rest = header[1], lines[figures:]
    elif in_columns(lines) and not has_figures(lines[0]) and any(map(has_figures, lines)):
        labels, rest = list(lines[0]), lines[1:]
    else:
        return [list(row) for row in lines]
    return [[_labelled(*pair) for pair in zip(labels, row, strict=True)] for row in rest]


def join_cells(cells: Sequence[Segment]) -> Segment:
    """Return a row's cells as one segment, parted by "; "."""
    whole = cells[0]
    for cell in cells[1:]:
        whole = chained(whole, _BETWEEN, cell)
    return whole


def _labelled(label: Segment, cell: Segment) -> Segment:
    text = label.text.removesuffix(":")
    return chained(replace(label, text=text, spots=label.spots[: len(text)]), _LABEL, cell)


def _share_gap(row: Sequence[Segment], following: Sequence[Segment]) -> bool:
    gaps = [(a.right, b.left) for a, b in pairwise(row)]
    below = [(a.right, b.left) for a, b in pairwise(following)]
    wide = _COLUMN_GAP * row[0].size
    return any(min(b, d) - max(a, c) >= wide for a, b in gaps for c, d in below)


def _mark_headers(lines: Rows, marks: list[bool]) -> None:
    """Mark the lines of headers of more than one, as these may have a cell in one column alone."""
    starts = [i for i, mark in enumerate(marks) if mark and not (i and marks[i - 1])]
    for start in starts:
        end = next((i for i in range(start, len(marks)) if not marks[i]), len(marks))
        figures = start + first_figures(lines[start:end])
        header = wrapped_header(lines, figures, end)
        if header is not None:
            marks[header[0] : figures] = [True] * (figures - header[0])
