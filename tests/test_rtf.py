import random

import pytest

from index.errors import LoadError
from index.formats.rtf import MEDIA_TYPE, load_rtf
from tests.office import blocks, check_spans

HEAD = (
    rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fnil\fcharset0 Arial;}"
    rb"{\f1\fcharset204 Arial Cyr;}{\f2\fcharset128 Gothic;}}{\colortbl;\red0\green0\blue0;}"
    rb"{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 heading 1;}{\s2 heading 2;}{\s3 Title;}"
    rb"{\*\cs4 Strong;}}"
)


def body(content):
    return load_rtf(HEAD + content + b"}", "s")


def test_text_blocks_and_properties():
    found = body(
        rb"{\info{\title Report 2023}{\author Ann Lee}{\company Acme}"
        rb"{\creatim\yr2023\mo1\dy2}{\revtim\yr2024\mo5\dy1\hr12}}{\header Secret\par}"
        b"\\pard\\s3 Report\\par\\pard We write\n this.\\par\\s1 Money\\par"
        rb"\pard Revenue grew.{\footnote\pard By 5%.} More.\par{\listtext 1.\tab}more clients\par"
        rb"\trowd\cellx1\cellx2\pard\intbl Year\cell Revenue\cell\row"
        rb"\trowd\pard\intbl 2023\cell 4.2\par million\cell\row"
        rb"\pard\s2 Costs\par\pard None.\line At all.\par"
    )
    assert blocks(found) == [
        ("text", ("Report",), "We write this."),
        ("text", ("Report", "Money"), "Revenue grew. More."),
        ("text", ("Report", "Money"), "By 5%."),
        ("item", ("Report", "Money"), "more clients"),
        ("row", ("Report", "Money"), "Year: 2023; Revenue: 4.2 million"),
        ("text", ("Report", "Money", "Costs"), "None.\nAt all."),
    ]
    assert found.text == (
        "Report\n\nWe write this.\n\nMoney\n\nRevenue grew. More.\n\nBy 5%.\n\nmore clients\n\n"
        "Year; Revenue\n\nYear: 2023; Revenue: 4.2 million\n\nCosts\n\nNone.\nAt all."
    )
    assert (found.title, found.date, found.authors) == ("Report 2023", "2024-05-01", "Ann Lee")
    assert (found.media_type, found.locations, found.warnings) == (MEDIA_TYPE, (), ())


def test_characters():
    found = body(
        rb"\pard caf\'e9 {\f1 \'cf\'f0} {\f2 \'93\'8c} \u8364?5 {\uc2\u8364??6}{\uc0\u8364 7} "
        rb"\u-10179?\u-8704? \u-10179?x \{a\\b\}\~c\endash\emdash\bin3 }}}d {\*\unknown gone}"
        rb"{\v hidden}{\deleted away}{\field{\*\fldinst HYPERLINK x}{\fldrslt link}}\par"
    )
    assert found.text == "café Пр 東 €5 €6€7 😀 �x {a\\b}\xa0c–—d link"


def test_a_file_that_ends_early_says_so():
    found = load_rtf(HEAD + rb"\pard One.\par Two", "2024-01-02 s")
    assert found.text == "One.\n\nTwo"
    assert found.warnings == ("the file ends early; what follows is missing",)
    assert (found.title, found.date) == ("2024-01-02 s", "2024-01-02")
    assert body(b"").text == ""


def test_what_follows_the_document_is_no_text():
    assert load_rtf(rb"{\rtf1 One.\par} Two.", "s").text == "One."


def test_hostile_and_broken_files():
    for content in (b"", b"hello", b"{\\html}"):
        with pytest.raises(LoadError, match=r"not an RTF file"):
            load_rtf(content, "s")
    assert load_rtf(b"{\\rtf1" + b"{" * 200_000 + b"x", "s").text == "x"
    content = HEAD + rb"\pard caf\'e9 \u8364?5 {\f1 \'cf}\par\trowd\pard\intbl a\cell\row" * 20
    for seed in range(30):
        flips = random.Random(seed)
        damaged = bytearray(content)
        for _ in range(10):
            damaged[flips.randrange(6, len(damaged))] ^= 1 << flips.randrange(8)
        check_spans(load_rtf(bytes(damaged), "s"))
