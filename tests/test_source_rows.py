"""The cited row and those around it as a table."""

from pathlib import Path

import pytest

from index.document import Block
from index.load import load
from ui.source_parts import Run
from ui.source_rows import table_at
from ui.spans import Marks, Span


def loaded(name, content):
    return load(Path(name), content.encode())


def table(document, quote, answer=None):
    start = document.text.index(quote)
    inner = None
    if answer is not None:
        at = document.text.index(answer, start)
        inner = Span(at, at + len(answer))
    marks = Marks(Span(start, start + len(quote)), inner)
    return table_at(document.text, document.blocks, document.locations, marks)


def plain(runs):
    return "".join(run.text for run in runs)


def fields(found):
    return [(name, plain(runs)) for name, runs in found.fields]


def grid(found):
    return [[plain(runs) for runs in row.cells] for row in found.rows]


BUDGET = 'Year,Revenue,Note\n2022,4.0,\n2023,4.2 million,"good; x: 3"\n,5,Year: open\n'


def test_a_row_of_a_csv_file():
    found = table(loaded("budget.csv", BUDGET), "Year: 2023; Revenue: 4.2 million", "4.2 million")
    assert (found.sheet, found.number) == ("", "3")
    assert fields(found) == [("Year", "2023"), ("Revenue", "4.2 million"), ("Note", "good; x: 3")]
    assert found.fields[1][1] == (Run("4.2 million", answer=True),)
    assert found.columns == ("Year", "Revenue", "Note")
    assert grid(found) == [
        ["2022", "4.0", ""],
        ["2023", "4.2 million", "good; x: 3"],
        ["", "5", "Year: open"],
    ]
    assert [(row.number, row.cited) for row in found.rows] == [
        ("2", False),
        ("3", True),
        ("4", False),
    ]


def test_an_answer_that_is_part_of_a_cell():
    found = table(loaded("budget.csv", BUDGET), "Year: 2023; Revenue: 4.2 million", "4.2")
    assert found.fields[1][1] == (Run("4.2", answer=True), Run(" million"))


def test_columns_without_names():
    found = table(loaded("n.csv", "1,2\n3,4\n"), "column 1: 3; column 2: 4")
    assert fields(found) == [("column 1", "3"), ("column 2", "4")]


def test_columns_of_one_name():
    found = table(loaded("n.csv", "Name,Name,Age\nAnn,Lee,4\nBo,Ray,5\n"), "Name: Bo; Name: Ray")
    assert fields(found) == [("Name", "Bo"), ("Name", "Ray"), ("Age", "5")]
    assert found.columns == ("Name", "Name", "Age")
    assert grid(found) == [["Ann", "Lee", "4"], ["Bo", "Ray", "5"]]


def test_only_neighbours_are_shown():
    rows = "".join(f"{n},{n + 1}\n" for n in range(100))
    found = table(loaded("n.csv", f"From,To\n{rows}"), "From: 50; To: 51")
    assert [row[0] for row in grid(found)] == [str(n) for n in range(45, 56)]


def test_a_row_of_a_markdown_table():
    text = "# T\n\n| Year | Rev |\n|---|--:|\n| 2023 | 4.2 |\n| 2024 | 5 \\| 6; x: 3 |\n\nafter\n"
    found = table(loaded("t.md", text), "| 2024 | 5 \\| 6; x: 3 |", "5")
    assert fields(found) == [("Year", "2024"), ("Rev", "5 \\| 6; x: 3")]
    assert found.fields[1][1] == (Run("5", answer=True), Run(" \\| 6; x: 3"))
    assert grid(found) == [["2023", "4.2"], ["2024", "5 \\| 6; x: 3"]]


def test_a_row_of_a_web_page():
    rows = "<tr><th>Year</th><th>Rev</th></tr><tr><td>2023</td><td>4.2</td></tr>"
    page = f"<html><body><p>Some words.</p><table>{rows}<tr><td>2024</td><td>5</td></tr></table>"
    found = table(loaded("t.html", page), "Year: 2024; Rev: 5")
    assert fields(found) == [("Year", "2024"), ("Rev", "5")]
    assert len(found.rows) == 2


def test_two_tables_are_not_one():
    text = "A; B\n\nA: 1; B: 2\n\nC; D\n\nC: 3; D: 4"
    blocks = (Block(6, 16, (), "row"), Block(24, 34, (), "row"))
    found = table_at(text, blocks, (), Marks(Span(24, 34), None))
    assert fields(found) == [("C", "3"), ("D", "4")]
    assert grid(found) == [["3", "4"]]


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("Just words.", Block(0, 11)),
        ("Just; words", Block(0, 11, (), "row")),
        ("", Block(0, 0)),
    ],
)
def test_what_is_no_row_of_cells_is_no_table(text, block):
    assert table_at(text, (block,), (), Marks(Span(0, 1), None)) is None


def test_a_document_without_blocks_has_no_table():
    assert table_at("abc", (), (), Marks(Span(0, 1), None)) is None


@pytest.mark.parametrize("name", ["budget.csv", "t.md"])
def test_every_cell_is_cut_from_the_text(name):
    text = BUDGET if name.endswith("csv") else "|A|B|\n|-|-|\n| 1 |2|\n|| x |\n"
    document = loaded(name, text)
    for block in document.blocks:
        found = table_at(
            document.text, document.blocks, (), Marks(Span(block.start, block.end), None)
        )
        for _, runs in found.fields if found else ():
            assert plain(runs) in document.text[block.start : block.end]
