import pypdfium2
import pytest
from pdf_files import FONT, pdf
from reportlab.pdfbase import pdfmetrics

from index.formats.pdf_glyphs import read_glyphs


def apart(*page):
    """The distance of each character to what another text object drew before it."""
    document = pypdfium2.PdfDocument(pdf(list(page)))
    text = document[0].get_textpage()
    glyphs = read_glyphs(text)
    found = dict(zip(glyphs.texts, glyphs.apart.tolist(), strict=True))
    text.close()
    document.close()
    return found


def width(text):
    return pdfmetrics.stringWidth(text, FONT, 10)


def test_a_gap_between_two_text_objects_has_a_width():
    assert apart((50, 700, "ab"), (80, 700, "cd")) == pytest.approx(
        {"a": 0, "b": 0, "c": 30 - width("ab"), "d": 0}, abs=0.01
    )


def test_a_drawn_space_fills_the_gap_as_far_as_it_goes():
    filled = apart((50, 700, "ab "), (50 + width("ab "), 700, "c"))
    assert filled["c"] == pytest.approx(0, abs=0.01)
    more = apart((50, 700, "ab "), (54 + width("ab "), 700, "c"))
    assert more["c"] == pytest.approx(4, abs=0.01)


def test_a_space_that_is_a_text_object_of_its_own_is_not_known():
    """PDFium drops it and puts in one of its own."""
    found = apart((50, 700, "ab"), (50 + width("ab"), 700, " "), (70, 700, "c"))
    assert found["c"] == pytest.approx(20 - width("ab"), abs=0.01)
