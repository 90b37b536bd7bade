import pytest

from index.markdown import load_markdown

SOURCE = """---
title: Front
date: 2024-05-01
---
# Head `x` [l](u)

Para one. Two
wraps.

- item **a**
- item b

  more b
1. > quoted

```sh
code
  x
```

| a | b |
|---|---|
| 1 | 2 |

<!-- hidden -->

Setext
------
    indented

last"""


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_blocks_point_into_the_source(line_end):
    text = SOURCE.replace("\n", line_end)
    document = load_markdown(text, "stem")
    assert (document.text, document.title, document.date) == (text, "Front", "2024-05-01")
    top, sub = ("Head x l",), ("Head x l", "Setext")
    assert [(b.kind, b.heading, text[b.start : b.end]) for b in document.blocks] == [
        ("text", top, f"Para one. Two{line_end}wraps."),
        ("item", top, "item **a**"),
        ("item", top, "item b"),
        ("item", top, "more b"),
        ("item", top, "quoted"),
        ("code", top, f"```sh{line_end}code{line_end}  x{line_end}```"),
        ("row", (*top, "a | b"), "| a | b |"),
        ("row", (*top, "a | b"), "| 1 | 2 |"),
        ("code", sub, "    indented"),
        ("text", sub, "last"),
    ]


def test_title_falls_back_to_first_heading_then_name():
    assert load_markdown("## Sub\n\n# Top\n", "stem").title == "Top"
    assert load_markdown("## Sub\n", "stem").title == "Sub"
    assert load_markdown("text", "stem").title == "stem"


def test_a_heading_of_the_same_level_replaces_its_path():
    blocks = load_markdown("# A\n## B\nx\n## C\ny\n# D\nz", "s").blocks
    assert [b.heading for b in blocks] == [("A", "B"), ("A", "C"), ("D",)]


def test_front_matter_without_title_is_no_body():
    document = load_markdown("---\ntitle:\nauthor: x\n---\nBody.", "stem")
    assert document.title == "stem"
    assert [document.text[b.start : b.end] for b in document.blocks] == ["Body."]


@pytest.mark.parametrize("matter", ["[1, 2]", "a: [", "date: 2023-02-31", "words"])
def test_what_is_not_front_matter_stays_text(matter):
    document = load_markdown(f"---\n\n{matter}\n\n---\nBody.", "stem")
    assert document.date is None
    assert [document.text[b.start : b.end] for b in document.blocks] == [matter, "Body."]


@pytest.mark.parametrize(
    ("matter", "authors", "language"),
    [
        ("author: Flo Reed\nlang: en-GB", "Flo Reed", "en"),
        ("authors: [Flo, Ann]\nlanguage: de", "Flo, Ann", "de"),
        ("author:\n- name: Flo\n- name: Ann\nlang: english", "Flo, Ann", None),
        ("author: 7\nlang: no", None, None),  # YAML's "no" is false
        ("title: x", None, None),
    ],
)
def test_front_matter_gives_authors_and_language(matter, authors, language):
    document = load_markdown(f"---\n{matter}\n---\nBody.", "stem")
    assert (document.authors, document.language) == (authors, language)


def test_an_unclosed_fence_runs_to_the_end():
    document = load_markdown("```\ncode\n", "s")
    assert [document.text[b.start : b.end] for b in document.blocks] == ["```\ncode"]


def test_leading_date():
    document = load_markdown("date 2023-11-30 Body.", "s")
    assert document.date == "2023-11-30"
    assert [document.text[b.start : b.end] for b in document.blocks] == ["Body."]


@pytest.mark.parametrize(
    "matter",
    [
        'title: !!int ""',
        "date: !!timestamp never",
        "date: !!bool maybe",
        "title: " + "[" * 5000,
        "a: &a [x]\ntitle: *a",
        "a: &a {b: c}\n<<: [*a, *a]",
        "title: " + "x" * 20_000,
    ],
)
def test_front_matter_that_cannot_be_read_quickly_is_text(matter):
    text = f"---\n{matter}\n---\n\nText."
    document = load_markdown(text, "stem")
    assert (document.text, document.date) == (text, None)
    assert document.title == " ".join(matter.split("\n"))  # a line over dashes is a heading


@pytest.mark.parametrize(("title", "shown"), [("[a, b]", "stem"), ("{a: b}", "stem"), ("7", "7")])
def test_a_title_is_a_single_value(title, shown):
    assert load_markdown(f"---\ntitle: {title}\n---\n\nText.", "stem").title == shown


def test_rows_of_a_table_stand_under_the_names_of_its_columns():
    table = "| Year | *Revenue* |\n| --- | ---: |\n| 2023 | 5.3 |"
    text = f"# Report\n\n{table}\n\nEnd.\n\n| |\n|-|\n| x |\n"
    document = load_markdown(text, "stem")
    assert [(text[b.start : b.end], b.heading, b.kind) for b in document.blocks] == [
        ("| Year | *Revenue* |", ("Report", "Year | Revenue"), "row"),
        ("| 2023 | 5.3 |", ("Report", "Year | Revenue"), "row"),
        ("End.", ("Report",), "text"),
        ("| |", ("Report",), "row"),
        ("| x |", ("Report",), "row"),
    ]
