from pdf_files import lines, pdf

from index.formats.layout import rectangles
from index.formats.pdf import load_pdf

ROWS = [("2022", "4.6", "41"), ("2023", "5.2", "48")]
READ = [
    "Year: 2022; Revenue in million USD: 4.6; Staff at year end: 41",
    "Year: 2023; Revenue in million USD: 5.2; Staff at year end: 48",
]
UNNAMED = ["2022; 4.6; 41", "2023; 5.2; 48"]
AT = (50, 120, 220)


def read(*page):
    document = load_pdf(pdf(list(page)), "stem")
    return document, [document.text[block.start : block.end] for block in document.blocks]


def texts(*page):
    return read(*page)[1]


def row(y, *cells, at=AT):
    return [(x, y, text) for x, text in zip(at, cells, strict=True) if text]


def body(y=700, leading=15, rows=ROWS):
    return [piece for n, cells in enumerate(rows) for piece in row(y - leading * n, *cells)]


def test_lines_closer_than_rows_are_one_header():
    header = [*row(727, "", "Revenue in", "Staff at"), *row(715, "Year", "million USD", "year end")]
    document, found = read(*lines("The table shows two years.", y=760), *header, *body())
    assert found == ["The table shows two years.", *READ]
    start = document.text.index("Revenue in million USD: 5.2")
    first, second, cell = rectangles(document.layout, start, start + 27)
    assert first.bottom < 727 < first.top
    assert second.bottom < 715 < second.top
    assert cell.bottom < 685 < cell.top


def test_a_label_in_one_column_alone_may_take_two_lines():
    rows = [(year, money, staff) for year, money, staff in ROWS]
    header = [*row(727, "", "Revenue in", ""), *row(715, "Year", "million USD", "Staff")]
    assert texts(*header, *body(rows=rows)) == [
        "Year: 2022; Revenue in million USD: 4.6; Staff: 41",
        "Year: 2023; Revenue in million USD: 5.2; Staff: 48",
    ]


def test_a_label_beside_two_lines_may_stand_between_them():
    header = [
        *row(727, "", "Revenue in", "Staff at"),
        *row(721, "Year", "", ""),
        *row(715, "", "million USD", "year end"),
    ]
    assert texts(*header, *body()) == READ


def test_small_letters_go_on_where_lines_are_as_far_apart_as_rows():
    header = [*row(730, "Year", "Revenue in", "Staff at"), *row(715, "", "million USD", "year end")]
    assert texts(*header, *body()) == READ


def test_a_capital_begins_a_row_where_lines_are_as_far_apart_as_rows():
    above = [*row(730, "Name", "Role", "Age"), *row(715, "Ann", "Editor", "")]
    assert texts(*above, *body()) == ["Name; Role; Age", "Ann; Editor", *UNNAMED]


def test_rows_of_words_below_a_header_stay_rows():
    above = [*row(730, "Name", "Role", "Age"), *row(715, "Ann", "Editor", "old")]
    assert texts(*above, *body())[:2] == [
        "Name: Ann; Role: Editor; Age: old",
        *["Name: 2022; Role: 4.6; Age: 41"],
    ]


def test_a_label_over_two_columns_names_none():
    header = [
        *[(50, 727, "Year"), (120, 727, "Money and all of the people")],
        *row(715, "", "Revenue", "Staff"),
    ]
    assert texts(*header, *body())[-2:] == UNNAMED


TWO_LINES = [*row(727, "", "Revenue in", "Staff at"), *row(715, "Year", "million USD", "year end")]


def test_lines_right_below_another_are_no_header():
    """They may be those of a cell."""
    page = [
        *[(50, 742.5, "A cell in the middle of a table")],
        *row(727, "", "Revenue in", ""),
        *row(715, "Year", "million USD", "Staff"),
    ]
    assert texts(*page, *body())[-1] == "Year: 2023; million USD: 5.2; Staff: 48"


def test_a_single_row_is_no_measure_for_the_distance_of_rows():
    assert texts(*TWO_LINES, *body(rows=ROWS[:1]))[-1] == UNNAMED[0]


def test_a_label_that_reaches_over_the_next_column_names_none():
    header = [
        *row(727, "", "Revenue in", ""),
        *[(50, 715, "Year"), (120, 715, "millions of dollars, all of them"), (270, 715, "Staff")],
    ]
    assert texts(*header, *body())[-2:] == UNNAMED


def test_more_than_three_lines_are_no_label():
    more = [*row(751, "", "All of the", ""), *row(739, "", "yearly", "")]
    assert texts(*more, *TWO_LINES, *body())[-2:] == READ
    assert texts(*more[1:], *TWO_LINES, *body())[-1] == (
        "Year: 2023; yearly Revenue in million USD: 5.2; Staff at year end: 48"
    )


def test_long_lines_are_no_labels():
    long = "a text that is as long as no name of a column is"
    header = [*row(727, "", "", long), *row(715, "Year", "Revenue", "Staff")]
    assert texts(*header, *body())[-1] == "Year: 2023; Revenue: 5.2; Staff: 48"
