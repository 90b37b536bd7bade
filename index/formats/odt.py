"""Text documents of OpenOffice and LibreOffice (ODT)."""

import zipfile
from collections.abc import Iterator
from typing import Any

from index.document import Extracted
from index.errors import LoadError
from index.formats.archive import open_archive
from index.formats.builder import TextBuilder
from index.formats.guard import reading
from index.formats.outline import Outline
from index.formats.properties import open_document_properties
from index.formats.table import add_table
from index.formats.text import mend, squeeze
from index.formats.xml import children, parse_part
from index.metadata import stated_date

MEDIA_TYPE = "application/vnd.oasis.opendocument.text"

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
# Tracked deletions, comments, generated lists of contents, and the labels of notes.
_NOT_TEXT = {
    *("tracked-changes", "annotation", "annotation-end", "note-citation", "sequence-decls"),
    *("table-of-content", "illustration-index", "table-index", "object-index", "user-index"),
    *("alphabetical-index", "bibliography", "title", "desc", "forms", "ruby-text"),
}
_MAX_REPEATED = 1_000  # spaces or cells that one element may stand for


def load_odt(content: bytes, stem: str) -> Extracted:
    """Read a text document; the heading path is its only location.

    The title is the stated one, else the topmost first heading, else the file's name.

    Args:
        content: The file's bytes.
        stem: The file's name without its ending.

    Raises:
        LoadError: the file is damaged, encrypted or unsafe.
    """
    with open_archive(content, "ODT") as archive, reading("ODT"):
        _refuse_encrypted(archive)
        properties = open_document_properties(archive)
        root = parse_part(archive, "content.xml")
        reader = _Reader(_title_styles(root))
        reader.walk(root.find(f"{_OFFICE}body/{_OFFICE}text"))
        return reader.builder.build(
            title=properties.title or reader.outline.title or stem,
            media_type=MEDIA_TYPE,
            date=properties.date or stated_date("", [], stem),
            authors=properties.authors,
            language=properties.language,
        )


def _refuse_encrypted(archive: zipfile.ZipFile) -> None:
    manifest = "META-INF/manifest.xml"
    if manifest in archive.namelist() and b"encryption-data" in archive.read(manifest):
        raise LoadError("encrypted with a password; save it as ODT without one")


def _title_styles(root: Any) -> set[str]:  # noqa: ANN401 - lxml has no types
    automatic = root.find(f"{_OFFICE}automatic-styles")
    names = {"Title"}
    for style in automatic if automatic is not None else ():
        if style.get(_STYLE + "parent-style-name") == "Title":
            names.add(style.get(_STYLE + "name"))
    return names


class _Reader:
    """Walks the body once, top to bottom."""

    def __init__(self, title_styles: set[str]) -> None:
        self.builder = TextBuilder()
        self.outline = Outline()
        self._title_styles = title_styles
        self._waiting: list[Any] = []  # notes and text boxes of the paragraph being read

    def walk(self, container: Any, kind: str = "text") -> None:  # noqa: ANN401 - no types
        for name, child in children(container):
            if name in ("p", "h"):
                self._paragraph(child, kind)
            elif name == "table":
                self._table(child, kind)
            elif name not in _NOT_TEXT:  # sections, frames and the like hold blocks
                self.walk(child, "item" if name in ("list-item", "list-header") else kind)
            waiting, self._waiting = self._waiting, []
            for held in waiting:
                self.walk(held)

    def _paragraph(self, element: Any, kind: str) -> None:  # noqa: ANN401 - lxml has no types
        text = self._text(element)
        level = self._heading_level(element)
        if level is not None and text.strip():
            self.outline.enter(level, text)
            self.builder.add(squeeze(text), kind="heading")
        else:
            self.builder.add(text, heading=self.outline.path, kind=kind)

    def _heading_level(self, element: Any) -> int | None:  # noqa: ANN401 - lxml has no types
        if element.tag == _TEXT + "h":
            return int(element.get(_TEXT + "outline-level", 1))
        return 0 if element.get(_TEXT + "style-name") in self._title_styles else None

    def _text(self, element: Any) -> str:  # noqa: ANN401 - lxml has no types
        return mend("".join(self._pieces(element)))

    def _pieces(self, element: Any) -> Iterator[str]:  # noqa: ANN401 - lxml has no types
        # As in HTML, white space in the source is one space; `text:s` stands for more.
        yield _collapsed(element.text)
        for child in element:
            name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else "annotation"
            if name == "note" or str(child.tag).startswith(_DRAW):
                self._waiting.append(child)
            elif name in ("tab", "line-break"):
                yield "\t" if name == "tab" else "\n"
            elif name == "s":
                yield " " * _repeated(child, _TEXT + "c")
            elif name not in _NOT_TEXT or child.tag == _TEXT + "title":  # a field
                yield from self._pieces(child)
            yield _collapsed(child.tail)

    def _table(self, table: Any, kind: str) -> None:  # noqa: ANN401 - lxml has no types
        rows = [[*_inside(row, "table-cell")] for row in _inside(table, "table-row")]
        if max(map(len, rows), default=0) < 2:  # noqa: PLR2004
            for row in rows:  # a table of one column is a frame around prose
                for cell in row:
                    self.walk(cell, kind)
            return
        add_table(self.builder, [self._cells(row) for row in rows], heading=self.outline.path)

    def _cells(self, row: list[Any]) -> list[str]:
        """Return a row's cells; those covered by a merged one are empty."""
        cells: list[str] = []
        for cell in row:
            paragraphs = [*_inside(cell, "p"), *_inside(cell, "h")]
            text = squeeze("\n".join(map(self._text, paragraphs)))
            cells += [text] * _repeated(cell, _TABLE + "number-columns-repeated")
        return cells


def _inside(element: Any, wanted: str) -> Iterator[Any]:  # noqa: ANN401 - lxml has no types
    """Yield the outermost elements of a name, a covered cell counting as a cell."""
    for name, child in children(element):
        if name in (wanted, f"covered-{wanted}"):
            yield child
        elif name not in _NOT_TEXT:
            yield from _inside(child, wanted)


def _collapsed(text: str | None) -> str:
    kept = " ".join((text or "").split())
    if not text:
        return ""
    return f"{' ' * text[0].isspace()}{kept}{' ' * text[-1].isspace()}" if kept else " "


def _repeated(element: Any, attribute: str) -> int:  # noqa: ANN401 - lxml has no types
    return min(int(element.get(attribute, 1)), _MAX_REPEATED)
