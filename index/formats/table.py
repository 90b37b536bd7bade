"""Table rows as text that makes sense when it is quoted alone: `Year: 2023; Revenue: 4.2`."""

import re
from collections.abc import Sequence
from contextlib import nullcontext

from index.formats.builder import TextBuilder

_LOOKED_AT_ROWS = 20  # a header stands near the top
_WIDE_CELLS = 3  # a header may lack some names, but a line such as "Author | Ann" is none
_YEAR = re.compile(r"(?:1[89]|20|21)\d\d(?:-\d\d){0,2}")
_VALUE = re.compile(r"\W*\d[\d.,:/ -]*\s*[^\W\d]*\W?")  # a number, perhaps with a unit


def find_header(rows: Sequence[Sequence[str]]) -> int | None:
    """Return the index of the row that names the columns, or None.

    It is the first row with at least two non-empty cells that are all names, where the rows above
    it are narrower than the table and a row with cells follows. A name is text other than a
    number with its unit; years and dates are names where a row has two of them. In a table of
    three columns or more a header has three names, the empty first cell counted as one. Rows of
    one cell at the top, such as comments, do not count, nor does a row above an empty one that is
    wider than all below: it is a line of its own, not this table's.

    Args:
        rows: The table's cells, each without white space around it.
    """
    filled = [index for index, row in enumerate(rows) if any(row)]
    first = next((n for n, index in enumerate(filled) if _width(rows[index]) > 1), len(filled))
    looked_at = [
        index
        for n, index in enumerate(filled[first : first + _LOOKED_AT_ROWS], first)
        if not _is_apart(rows, filled[n : first + _LOOKED_AT_ROWS])
    ]
    widest = max((_width(rows[index]) for index in looked_at), default=0)
    for index in looked_at:
        row = rows[index]
        wide = _width(row) + (not row[0]) >= min(widest, _WIDE_CELLS)
        if wide and index != filled[-1] and _names_columns(row):
            return index
        if _width(row) >= widest:
            return None  # the data have begun
    return None


def _is_apart(rows: Sequence[Sequence[str]], filled: Sequence[int]) -> bool:
    """Tell whether the first of these rows is above an empty one and wider than all others."""
    first, *others = filled
    follows = any(index == first + 1 for index in others)
    return (
        bool(others)
        and not follows
        and _width(rows[first]) > max(_width(rows[index]) for index in others)
    )


def row_text(names: Sequence[str], cells: Sequence[str]) -> str:
    """Return one row as text, `Year: 2023; Revenue: 4.2 million`; empty cells are left out.

    Args:
        names: The columns' names; a cell whose column has none stands alone.
        cells: The row's cells.
    """
    parts: list[str] = []
    for index, cell in enumerate(cells):
        name = names[index].rstrip(" :") if index < len(names) else ""
        if cell and parts and parts[-1].endswith(":"):
            parts[-1] = f"{parts[-1]} {cell}"  # "Name: | Ann" is a pair by itself
        elif cell:
            parts.append(f"{name}: {cell}" if name else cell)
    return "; ".join(parts)


def add_table(
    builder: TextBuilder,
    rows: Sequence[Sequence[str]],
    *,
    heading: Sequence[str] = (),
    numbered: bool = False,
) -> None:
    """Append a table, one `row` block for each row that has a cell.

    The header row is text without a block. Rows above it are their cells alone. Without a header
    the columns are called `column 1` and so on, except where a row begins with its own name.

    Args:
        builder: Where the rows go.
        rows: The cells in reading order, each without white space around it.
        heading: Titles of the headings above the table, outermost first.
        numbered: Whether each row is a `row` location, counted from 1, empty rows included.
    """
    header = find_header(rows)
    for index, cells in enumerate(rows):
        if not any(cells):
            continue
        names: Sequence[str] = ()
        if header is None and not next(filter(None, cells)).endswith(":") and _width(cells) > 1:
            names = [f"column {number}" for number in range(1, len(cells) + 1)]
        elif header is not None and index > header:
            names = rows[header]
        kind = "heading" if index == header else "row"
        with builder.place("row", str(index + 1)) if numbered else nullcontext():
            builder.add(row_text(names, cells), heading=heading, kind=kind)


def _width(row: Sequence[str]) -> int:
    return sum(map(bool, row))


def _names_columns(row: Sequence[str]) -> bool:
    filled = [cell for cell in row if cell]
    years = sum(_YEAR.fullmatch(cell) is not None for cell in filled)
    names = sum(not cell.endswith(":") and _is_name(cell) for cell in filled)
    return len(filled) > 1 and names + (years if years > 1 else 0) == len(filled)


def _is_name(cell: str) -> bool:
    if _YEAR.match(cell) and not _YEAR.fullmatch(cell):
        return True  # "2023 budget"
    return any(map(str.isalpha, cell)) and not _VALUE.fullmatch(cell)
