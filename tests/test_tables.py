import csv
import datetime
import io

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import LoadError
from index.formats.cells import cell_text
from index.formats.csv import find_delimiter, load_csv, load_tsv
from index.formats.table import find_header, row_text
from index.formats.xlsx import MEDIA_TYPE, load_xlsx
from tests.office import blocks, check_damage, check_spans, places, saved, with_parts, zipped


def workbook():
    made = openpyxl.Workbook()
    made.properties.title, made.properties.creator = "Figures", "Ann Lee"
    made.properties.modified = datetime.datetime(2024, 5, 1)
    sheet = made.active
    sheet.title = "Budget"
    sheet.append(["Annual report"])
    sheet.append([])
    sheet.append(["Year", "Revenue", "Share"])
    sheet.append([2022, "4.0 million", 0.125])
    sheet.append([2023, "4.2 million", 0.5])
    sheet["C4"].number_format = sheet["C5"].number_format = "0.0%"
    hidden = made.create_sheet("Staff")
    hidden.sheet_state = "hidden"
    hidden.append(["Name", "Since"])
    hidden.append(["Tom", datetime.date(2020, 2, 29)])
    made.create_sheet("Empty")
    return made


def test_rows_of_a_workbook():
    found = load_xlsx(saved(workbook()), "s")
    budget = (
        "Budget\n\nAnnual report\n\nYear; Revenue; Share\n\n"
        "Year: 2022; Revenue: 4.0 million; Share: 12.5%\n\n"
        "Year: 2023; Revenue: 4.2 million; Share: 50.0%"
    )
    staff = "Staff\n\nName; Since\n\nName: Tom; Since: 2020-02-29"
    assert found.text == f"{budget}\n\n{staff}"
    assert blocks(found) == [
        ("row", ("Budget",), "Annual report"),
        ("row", ("Budget",), "Year: 2022; Revenue: 4.0 million; Share: 12.5%"),
        ("row", ("Budget",), "Year: 2023; Revenue: 4.2 million; Share: 50.0%"),
        ("row", ("Staff",), "Name: Tom; Since: 2020-02-29"),
    ]
    assert places(found) == [
        ("sheet", "Budget", budget),
        ("row", "1", "Annual report"),
        ("row", "3", "Year; Revenue; Share"),
        ("row", "4", "Year: 2022; Revenue: 4.0 million; Share: 12.5%"),
        ("row", "5", "Year: 2023; Revenue: 4.2 million; Share: 50.0%"),
        ("sheet", "Staff", staff),
        ("row", "1", "Name; Since"),
        ("row", "2", "Name: Tom; Since: 2020-02-29"),
    ]
    assert (found.title, found.authors, found.media_type) == ("Figures", "Ann Lee", MEDIA_TYPE)
    assert found.warnings == ()


def test_merged_cells_are_given_once_and_formulas_as_they_were_computed():
    made = openpyxl.Workbook()
    sheet = made.active
    for row in [["Region", "Plan", "Sum"], ["North", 5, "=1+1"], ["North", 7, 3]]:
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    content = with_parts(
        saved(made),
        xl__worksheets__sheet1_xml=lambda old: old.replace(b"<v/>", b"<v>2</v>").replace(
            b"<v></v>", b"<v>2</v>"
        ),
    )
    assert [text for _, _, text in blocks(load_xlsx(content, "s"))] == [
        *("Region: North; Plan: 5; Sum: 2", "Plan: 7; Sum: 3"),
    ]


def test_a_workbook_beyond_a_limit_is_cut_with_a_warning():
    cut = load_xlsx(saved(workbook()), "s", max_rows=3)
    assert len(cut.blocks) == 2
    told = 'sheet "Budget" from row 5 and what follows left out: too large a workbook'
    assert cut.warnings == (told,)
    assert load_xlsx(saved(workbook()), "s", max_cells=8).warnings == (told,)
    assert load_xlsx(saved(workbook()), "s", max_rows=6).warnings == ()


def test_an_absurd_row_number_ends_the_sheet():
    def far(part):
        return part.replace(b'r="5"', b'r="99999999999"')

    found = load_xlsx(with_parts(saved(workbook()), xl__worksheets__sheet1_xml=far), "s")
    assert [text for _, _, text in blocks(found)][1:] == [
        "Year: 2022; Revenue: 4.0 million; Share: 12.5%",
        "Name: Tom; Since: 2020-02-29",
    ]


