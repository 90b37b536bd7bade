"""The rows around a cited one as a table, each cell cut from the row's own characters."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.document import Block, Location
from ui.source_parts import Run, runs
from ui.spans import Marks, Span

_NEIGHBOURS = 5  # rows shown on either side
_MAX_COLUMNS = 100
_MAX_NAME_CHARS = 120
_BETWEEN = "; "
_LABEL = ": "
_RULE = " \t\r\n|:-"  # the line below a Markdown table's header
_CELL = re.compile(r"(?:\\.|[^\\|])*", re.S)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its column's name, empty where it has none, and where its value stands."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it is shown: its number in the file, if any, and runs of text for each column."""

    number: str
    cells: tuple[tuple[Run, ...], ...]
    cited: bool


@dataclass(frozen=True, slots=True)
class Table:
    """The rows around a cited one.

    Attributes:
        sheet: Name of the sheet, if there are some.
        number: The cited row's number in the file, if it is known.
        fields: Name and runs of each cell of the cited row that is not empty.
        columns: Names of the columns.
        rows: The rows, in order.
    """

    sheet: str
    number: str
    fields: tuple[tuple[str, tuple[Run, ...]], ...]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def table_at(
    text: str, blocks: Sequence[Block], locations: Sequence[Location], marks: Marks
) -> Table | None:
    """Return the table in which a quote begins; None where it is in none that can be told apart."""
    at = bisect_right(blocks, marks.quote.start, key=lambda block: block.start) - 1
    if at < 0 or blocks[at].kind != "row" or marks.quote.start >= blocks[at].end:
        return None
    first, last = _edges(text, blocks, at)
    shown = blocks[max(first, at - _NEIGHBOURS) : min(last, at + _NEIGHBOURS) + 1]
    if text.startswith("|", blocks[at].start):
        parsed = _piped(text, blocks[first], shown)
    else:
        parsed = _labelled(text, shown, _header(text, blocks, first))
    cited = parsed.get(blocks[at].start)
    if cited is None:
        return None
    answer = marks.answer
    columns = _columns(parsed.values())
    numbers = _names(locations, "row", shown)
    return Table(
        sheet=_names(locations, "sheet", [blocks[at]]).get(blocks[at].start, ""),
        number=numbers.get(blocks[at].start, ""),
        fields=tuple((cell.name, tuple(runs(text, cell.span, answer))) for cell in cited),
        columns=tuple(name for name, _ in columns),
        rows=tuple(
            Row(
                numbers.get(block.start, ""),
                tuple(_shown(text, columns, parsed[block.start], answer)),
                cited=block is blocks[at],
            )
            for block in shown
            if block.start in parsed
        ),
    )


def _edges(text: str, blocks: Sequence[Block], at: int) -> tuple[int, int]:
    """Return the first and last row of the table that a row is in, a Markdown header too."""

    def follow(one: Block, other: Block) -> bool:
        alike = one.kind == other.kind and one.heading == other.heading
        return alike and not text[one.end : other.start].strip(_RULE)

    first = last = at
    while first > 0 and follow(blocks[first - 1], blocks[first]):
        first -= 1
    while last + 1 < len(blocks) and last < at + _NEIGHBOURS and follow(*blocks[last : last + 2]):
        last += 1
    return first, last


def _header(text: str, blocks: Sequence[Block], first: int) -> list[str]:
    """Return the names of columns that stand as a paragraph of their own above the first row."""
    begin = blocks[first - 1].end if first else 0
    lines = text[begin : blocks[first].start].strip().splitlines()
    names = lines[-1].split(_BETWEEN) if lines else []
    return [name.rstrip(" :") for name in names]


def _labelled(
    text: str, rows: Sequence[Block], header: Sequence[str]
) -> dict[int, tuple[Cell, ...]]:
    """Return the cells of rows written as `Year: 2023; Revenue: 4.2`, by the rows' beginnings.

    A value may hold the same marks, so only known names begin a cell: those of the header if the
    rows begin with one of them, or else those that several rows have.
    """
    known = {name for name in header if name}
    if not any(_name_at(text, row.start, row.end, known) for row in rows):
        told = Counter(name for row in rows for name in set(_told(text, row)))
        known = {name for name, count in told.items() if count > 1 or len(rows) == 1}
    found = {row.start: tuple(_cells(text, row, known)) for row in rows}
    return {start: cells for start, cells in found.items() if any(cell.name for cell in cells)}


