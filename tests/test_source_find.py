"""Words found in a document."""

import pytest

from ui.source_find import MAX_HITS, find

TEXT = "The Gate\nopens. THE GATE  OPENS (a.b) or aXb. Straße\r\nam Tor"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("gate", ["Gate", "GATE"]),
        ("  gate opens ", ["Gate\nopens", "GATE  OPENS"]),
        ("a.b", ["a.b"]),
        ("(A.B)", ["(a.b)"]),
        ("straße am", ["Straße\r\nam"]),
        ("absent", []),
        ("", []),
        (" \n", []),
    ],
)
def test_words_are_found_as_they_are_in_any_case(words, found):
    hits = find(TEXT, words)
    assert [TEXT[start:end] for start, end in hits.spans] == found
    assert not hits.more


def test_only_so_many_are_told():
    assert len(find("a" * MAX_HITS, "a").spans) == MAX_HITS
    assert not find("a" * MAX_HITS, "a").more
    many = find("a" * (MAX_HITS + 1), "a")
    assert (len(many.spans), many.more) == (MAX_HITS, True)


def test_a_pattern_that_would_take_for_ever_is_only_words():
    assert find("a" * 100_000, "(a+)+$ (a|a)*b").spans == ()
