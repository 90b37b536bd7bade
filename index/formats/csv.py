"""Tables in plain text (CSV, TSV); the delimiter is found."""

import csv
import io
from collections import Counter
from itertools import islice
from typing import Literal

from index.charset import decode
from index.document import Extracted
from index.formats.builder import TextBuilder
from index.formats.guard import reading
from index.formats.table import add_table
from index.formats.text import squeeze
from index.metadata import stated_date

MAX_ROWS = 100_000
"""Rows that are read; the rest is left out with a warning."""

_DELIMITERS = ";\t|,"  # the comma last: it also stands inside texts and numbers
_LOOKED_AT_ROWS = 50
_LOOKED_AT_CHARS = 100_000


def load_csv(content: bytes, stem: str, *, max_rows: int = MAX_ROWS) -> Extracted:
    """Read a table with commas, semicolons, tabs or bars; each row is a `row` location.

    Rows are counted as a spreadsheet counts them: empty ones too, and one of several lines once.

    Args:
        content: The file's bytes, in an encoding that `index.charset` knows.
        stem: The file's name without its ending; it is the title.
        max_rows: Rows to read at most; a warning says where reading stopped.

    Raises:
        LoadError: the bytes are not text, or not a table.
    """
    return _load(content, stem, "text/csv", None, max_rows)


def load_tsv(content: bytes, stem: str, *, max_rows: int = MAX_ROWS) -> Extracted:
    """Read a table with tabs; otherwise as `load_csv`.

    Raises:
        LoadError: the bytes are not text, or not a table.
    """
    return _load(content, stem, "text/tab-separated-values", "\t", max_rows)


def _load(
    content: bytes, stem: str, media_type: str, delimiter: str | None, max_rows: int
) -> Extracted:
    text, warnings = decode(content), list[str]()
    first, _, rest = text.partition("\n")
    if first.rstrip("\r").lower() in {f"sep={mark}" for mark in _DELIMITERS}:
        delimiter, text = first[4], "\n" + rest  # the line stays a row, an empty one
    with reading("CSV"):
        rows = _parse(text, delimiter or find_delimiter(text), max_rows + 1, warnings)
    if len(rows) > max_rows:
        warnings.append(f"row {max_rows + 1} and what follows left out: too large a table")
    builder = TextBuilder()
    add_table(builder, rows[:max_rows], numbered=True)
    return builder.build(
        title=stem, media_type=media_type, date=stated_date("", [], stem), warnings=warnings
    )


def _parse(text: str, delimiter: str, limit: int, warnings: list[str]) -> list[list[str]]:
    try:
        rows = _rows(text, delimiter, limit)
    except csv.Error as error:  # such as a quote that never ends
        warnings.append(f"quotation marks taken as they are: {error}")
        rows = _rows(text, delimiter, limit, csv.QUOTE_NONE)
    return [[squeeze(cell) for cell in row] for row in rows]


def _rows(
    text: str, delimiter: str, limit: int, quoting: Literal[0, 3] = csv.QUOTE_MINIMAL
) -> list[list[str]]:
    lines = io.StringIO(text, newline="")
    return list(islice(csv.reader(lines, delimiter=delimiter, quoting=quoting), limit))


def find_delimiter(text: str) -> str:
    """Return the delimiter under which most of the first rows have the same number of cells.

    Between equals a semicolon, tab or bar goes before the comma. A text without any is one
    column, and the comma is returned.
    """
    best, best_share = ",", 0.0
    for delimiter in _DELIMITERS:
        try:
            rows = _rows(text[:_LOOKED_AT_CHARS], delimiter, _LOOKED_AT_ROWS)
        except csv.Error:
            continue
        widths = Counter(len(row) for row in rows if row)
        agreeing = max((count for width, count in widths.items() if width > 1), default=0)
        share = agreeing / max(1, widths.total())
        if share > best_share:
            best, best_share = delimiter, share
    return best
