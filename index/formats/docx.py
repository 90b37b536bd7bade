"""Word documents (DOCX): paragraphs, headings, lists, tables, notes and text boxes."""

import io
from collections.abc import Iterator
from typing import Any

from index.document import Extracted
from index.formats.archive import open_archive
from index.formats.builder import TextBuilder
from index.formats.docx_styles import Styles
from index.formats.guard import reading
from index.formats.outline import Outline
from index.formats.properties import core_properties
from index.formats.table import add_table
from index.formats.text import mend, squeeze
from index.formats.xml import children, parse_xml
from index.metadata import language_code, stated_date

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Tracked deletions, the old places of moved text, field codes and properties.
_NOT_TEXT = {"del", "moveFrom", "instrText", "delText", "pPr", "rPr", "sdtPr", "Fallback"}
_CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def load_docx(content: bytes, stem: str) -> Extracted:
    """Read a Word document; the heading path is its only location, as it has no pages.

    The title is the stated one, else the topmost first heading, else the file's name. An empty
    document gives an empty text.

    Args:
        content: The file's bytes.
        stem: The file's name without its ending.

    Raises:
        LoadError: the file is damaged, encrypted or unsafe.
    """
    with open_archive(content, "DOCX") as archive, reading("DOCX"):
        import docx

        properties = core_properties(archive)
        document = docx.Document(io.BytesIO(content))
        styles = Styles(document.styles.element)
        reader = _Reader(styles, _notes(document.part))
        reader.walk(document.element.body)
        return reader.builder.build(
            title=properties.title or reader.outline.title or stem,
            media_type=MEDIA_TYPE,
            date=properties.date or stated_date("", [], stem),
            authors=properties.authors,
            language=properties.language or language_code(styles.language),
        )


def _notes(part: Any) -> dict[tuple[str, str], Any]:  # noqa: ANN401 - the library's own types
    """Return the elements of footnotes and endnotes by kind and number."""
    notes = {}
    for relation in part.rels.values():
        kind = relation.reltype.rpartition("/")[2]
        if kind in ("footnotes", "endnotes") and not relation.is_external:
            for name, note in children(parse_xml(relation.target_part.blob)):
                notes[name, note.get(_W + "id")] = note
    return notes


class _Reader:
    """Walks the body once, top to bottom."""

    def __init__(self, styles: Styles, notes: dict[tuple[str, str], Any]) -> None:
        self.builder = TextBuilder()
        self.outline = Outline()
        self._styles = styles
        self._notes = notes
        self._waiting: list[Any] = []  # notes and text boxes of the paragraph being read

    def walk(self, container: Any) -> None:  # noqa: ANN401 - lxml has no types
        for name, child in children(container):
            if name == "p":
                self._paragraph(child)
                self._walk_waiting()
            elif name == "tbl":
                self._table(child)
                self._walk_waiting()
            elif name not in _NOT_TEXT:
                self.walk(child)  # content controls and tracked insertions hold blocks

    def _walk_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        for container in waiting:
            self.walk(container)

    def _paragraph(self, element: Any) -> None:  # noqa: ANN401 - lxml has no types
        text = self._text(element)
        if self._styles.is_contents_entry(element):
            return
        level = self._styles.heading_level(element)
        if level is not None and text.strip():
            self.outline.enter(level, text)
            self.builder.add(squeeze(text), kind="heading")
        else:
            kind = "item" if self._styles.is_item(element) else "text"
            self.builder.add(text, heading=self.outline.path, kind=kind)

    def _text(self, element: Any) -> str:  # noqa: ANN401 - lxml has no types
        return mend("".join(self._pieces(element)))

    def _pieces(self, element: Any) -> Iterator[str]:  # noqa: ANN401 - lxml has no types
        for name, child in children(element):
            if name == "t":
                yield child.text or ""
            elif name in _CHARACTERS:
                yield _CHARACTERS[name]
            elif name == "txbxContent":
                self._waiting.append(child)
            elif name in ("footnoteReference", "endnoteReference"):
                self._note(name.removesuffix("Reference"), child.get(_W + "id"))
            elif name not in _NOT_TEXT and not (name == "r" and _is_hidden(child)):
                yield from self._pieces(child)

    def _note(self, kind: str, number: str) -> None:
        note = self._notes.pop((kind, number), None)  # read where it is first referred to
        if note is not None:
            self._waiting.append(note)

    def _table(self, table: Any) -> None:  # noqa: ANN401 - lxml has no types
        rows = [row for row in _inside(table, "tr") if row.find(f"{_W}trPr/{_W}del") is None]
        if max((len(list(_inside(row, "tc"))) for row in rows), default=0) < 2:  # noqa: PLR2004
            for row in rows:  # a table of one column is a frame around prose
                self.walk(row)
            return
        add_table(self.builder, [self._cells(row) for row in rows], heading=self.outline.path)

    def _cells(self, row: Any) -> list[str]:  # noqa: ANN401 - lxml has no types
        """Return a row's cells; one merged over several columns or rows is given once."""
        cells = [""] * _number(row, f"{_W}trPr/{_W}gridBefore", 0)
        for cell in _inside(row, "tc"):
            merged = cell.find(f"{_W}tcPr/{_W}vMerge")
            goes_on = merged is not None and merged.get(_W + "val", "continue") == "continue"
            cells.append("" if goes_on else self._cell(cell))
            cells += [""] * (_number(cell, f"{_W}tcPr/{_W}gridSpan", 1) - 1)
        return cells

    def _cell(self, cell: Any) -> str:  # noqa: ANN401 - lxml has no types
        paragraphs = [self._text(paragraph) for paragraph in _inside(cell, "p")]
        return squeeze("\n".join(paragraphs))


def _inside(element: Any, wanted: str) -> Iterator[Any]:  # noqa: ANN401 - lxml has no types
    """Yield the outermost elements of a name, through content controls and the like."""
    for name, child in children(element):
        if name == wanted:
            yield child
        elif name not in _NOT_TEXT:
            yield from _inside(child, wanted)


def _number(element: Any, path: str, default: int) -> int:  # noqa: ANN401 - lxml has no types
    found = element.find(path)
    value = int(found.get(_W + "val", default)) if found is not None else default
    return min(value, 63)  # as many columns as Word knows


def _is_hidden(run: Any) -> bool:  # noqa: ANN401 - lxml has no types
    vanish = run.find(f"{_W}rPr/{_W}vanish")
    return vanish is not None and vanish.get(_W + "val", "1") not in ("0", "false", "off")
