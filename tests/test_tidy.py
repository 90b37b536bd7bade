from dataclasses import replace

import pytest

from index.document import Block, Extracted, Location
from index.errors import LoadError
from index.tidy import MAX_TEXT_CHARS, one_line, tidy

PLAIN = Extracted(
    text="One.",
    title="Title",
    date=None,
    media_type="text/plain",
    blocks=(Block(0, 4, ("A", "B")),),
    locations=(Location(0, 4, "page", "1"),),
    url="https://example.org/",
    warnings=("page 2 was left out",),
)


def test_an_ordinary_document_stays_as_it_is():
    assert tidy(PLAIN, 4) == PLAIN


def test_what_cannot_be_stored_or_shown_is_mended():
    half = "a\ud800\x1b b"
    found = tidy(
        replace(
            PLAIN,
            title=half,
            authors=half,
            blocks=(Block(0, 4, (half,)),),
            locations=(Location(0, 4, "page", half),),
            warnings=("one\ntwo \udc80",),
        ),
        4,
    )
    assert found.title == found.authors == found.locations[0].name == "a\ufffd  b"
    assert found.blocks == (Block(0, 4, ("a\ufffd  b",)),)
    assert found.warnings == ("one two \ufffd",)


def test_a_text_that_cannot_be_stored_is_refused():
    with pytest.raises(UnicodeEncodeError):
        tidy(replace(PLAIN, text="\ud800ne."), 4)


def test_endless_names_are_cut_off():
    found = tidy(replace(PLAIN, title="x" * 301, url="https://e.org/" + "x" * 2000), 4)
    assert found.title == "x" * 299 + "…"
    assert found.url is None
    assert tidy(replace(PLAIN, title="x" * 300), 4).title == "x" * 300


def test_of_an_endless_path_the_inner_headings_stay():
    path = tuple(str(number) * 200 for number in range(1, 10))
    assert tidy(replace(PLAIN, blocks=(Block(0, 4, path),)), 4).blocks[0].heading == path[-5:]


def test_of_many_warnings_the_first_are_kept():
    found = tidy(replace(PLAIN, warnings=("a",) * 1101), 4)
    assert found.warnings == (*("a",) * 100, "and 1,001 more")


def test_a_text_may_be_long_only_where_its_file_is():
    long = replace(PLAIN, text="x" * (MAX_TEXT_CHARS + 1))
    with pytest.raises(LoadError, match=r"holds 20,000,001 characters, more than 20,000,000; spl"):
        tidy(long, 1000)
    assert tidy(long, MAX_TEXT_CHARS + 1).text == long.text


def test_more_parts_than_memory_is_for_are_refused(monkeypatch):
    monkeypatch.setattr("index.tidy.MAX_PARTS", 2)
    blocks = tuple(Block(at, at + 1) for at in range(3))
    assert len(tidy(replace(PLAIN, text="abc", blocks=blocks[:2]), 3).blocks) == 2
    with pytest.raises(LoadError, match=r"^holds 3 paragraphs or rows, more than 2; split it$"):
        tidy(replace(PLAIN, text="abc", blocks=blocks), 3)


def test_a_message_is_one_line():
    assert one_line("a\n  b\x1b[31m\ud800") == "a b [31m\ufffd"
    assert one_line("x" * 301) == "x" * 299 + "…"