def test_hostile_and_broken_workbooks():
    content = saved(workbook())
    check_spans(load_xlsx(content, "s"))
    check_damage(load_xlsx, content)
    with pytest.raises(LoadError, match=r"damaged XLSX file"):
        load_xlsx(zipped({"xl/workbook.xml": "<a/>"}), "s")


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (None, "General", ""),
        (4.0, "General", "4"),
        (0.1 + 0.2, "General", "0.3"),
        (True, "General", "TRUE"),
        (0.125, "0%", "13%"),
        (0.125, "0.00%", "12.50%"),
        (4.2, "0.00", "4.20"),
        (2.5, "0", "3"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (-1234.5, '#,##0.0 "kg"', "-1,234.5 kg"),
        (5, "[$€-407] 0.00", "€ 5.00"),
        (5, "$#,##0_);($#,##0)", "$5"),
        (5.25, "# ?/?", "5.25"),
        (10**30, "0.00", str(10**30)),
        (float("inf"), "0.00", "inf"),
        (datetime.datetime(2023, 5, 1), "dd.mm.yyyy", "2023-05-01"),
        (datetime.datetime(2023, 5, 1), "mmm yy", "2023-05"),
        (datetime.datetime(2023, 5, 1), "yyyy", "2023"),
        (datetime.datetime(2023, 5, 1, 9, 30), "General", "2023-05-01 09:30"),
        (datetime.time(9, 30, 5), "h:mm", "09:30:05"),
        (datetime.timedelta(hours=30), "[h]:mm", "30:00:00"),
        (" two\n lines\x07 ", "@", "two lines"),
    ],
)
def test_cells_read_as_they_are_shown(value, number_format, shown):
    assert cell_text(value, number_format) == shown


@pytest.mark.parametrize(
    ("rows", "header"),
    [
        ([], None),
        ([["Year", "Revenue"], ["2023", "4"]], 0),
        ([["Report"], [], ["Year", "Revenue"], ["2023", "4"]], 2),
        ([["Author", "Ann", ""], ["Year", "Revenue", "Share"], ["2023", "4", "5"]], 1),
        ([["", "2022", "2023"], ["North", "4", "5"]], 0),
        ([["Region", "2022", "2023"], ["North", "4", "5"]], 0),
        ([["Name", "Role", ""], ["Ann", "dev", "remote"]], None),
        ([["Ann", "1990"], ["Tom", "1991"]], None),
        ([["1", "2"], ["Year", "Revenue"], ["3", "4"]], None),
        ([["Name:", "Ann"], ["Role:", "Boss"]], None),
        ([["4.2 million", "10 km"], ["3", "4"]], None),
        ([["2023 budget", "Notes"], ["3", "4"]], 0),
        ([["Year", "Revenue"]], None),
        ([["Back", "Up", "Next"], [], ["Item", "Limit"], ["a", "4"], ["b", "5"]], 2),
        ([["Item", "Limit"], [], ["a", "4"], ["b", "5"]], 0),
        ([["Item", "Limit", "Note"], ["a", "4"], [], ["b", "5"]], 0),
        ([*[["# comment"]] * 30, ["Code", "Place", "Note"], ["AD", "1", "x"]], 30),
    ],
)
def test_the_header_row(rows, header):
    assert find_header(rows) == header


def test_row_text():
    assert row_text(["Year", "Revenue:"], ["2023", "4.2"]) == "Year: 2023; Revenue: 4.2"
    assert row_text(["Year", "", "Sum"], ["", "x", "7", "y"]) == "x; Sum: 7; y"
    assert row_text([], ["Name:", "Ann", "Boss"]) == "Name: Ann; Boss"
    assert row_text([], []) == ""


def test_a_table_in_plain_text():
    found = load_csv(
        b'Year,Revenue,Note\r\n2022,4.0,"a, b"\r\n\r\n2023,4.2,"two\r\nlines"\r\n', "t"
    )
    assert found.text == (
        "Year; Revenue; Note\n\nYear: 2022; Revenue: 4.0; Note: a, b\n\n"
        "Year: 2023; Revenue: 4.2; Note: two lines"
    )
    assert [place[:2] for place in places(found)] == [("row", "1"), ("row", "2"), ("row", "4")]
    assert (found.title, found.date, found.media_type) == ("t", None, "text/csv")


