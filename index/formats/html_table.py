"""Tables of a page: which ones hold data, and their rows with column names."""

from typing import TYPE_CHECKING

from index.formats.html_text import inline_text
from index.formats.markup import tag_of

if TYPE_CHECKING:
    from lxml import etree

_NESTED = {
    "table",
    "ul",
    "ol",
    "dl",
    "pre",
    "blockquote",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
}
_MAX_CELL_CHARS = 1500  # in a longer one is a part of the page, not a value
_MAX_SPAN = 1000  # as HTML has it for colspan
_MAX_COLUMNS = 1000
_MIN_SIDE = 2

Row = list["etree._Element"]


def rows_of(table: "etree._Element") -> list[Row]:
    """Return the cells of a table's own rows, in order; rows without cells are left out."""
    found: list[Row] = []
    for part in table:
        lines = part if tag_of(part) in ("thead", "tbody", "tfoot") else [part]
        found.extend(
            cells
            for line in lines
            if tag_of(line) == "tr"
            for cells in ([cell for cell in line if tag_of(cell) in ("td", "th")],)
            if cells
        )
    return found


def caption_of(table: "etree._Element") -> str:
    """Return a table's caption, or ""."""
    return next((inline_text(part) for part in table if tag_of(part) == "caption"), "")


def is_plain(table: "etree._Element") -> bool:
    """Tell whether the cells hold nothing but running text."""
    cells = [cell for row in rows_of(table) for cell in row]
    return not any(
        any(tag_of(each) in _NESTED for each in cell.iter())
        or len(inline_text(cell)) > _MAX_CELL_CHARS
        for cell in cells
    )


def is_data(table: "etree._Element") -> bool:
    """Tell whether a table has names for its columns or rows, two of each, and plain cells."""
    rows = rows_of(table)
    wide = sum(len(row) >= _MIN_SIDE for row in rows) >= _MIN_SIDE
    named = any(tag_of(cell) == "th" for row in rows for cell in row) or any(
        tag_of(part) == "thead" for part in table
    )
    return table.get("role") not in ("presentation", "none") and wide and named and is_plain(table)


def data_rows(table: "etree._Element") -> list[tuple[int, str]]:
    """Return `(number, text)` of each row below the header, as `Year: 2023; Revenue: 4.2`.

    Numbers count from 1 with the header's rows. A cell that spans several rows or columns is
    repeated in each row and named once in a row; an empty cell is left out.
    """
    rows = rows_of(table)
    header_rows = _header_rows(table, rows)
    grid = _grid(rows)
    names = _column_names(grid[:header_rows])
    found = []
    for number, (cells, line) in enumerate(zip(rows, grid, strict=True), 1):
        if number > header_rows:
            text = _row_text(names, line, by_row=not header_rows and tag_of(cells[0]) == "th")
            if text:
                found.append((number, text))
    return found


def _header_rows(table: "etree._Element", rows: list[Row]) -> int:
    head = next((part for part in table if tag_of(part) == "thead"), None)
    if head is not None:
        counted = sum(tag_of(line) == "tr" and len(line) > 0 for line in head)
        if counted:
            return counted
    count = 0
    for row in rows:
        if not all(tag_of(cell) == "th" for cell in row):
            break
        count += 1
    return count if count < len(rows) else 1


def _grid(rows: list[Row]) -> list[list[str]]:
    """Return the text at each row and column."""
    lines: list[list[str]] = []
    below: dict[int, tuple[int, str]] = {}  # column -> rows still covered from above, and the text
    for row in rows:
        line: list[str] = []
        for cell in row:
            _fill(line, below)
            text = inline_text(cell)
            rowspan, colspan = _span(cell, "rowspan"), _span(cell, "colspan")
            for _ in range(min(colspan, _MAX_COLUMNS - len(line))):
                if rowspan > 1:
                    below[len(line)] = (rowspan - 1, text)
                line.append(text)
        _fill(line, below)
        lines.append(line)
    return lines


def _fill(line: list[str], below: dict[int, tuple[int, str]]) -> None:
    while len(line) in below:
        column = len(line)
        left, text = below.pop(column)
        if left > 1:
            below[column] = (left - 1, text)
            line.append(text)
            continue
        line.append(text)


def _span(cell: "etree._Element", name: str) -> int:
    value = (cell.get(name) or "").strip()
    return min(int(value), _MAX_SPAN) or 1 if value.isdecimal() and len(value) <= 4 else 1  # noqa: PLR2004


def _column_names(header: list[list[str]]) -> list[str]:
    columns = max((len(line) for line in header), default=0)
    names = []
    for column in range(columns):
        parts = [line[column] for line in header if column < len(line) and line[column]]
        names.append(" ".join(dict.fromkeys(parts)))
    return names


def _row_text(names: list[str], line: list[str], *, by_row: bool) -> str:
    if by_row:
        values = "; ".join(dict.fromkeys(value for value in line[1:] if value))
        return f"{line[0].rstrip(':')}: {values}" if values and line[0] else line[0] or values
    if len(set(line)) == 1:  # one cell over all columns, a title between rows
        return line[0]
    fields = []
    for column, value in enumerate(line):
        name = names[column].rstrip(":") if column < len(names) else ""
        if value:
            fields.append(f"{name}: {value}" if name else value)
    return "; ".join(dict.fromkeys(fields))
