import datetime

import pptx
import pytest
from pptx.util import Inches

from index.errors import LoadError
from index.formats.pptx import MEDIA_TYPE, load_pptx
from tests.office import blocks, check_damage, check_spans, places, saved, zipped


def presentation():
    made = pptx.Presentation()
    properties = made.core_properties
    properties.author, properties.modified = "Ann Lee", datetime.datetime(2024, 5, 1, 12)
    slide = made.slides.add_slide(made.slide_layouts[1])
    slide.shapes.title.text = "Plan"
    slide.placeholders[1].text = "Hire two people\nOpen a shop"
    slide.notes_slide.notes_text_frame.text = "Say why.\nThen stop."
    blank = made.slides.add_slide(made.slide_layouts[6])
    add_box(blank, 3, 5, "Bottom right.")
    add_box(blank, 3, 1, "Bottom left.")
    group = blank.shapes.add_group_shape()
    group.shapes.add_textbox(Inches(1), Inches(2.5), Inches(2), Inches(1)).text_frame.text = "Deep."
    add_box(blank, 1.1, 1, "Top left.")
    add_box(blank, 1, 5, "Top right.")
    table = blank.shapes.add_table(3, 2, Inches(1), Inches(5), Inches(4), Inches(1)).table
    for row, cells in enumerate([("Year", "Revenue"), ("2022", "4.0"), ("2023", "4.2 million")]):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    return made


def add_box(slide, top, left, text):
    box = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(2), Inches(0.5))
    box.text_frame.text = text


def test_slides_in_reading_order():
    found = load_pptx(saved(presentation()), "s")
    assert blocks(found) == [
        ("item", ("Plan",), "Hire two people"),
        ("item", ("Plan",), "Open a shop"),
        ("text", ("Plan", "Notes"), "Say why."),
        ("text", ("Plan", "Notes"), "Then stop."),
        ("text", (), "Top left."),
        ("text", (), "Top right."),
        ("text", (), "Deep."),
        ("text", (), "Bottom left."),
        ("text", (), "Bottom right."),
        ("row", (), "Year: 2022; Revenue: 4.0"),
        ("row", (), "Year: 2023; Revenue: 4.2 million"),
    ]
    first = "Plan\n\nHire two people\n\nOpen a shop\n\nNotes\n\nSay why.\n\nThen stop."
    second = (
        "Top left.\n\nTop right.\n\nDeep.\n\nBottom left.\n\nBottom right.\n\n"
        "Year; Revenue\n\nYear: 2022; Revenue: 4.0\n\nYear: 2023; Revenue: 4.2 million"
    )
    assert found.text == f"{first}\n\n{second}"
    assert places(found) == [("slide", "1", first), ("slide", "2", second)]
    # The template's own title says nothing, so the first slide's counts.
    assert (found.title, found.date, found.authors) == ("Plan", "2024-05-01", "Ann Lee")
    assert (found.media_type, found.warnings) == (MEDIA_TYPE, ())


def test_merged_cells_are_given_once():
    made = pptx.Presentation()
    slide = made.slides.add_slide(made.slide_layouts[6])
    table = slide.shapes.add_table(2, 3, 0, 0, Inches(4), Inches(1)).table
    for column, text in enumerate(["Region", "Plan", "Sales"]):
        table.cell(0, column).text = text
    table.cell(1, 0).merge(table.cell(1, 1))
    table.cell(1, 0).text, table.cell(1, 2).text = "All", "7"
    table.cell(1, 1).text = "covered"  # no program shows it
    assert blocks(load_pptx(saved(made), "s")) == [("row", (), "Region: All; Sales: 7")]


def test_an_empty_presentation():
    found = load_pptx(saved(pptx.Presentation()), "empty")
    assert (found.text, found.title, found.locations) == ("", "empty", ())


def test_hostile_and_broken_files():
    content = saved(presentation())
    check_spans(load_pptx(content, "s"))
    check_damage(load_pptx, content)
    with pytest.raises(LoadError, match=r"damaged PPTX file"):
        load_pptx(zipped({"ppt/presentation.xml": "<a/>"}), "s")
