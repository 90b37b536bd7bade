import ctypes

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from pdf_files import pdf

from index.formats.pdf_calls import PageCharacters
from index.formats.pdf_glyphs import read_glyphs
from index.formats.pdf_turns import turned


@pytest.fixture
def textpage():
    """Text in three sizes and turned, one line a little askew and one too much so."""
    page = [
        (50, 700, "A cat purrs."),
        (50, 650, "Big", 20),
        (300, 400, "Up", 10, "Helvetica", 90),
        (300, 300, "Slant", 10, "Helvetica", 5),
        (100, 100, "Watermark", 10, "Helvetica", 45),
    ]
    document = pypdfium2.PdfDocument(pdf(page))
    opened = document[0]
    text = opened.get_textpage()
    yield text
    text.close()
    opened.close()
    document.close()


def asked_one_by_one(textpage, index):
    """What PDFium's typed functions say of a character."""
    box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetLooseCharBox(textpage, index, box)
    pdfium.FPDFText_GetCharOrigin(textpage, index, x, y)
    pdfium.FPDFText_GetMatrix(textpage, index, matrix)
    return {
        "box": (box.left, box.bottom, box.right, box.top),
        "origin": (x.value, y.value),
        "matrix": (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f),
        "size": pdfium.FPDFText_GetFontSize(textpage, index),
        "generated": pdfium.FPDFText_IsGenerated(textpage, index) == 1,
        "code": pdfium.FPDFText_GetUnicode(textpage, index),
    }


def test_many_calls_give_what_single_ones_give(textpage):
    page, at = PageCharacters(textpage), np.arange(textpage.count_chars())
    wanted = [asked_one_by_one(textpage, index) for index in at.tolist()]
    assert [tuple(row) for row in page.boxes(at).tolist()] == [w["box"] for w in wanted]
    assert [tuple(row) for row in page.origins(at).tolist()] == [w["origin"] for w in wanted]
    assert [tuple(row) for row in page.matrices(at).tolist()] == [w["matrix"] for w in wanted]
    assert page.font_sizes(at).tolist() == [w["size"] for w in wanted]
    assert page.is_generated(at).tolist() == [w["generated"] for w in wanted]
    assert page.codes().tolist() == [w["code"] for w in wanted]
    assert page.boxes(at[:0]).shape == (0, 4)


def test_every_glyph_has_its_size_turn_and_baseline(textpage):
    glyphs = read_glyphs(textpage)
    assert "".join(glyphs.texts) == "Acatpurrs.BigUpSlant"
    assert glyphs.size.tolist() == [10] * 10 + [20] * 3 + [10] * 7
    assert glyphs.turn.tolist() == [0] * 13 + [1] * 2 + [0] * 5
    assert glyphs.baseline[:13].tolist() == [700] * 10 + [650] * 3
    assert glyphs.baseline[13:15] == pytest.approx(-300)
    slope = np.diff(glyphs.baseline[15:]) / np.diff(glyphs.left[15:])
    assert slope == pytest.approx(np.tan(np.radians(5)), abs=0.01)


def vertical():
    """A page with ABCD written from top to bottom, in one go."""
    letters = b"begincmap 1 beginbfrange <0041> <005a> <0041> endbfrange endcmap"
    drawn = b"BT /F 10 Tf 300 700 Td <0041004200430044> Tj ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F 4 0 R>>>>"
        b"/Contents 7 0 R>>",
        b"<</Type/Font/Subtype/Type0/BaseFont/Arial/Encoding/Identity-V"
        b"/DescendantFonts[5 0 R]/ToUnicode 6 0 R>>",
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Arial/DW 1000"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>",
        *(b"<</Length %d>> stream\n%s\nendstream" % (len(s), s) for s in (letters, drawn)),
    ]
    body = b"".join(b"%d 0 obj %s endobj\n" % pair for pair in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer <</Root 1 0 R>>\nstartxref\n9\n%%EOF"


def test_text_from_top_to_bottom_has_a_baseline_for_each_character():
    document = pypdfium2.PdfDocument(vertical())
    page = document[0]
    textpage = page.get_textpage()
    glyphs = read_glyphs(textpage)
    textpage.close()
    page.close()
    document.close()
    assert "".join(glyphs.texts) == "ABCD"
    assert np.diff(glyphs.baseline) == pytest.approx([-10, -10, -10])


def test_spaces_between_glyphs_are_marked(textpage):
    glyphs = read_glyphs(textpage)
    assert [at for at, spaced in enumerate(glyphs.spaced.tolist()) if spaced] == [1, 4, 10, 13, 15]
    assert [at for at, own in enumerate(glyphs.justified.tolist()) if own] == [1, 4]


def test_a_page_without_text_has_no_glyphs():
    document = pypdfium2.PdfDocument(pdf([]))
    assert read_glyphs(document[0].get_textpage()).texts == []


@pytest.mark.parametrize(
    ("turn", "box"),
    [(0, (1, 2, 3, 5)), (1, (2, -3, 5, -1)), (2, (-3, -5, -1, -2)), (3, (-5, 1, -2, 3))],
)
def test_boxes_are_turned_back(turn, box):
    assert turned((1, 2, 3, 5), turn) == box
