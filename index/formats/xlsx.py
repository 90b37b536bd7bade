"""Workbooks (XLSX): every row of every sheet, as the program shows it."""

import io
import warnings
from collections.abc import Iterator
from typing import Any

from index.document import Extracted
from index.formats.archive import open_archive
from index.formats.builder import TextBuilder
from index.formats.cells import cell_text
from index.formats.guard import reading
from index.formats.properties import core_properties
from index.formats.table import add_table
from index.metadata import stated_date

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_ROWS = 100_000
"""Rows with a cell that are read of a workbook; the rest is left out with a warning."""
MAX_CELLS = 2_000_000
"""Cells that are looked at in a workbook, empty ones before a row's last included."""

_LAST_ROW = 1_048_576  # the format has no more


def load_xlsx(
    content: bytes, stem: str, *, max_rows: int = MAX_ROWS, max_cells: int = MAX_CELLS
) -> Extracted:
    """Read a workbook; sheets are `sheet` locations and headings, rows `row` locations.

    A formula counts as the value that was last computed. Hidden sheets are read; charts are not.

    Args:
        content: The file's bytes.
        stem: The file's name without its ending.
        max_rows: Rows to read at most; a warning names the sheet where reading stopped.
        max_cells: Cells to look at at most, likewise.

    Raises:
        LoadError: the file is damaged, encrypted or unsafe.
    """
    with open_archive(content, "XLSX") as archive, reading("XLSX"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of features that hold no text
        import openpyxl

        properties = core_properties(archive)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        builder, left = TextBuilder(), _Left(max_rows, max_cells)
        for sheet in book.worksheets:
            rows = list(_rows(sheet, left))
            if any(map(any, rows)):
                with builder.place("sheet", sheet.title):
                    builder.add(sheet.title, kind="heading")
                    add_table(builder, rows, heading=(sheet.title,), numbered=True)
        return builder.build(
            title=properties.title or stem,
            media_type=MEDIA_TYPE,
            date=properties.date or stated_date("", [], stem),
            authors=properties.authors,
            language=properties.language,
            warnings=left.warnings,
        )


class _Left:
    """How much may still be read."""

    def __init__(self, rows: int, cells: int) -> None:
        self.rows, self.cells = rows, cells
        self.warnings: list[str] = []

    def take(self, row: list[str], place: str) -> bool:
        """Return whether the row may be read, and count it."""
        if (any(row) and self.rows < 1) or len(row) > self.cells:
            if not self.warnings:
                self.warnings.append(f"{place} and what follows left out: too large a workbook")
            self.cells = -1  # nothing more, of later sheets neither
            return False
        self.rows -= any(row)
        self.cells -= len(row)
        return True


def _rows(sheet: Any, left: _Left) -> Iterator[list[str]]:  # noqa: ANN401 - no types
    """Yield a sheet's rows from its first on; an empty row has no cells."""
    sheet.reset_dimensions()  # a stated size may be wrong or absurd
    for number, cells in enumerate(sheet.iter_rows(), 1):
        row = [cell_text(cell.value, cell.number_format) for cell in cells]
        if number > _LAST_ROW or not left.take(row, f'sheet "{sheet.title}" from row {number}'):
            return
        yield row