def _told(text: str, row: Block) -> Iterator[str]:
    for start in _starts(text, row):
        name, label, _ = text[start : row.end].partition(_LABEL)
        if label and _BETWEEN not in name and len(name) <= _MAX_NAME_CHARS:
            yield name


def _starts(text: str, row: Block) -> list[int]:
    """Return where cells may begin."""
    found, at = [row.start], text.find(_BETWEEN, row.start, row.end)
    while at >= 0:
        found.append(at + len(_BETWEEN))
        at = text.find(_BETWEEN, found[-1], row.end)
    return found


def _name_at(text: str, start: int, end: int, known: set[str]) -> str:
    """Return the longest known name that a label at a place has, or nothing."""
    at = text.find(_LABEL, start, end)
    name = ""
    while 0 <= at <= start + _MAX_NAME_CHARS:
        if text[start:at] in known:
            name = text[start:at]
        at = text.find(_LABEL, at + 1, end)
    return name


def _cells(text: str, row: Block, known: set[str]) -> Iterator[Cell]:
    starts = _starts(text, row)
    named = [(start, _name_at(text, start, row.end, known)) for start in starts]
    begins = [(start, name) for start, name in named if name or start == row.start]
    ends = [start - len(_BETWEEN) for start, _ in begins[1:]] + [row.end]
    for (start, name), end in list(zip(begins, ends, strict=True))[:_MAX_COLUMNS]:
        yield Cell(name, Span(start + (len(name) + len(_LABEL) if name else 0), end))


def _piped(text: str, header: Block, rows: Sequence[Block]) -> dict[int, tuple[Cell, ...]]:
    """Return the cells of rows written as `| 2023 | 4.2 |`."""
    names = [text[span.start : span.end] for span in _between_pipes(text, header)]
    found = {}
    for row in rows:
        if row is not header:
            spans = _between_pipes(text, row)
            found[row.start] = tuple(
                Cell(name, span) for name, span in zip(names, spans, strict=False)
            )
    return found


def _between_pipes(text: str, row: Block) -> list[Span]:
    spans, at = [], row.start + 1
    while at < row.end:
        match = _CELL.match(text, at, row.end)
        end = match.end() if match else row.end
        value = text[at:end]
        start = at + len(value) - len(value.lstrip())
        spans.append(Span(start, max(start, at + len(value.rstrip()))))
        at = end + 1
    return spans[:_MAX_COLUMNS]


def _keys(cells: Iterable[Cell]) -> list[tuple[str, int]]:
    """Return each cell's column: its name, and the how manieth of that name it is."""
    seen: Counter[str] = Counter()
    keys = []
    for cell in cells:
        keys.append((cell.name, seen[cell.name]))
        seen[cell.name] += 1
    return keys


def _columns(rows: Iterable[Sequence[Cell]]) -> list[tuple[str, int]]:
    """Return the columns of all rows in an order that agrees with as many rows as can be."""
    columns: list[tuple[str, int]] = []
    for row in sorted(rows, key=len, reverse=True):
        at = 0
        for key in _keys(row):
            if key in columns:
                at = columns.index(key) + 1
            else:
                columns.insert(at, key)
                at += 1
    return columns[:_MAX_COLUMNS]


def _shown(
    text: str, columns: Sequence[tuple[str, int]], cells: Sequence[Cell], answer: Span | None
) -> Iterator[tuple[Run, ...]]:
    by_key = dict(zip(_keys(cells), cells, strict=True))
    for key in columns:
        cell = by_key.get(key)
        yield tuple(runs(text, cell.span, answer)) if cell is not None else ()


def _names(locations: Sequence[Location], kind: str, blocks: Sequence[Block]) -> dict[int, str]:
    """Return the name of the place of a kind that each block lies in, by the block's beginning."""
    places = [place for place in locations if place.kind == kind]
    found = {}
    for block in blocks:
        at = bisect_right(places, block.start, key=lambda place: place.start) - 1
        if at >= 0 and block.start < places[at].end:
            found[block.start] = places[at].name
    return found
