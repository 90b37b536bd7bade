"""Presentations (PPTX): each slide's title, text, tables and speaker notes."""

import io
from collections.abc import Iterable
from typing import Any

from index.document import Extracted
from index.formats.archive import open_archive
from index.formats.builder import TextBuilder
from index.formats.guard import reading
from index.formats.properties import core_properties
from index.formats.table import add_table
from index.formats.text import mend, squeeze
from index.metadata import stated_date

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"

_FURNITURE = {"DATE", "FOOTER", "HEADER", "SLIDE_NUMBER"}  # repeats on every slide
_BULLETED = {"BODY", "OBJECT"}  # paragraphs are list items unless they say otherwise
_BAND = 228_600  # a quarter of an inch: shapes that begin this close stand side by side
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def load_pptx(content: bytes, stem: str) -> Extracted:
    """Read a presentation; every slide is a `slide` location, counted from 1, hidden ones too.

    The title is the stated one, else the first slide's, else the file's name.

    Args:
        content: The file's bytes.
        stem: The file's name without its ending.

    Raises:
        LoadError: the file is damaged, encrypted or unsafe.
    """
    with open_archive(content, "PPTX") as archive, reading("PPTX"):
        import pptx

        properties = core_properties(archive)
        builder, titles = TextBuilder(), []
        for number, slide in enumerate(pptx.Presentation(io.BytesIO(content)).slides, 1):
            with builder.place("slide", str(number)):
                titles.append(_add_slide(builder, slide))
        return builder.build(
            title=properties.title or next(filter(None, titles), stem),
            media_type=MEDIA_TYPE,
            date=properties.date or stated_date("", [], stem),
            authors=properties.authors,
            language=properties.language,
        )


def _add_slide(builder: TextBuilder, slide: Any) -> str:  # noqa: ANN401 - the library's own types
    """Append a slide and return its title, which may be empty."""
    title_shape = slide.shapes.title
    title = squeeze(title_shape.text_frame.text) if title_shape is not None else ""
    builder.add(title, kind="heading")
    heading = (title,) if title else ()
    taken = title_shape.element if title_shape is not None else None
    _add_shapes(builder, [s for s in slide.shapes if s.element is not taken], heading)
    notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    if notes is not None and notes.text.strip():
        builder.add("Notes", kind="heading")
        for paragraph in notes.paragraphs:
            builder.add(_text(paragraph), heading=(*heading, "Notes"))
    return title


def _add_shapes(builder: TextBuilder, shapes: Iterable[Any], heading: tuple[str, ...]) -> None:
    for shape in sorted(shapes, key=_place):
        if hasattr(shape, "shapes"):  # a group
            _add_shapes(builder, shape.shapes, heading)
        elif getattr(shape, "has_table", False):
            rows = [[_cell(cell) for cell in row.cells] for row in shape.table.rows]
            add_table(builder, rows, heading=heading)
        elif shape.has_text_frame and (role := _role(shape)) not in _FURNITURE:
            bulleted = role in _BULLETED
            for paragraph in shape.text_frame.paragraphs:
                kind = "item" if _is_item(paragraph, bulleted) else "text"
                builder.add(_text(paragraph), heading=heading, kind=kind)


def _place(shape: Any) -> tuple[int, int]:  # noqa: ANN401 - the library's own types
    return (shape.top or 0) // _BAND, shape.left or 0


def _cell(cell: Any) -> str:  # noqa: ANN401 - the library's own types
    return "" if cell.is_spanned else squeeze(cell.text_frame.text.replace("\v", "\n"))


def _text(paragraph: Any) -> str:  # noqa: ANN401 - the library's own types
    return mend(paragraph.text.replace("\v", "\n"))


def _role(shape: Any) -> str:  # noqa: ANN401 - the library's own types
    """Return what a placeholder is for; an empty string for other shapes."""
    return shape.placeholder_format.type.name if shape.is_placeholder else ""


def _is_item(paragraph: Any, bulleted: bool) -> bool:  # noqa: ANN401 - the library's own types
    said = paragraph._p.find(_A + "pPr")
    if said is None:
        return bulleted
    if said.find(_A + "buNone") is not None:
        return False
    marked = said.find(_A + "buChar") is not None or said.find(_A + "buAutoNum") is not None
    return bulleted or marked
