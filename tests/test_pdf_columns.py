import pytest
from pdf_files import FONT, lines, pdf
from reportlab.pdfbase import pdfmetrics

from index.formats.layout import rectangles
from index.formats.pdf import load_pdf

BOLD = "Helvetica-Bold"
MONO = "Courier"


def width(text, font=FONT, size=10):
    return pdfmetrics.stringWidth(text, font, size)


def texts(*page):
    document = load_pdf(pdf(list(page)), "stem")
    return [document.text[block.start : block.end] for block in document.blocks]


def table(*rows, at, y=700, leading=14, font=FONT):
    """Return pieces of a table; a place is where a column begins, a negative one where it ends."""
    return [
        (x if x >= 0 else -x - width(text, font), y - leading * number, text, 10, font)
        for number, row in enumerate(rows)
        for x, text in zip(at, row, strict=True)
        if text
    ]


def in_a_row(*parts, y, x=50, space=" "):
    """Return pieces of a line one behind the other; `space` is not drawn but left free."""
    found = []
    for text, font in parts:
        found.append((x, y, text, 10, font))
        x += width(text, font) + width(space)
    return found


FIGURES = [
    ("Year", "Revenue", "Staff"),
    ("2021", "4.1 million", "35"),
    ("2022", "4.6 million", "41"),
    ("2023", "5.2 million", "48"),
]
READ = [
    "Year: 2021; Revenue: 4.1 million; Staff: 35",
    "Year: 2022; Revenue: 4.6 million; Staff: 41",
    "Year: 2023; Revenue: 5.2 million; Staff: 48",
]


def test_columns_close_to_each_other_are_columns():
    above = lines("The table shows three years of the company.", y=730)
    assert texts(*above, *table(*FIGURES, at=(50, 76, 130))) == [
        "The table shows three years of the company.",
        *READ,
    ]


def test_figures_at_the_right_edge_of_their_columns():
    rows = [("Year", "Revenue", "Staff"), ("2021", "9.1", "8"), ("2022", "14", "115")]
    assert texts(*table(*rows, at=(50, -115, -142))) == [
        "Year: 2021; Revenue: 9.1; Staff: 8",
        "Year: 2022; Revenue: 14; Staff: 115",
    ]


def test_centred_names_above_columns():
    header = [(52, 700, "Year", 10, BOLD), (81, 700, "Revenue", 10, BOLD), (132, 700, "Staff")]
    assert texts(*header, *table(*FIGURES[1:], at=(50, 76, 130), y=686)) == READ


def test_gaps_like_those_of_words_before_figures():
    rows = [("Year", "Rise", "Men"), ("2021", "4.16", "351"), ("2022", "3.18", "414")]
    assert texts(*table(*rows, at=(50, 76, 99))) == [
        "Year: 2021; Rise: 4.16; Men: 351",
        "Year: 2022; Rise: 3.18; Men: 414",
    ]


def test_years_at_the_right_edge_stand_close_to_the_texts_behind_them():
    """A spreadsheet leaves two points between a number and the text right of it."""
    assert texts(*table(*FIGURES, at=(-80, 82, -170))) == READ


def test_a_label_and_a_cell_stand_where_they_are_drawn():
    document = load_pdf(pdf(table(*FIGURES, at=(50, 76, 130))), "stem")
    start = document.text.index("Revenue: 4.6 million")
    label, cell = rectangles(document.layout, start, start + len("Revenue: 4.6 million"))
    assert (label.left, label.right) == pytest.approx((76, 76 + width("Revenue")), abs=0.11)
    assert (cell.left, cell.right) == pytest.approx((76, 76 + width("4.6 million")), abs=0.11)
    assert label.bottom < 700 < label.top
    assert cell.bottom < 672 < cell.top


def test_a_table_of_words_alone():
    rows = [("Name", "Role"), ("Ann", "Editor"), ("Bob Miller", "Author"), ("Cy", "Clerk")]
    assert texts(*table(*rows, at=(50, 105))) == [
        "Name; Role",
        "Ann; Editor",
        "Bob Miller; Author",
        "Cy; Clerk",
    ]


def test_a_space_drawn_behind_each_cell_parts_them_as_well():
    """Word ends each cell with a space of its own."""
    cells = table(*FIGURES, at=(50, 82, 142))
    page = [
        piece for x, y, text, *rest in cells for piece in ((x, y, text), (x + width(text), y, " "))
    ]
    assert texts(*page) == READ