def test_a_table_without_header():
    found = load_csv(b"Ann,30\nTom,25\n", "2024-01-02 ages")
    assert [text for _, _, text in blocks(found)] == [
        *("column 1: Ann; column 2: 30", "column 1: Tom; column 2: 25"),
    ]
    assert found.date == "2024-01-02"
    assert [text for _, _, text in blocks(load_csv(b"One.\nTwo.\n", "s"))] == ["One.", "Two."]
    assert load_csv(b"Ages:\nAlone,\nAnn,30\n", "s").text.split("\n\n") == [
        *("Ages:", "Alone", "column 1: Ann; column 2: 30"),
    ]
    assert load_csv(b"", "s").text == ""


def test_pairs_name_themselves():
    found = load_csv(b"Name:,Ann\nAge:,30\n", "s")
    assert [text for _, _, text in blocks(found)] == ["Name: Ann", "Age: 30"]


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n1,5;2,5\n3,5;4,5\n", ";"),
        ("1,5;2,5\n3,5;4,5\n", ";"),
        ("a\tb\n1\t2\n", "\t"),
        ("a|b\n1|2\n", "|"),
        ('a,b\n"x;y\n;z",2\n', ","),
        ("one\ntwo\n", ","),
        ("", ","),
    ],
)
def test_the_delimiter_is_found(text, delimiter):
    assert find_delimiter(text) == delimiter


def test_a_stated_delimiter_and_tabs():
    found = load_csv(b"sep=|\r\nYear|Sum\r\n2023|4,2\r\n", "s")
    assert places(found) == [("row", "2", "Year; Sum"), ("row", "3", "Year: 2023; Sum: 4,2")]
    found = load_tsv(b"Year\tSum\n2023\t4,2\n", "s")
    assert found.text == "Year; Sum\n\nYear: 2023; Sum: 4,2"
    assert found.media_type == "text/tab-separated-values"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Straße,Größe\nMüller,4\n", "utf-8-sig"),
        ("Straße,Größe\nMüller,4\n", "utf-16"),
        ("Straße,Größe\nMüller,4\n", "cp1252"),
        ("Straße,Größe\nMüller,1234567890.12\n", "cp1252"),
        ("Nombre,Ciudad\nSeñor Muñoz,España\n", "cp1252"),
        ("Имя и фамилия,Город или деревня\nИрина Иванова,Рига\n", "cp1251"),
        ("アイスランド共和国,オーストラリア\nフィンランド,ニュージーランド\n", "cp932"),
    ],
)
def test_encodings(text, encoding):
    found = load_csv(text.encode(encoding), "s")
    names, cells = (line.split(",") for line in text.splitlines())
    assert blocks(found)[0][2] == row_text(names, cells)
    assert found.warnings == ()


def test_a_table_too_short_to_show_its_encoding_is_refused():
    with pytest.raises(LoadError, match="save it as UTF-8"):
        load_csv("名前,都市\n田中,東京\n".encode("cp932"), "s")


def test_broken_and_large_tables():
    with pytest.raises(LoadError, match=r"NUL"):
        load_csv(b"a,b\0\n", "s")
    found = load_csv(b"Name,Age\nAnn,30\nTom,25\n", "s", max_rows=2)
    assert [text for _, _, text in blocks(found)] == ["Name: Ann; Age: 30"]
    assert found.warnings == ("row 3 and what follows left out: too large a table",)
    endless = load_csv(b'Name,Age\nAnn,"30\n' + b"Tom,25\n" * 30_000, "s")
    assert blocks(endless)[0][2] == 'Name: Ann; Age: "30'
    assert blocks(endless)[1][2] == "Name: Tom; Age: 25"
    assert "quotation marks taken as they are" in endless.warnings[0]


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=8)
TABLES = st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=8)


def check_cells(found, rows, first_row):
    check_spans(found)
    by_row = {name: text for kind, name, text in places(found) if kind == "row"}
    for number, row in enumerate(rows, first_row):
        for cell in row:
            assert " ".join(cell.split()) in by_row.get(str(number), "")


@settings(deadline=None, max_examples=60, derandomize=True)
@given(TABLES)
def test_every_cell_of_a_text_table_is_in_its_row(rows):
    stream = io.StringIO()
    csv.writer(stream, quoting=csv.QUOTE_ALL).writerows([["Name", "Place"], *rows])
    check_cells(load_csv(stream.getvalue().encode(), "s"), rows, 2)


@settings(deadline=None, max_examples=25, derandomize=True)
@given(TABLES)
def test_every_cell_of_a_workbook_is_in_its_row(rows):
    made = openpyxl.Workbook()
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row, 1):
            cell = made.active.cell(number, column, text)
            cell.data_type = "s"  # "=1" is a text here
    check_cells(load_xlsx(saved(made), "s"), rows, 1)