def test_long_cells_in_a_compact_table_are_no_text_columns():
    rows = [
        ("character(n), char(n)", "filled up with blanks to a length"),
        ("char varying(n), text", "of any length up to a limit"),
        ("decimal(n), number(n)", "a number with as many digits"),
    ]
    edge = 50 + max(width(first) for first, _ in rows)
    assert texts(*table(*rows, at=(50, edge + 9))) == ["; ".join(row) for row in rows]


def test_two_lines_are_too_few():
    assert texts(*table(("Ann", "Editor"), ("Bob", "Author"), at=(50, 73))) == [
        "Ann Editor Bob Author"
    ]


def test_words_in_another_font_that_align_by_chance_are_no_cells():
    """Without drawn spaces, as TeX writes; two of the three gaps end at one place."""
    pieces = [
        ("elements", 102, "zero if the encoding went well, and an error of"),
        ("element is", 103, "empty, if the name of it is no valid one; all"),
        ("errors are", 102, "the rest, where the code is not of the structure"),
    ]
    page = [
        piece
        for n, (first, x, text) in enumerate(pieces)
        for piece in ((50, 700 - 12 * n, first, 10, BOLD), (x, 700 - 12 * n, text))
    ]
    assert texts(*page) == [" ".join(f"{first} {text}" for first, _, text in pieces)]


def test_labels_that_are_equally_wide_are_no_column():
    questions = ["what does a cat do all day?", "it sleeps.", "and what at night?", "it hunts."]
    page = [
        piece
        for n, text in enumerate(questions)
        for piece in in_a_row(("Reader", BOLD), (text, FONT), y=700 - 12 * n)
    ]
    assert " ".join(texts(*page)) == " ".join(f"Reader {text}" for text in questions)


def test_labels_before_paragraphs_are_no_column():
    page = []
    for n, label in enumerate(["Knuth", "Li", "Miller"]):
        page += [
            (50, 700 - 24 * n, label),
            (85, 700 - 24 * n, "An author, and the title of the work, which"),
            (85, 688 - 24 * n, "takes a second line."),
        ]
    assert texts(*page) == [
        f"{label} An author, and the title of the work, which takes a second line."
        for label in ("Knuth", "Li", "Miller")
    ]


def test_numbers_of_clauses_are_no_column():
    clauses = [("1.9", "The buyer pays."), ("1.10", "The seller sends."), ("1.11", "Both sign.")]
    found = texts(*table(*clauses, at=(50, 76), leading=12))
    assert " ".join(found) == "1.9 The buyer pays. 1.10 The seller sends. 1.11 Both sign."


def test_words_of_a_listing_are_no_cells():
    code = [("a.one", "=", "21"), ("b.two", "=", "34"), ("c.six", "=", "55")]
    found = texts(*table(*code, at=(50, 86, 98), leading=12, font=MONO))
    assert " ".join(found) == "a.one = 21 b.two = 34 c.six = 55"


def test_a_text_drawn_letter_by_letter_has_no_cells():
    page = []
    for n, line in enumerate(["cats purr all", "dogs bark all", "bees hum it all"]):
        x = 50
        for letter in line:
            if letter != " ":
                page.append((x, 700 - 12 * n, letter))
            x += width(letter) + (8 if letter == " " else 0)
    assert "".join(texts(*page)).replace(" ", "") == "catspurralldogsbarkallbeeshumitall"


def test_a_heading_above_is_no_part_of_the_table():
    heading = [(50, 716, "To", 14), (76, 716, "all of the staff", 14)]
    assert texts(*heading, *table(*FIGURES, at=(50, 76, 130)))[-3:] == READ


def test_leaders_are_no_column():
    entries = [("Aims", "." * 30, "3"), ("Means", "." * 30, "12"), ("Ends", "." * 30, "40")]
    assert texts(*table(*entries, at=(50, 84, 172))) == ["Aims; 3", "Means; 12", "Ends; 40"]


@pytest.mark.parametrize(("columns", "rows"), [(70, 3), (59, 100)])
def test_pages_with_too_many_pieces_are_read_without_columns(columns, rows):
    page = [(10 + 3 * x, 700 - 6 * y, "1", 4) for y in range(rows) for x in range(columns)]
    assert not any(";" in text for text in texts(*page))
