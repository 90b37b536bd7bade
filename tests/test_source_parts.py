"""Parts of long texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.source_parts import Run, after, around, before, part
from ui.spans import Span

LINES = "".join(f"{n:04}\n" for n in range(10_000))  # 5 characters each


def test_parts_are_cut_at_line_ends():
    assert around(LINES, 25_002, 25_004, size=1000) == (24_000, 26_005)
    assert after(LINES, 25_000, size=1001) == (25_000, 26_005)
    assert before(LINES, 25_000, size=1001) == (23_995, 25_000)


def test_a_short_text_is_one_part():
    assert around("one\r\ntwo", 5, 8) == (0, 8)
    assert after("one\r\ntwo", 5) == (5, 8)
    assert before("one\r\ntwo", 5) == (0, 5)
    assert after("one", 3) == (3, 3)
    assert before("one", 0) == (0, 0)


def test_a_line_without_end_is_cut_at_a_space_and_else_anywhere():
    words = "word " * 10_000
    assert after(words, 0, size=12_003) == (0, 12_000)
    assert before(words, 50_000, size=12_003) == (37_995, 50_000)
    assert after("x" * 50_000, 0, size=12_003) == (0, 12_003)


def test_no_accent_is_parted_from_its_letter():
    text = "e\u0301" * 20_000
    assert after(text, 0, size=10_001) == (0, 10_000)
    rocket = "👩\u200d🚀" * 20_000  # of three characters
    assert after(rocket, 0, size=9_001).end == 9_000
    assert after(rocket, 0, size=9_002).end == 9_000


@given(st.text("ab \n\r\u0301🚀", max_size=400), st.integers(1, 50), st.data())
def test_parts_follow_one_another_without_gap(text, size, data):
    at = data.draw(st.integers(0, len(text)))
    start, end = around(text, at, at, size)
    assert 0 <= start <= at <= end <= len(text)
    found = text[start:end]
    while start > 0:
        start, last = before(text, start, size)
        assert start < last
        found = text[start:last] + found
    while end < len(text):
        first, end = after(text, end, size)
        assert first < end
        found += text[first:end]
    assert found == text


@pytest.mark.parametrize(
    ("span", "shown", "opens"),
    [
        (Span(0, 10), ("ab", "cdef", "ghij"), True),
        (Span(2, 6), ("", "cdef", ""), True),
        (Span(0, 4), ("ab", "cd", ""), True),
        (Span(4, 10), ("", "ef", "ghij"), False),
        (Span(3, 5), ("", "de", ""), False),
        (Span(0, 2), ("ab", "", ""), False),
        (Span(6, 10), ("", "", "ghij"), False),
        (Span(10, 10), ("", "", ""), False),
    ],
)
def test_a_quote_may_reach_over_parts(span, shown, opens):
    made = part("abcdefghij", span, Span(2, 6))
    runs = (made.before, made.quote, made.after)
    assert tuple("".join(run.text for run in some) for some in runs) == shown
    assert made.opens is opens
    assert (made.first, made.last) == (span.start == 0, span.end == 10)


def test_the_answer_and_what_was_searched_for_are_runs_of_their_own():
    made = part("abcdefghij", Span(0, 10), Span(2, 6), Span(3, 5), Span(4, 8))
    assert made.before == (Run("ab"),)
    assert made.quote == (
        Run("c"),
        Run("d", answer=True),
        Run("e", answer=True, hit=True),
        Run("f", hit=True),
    )
    assert made.after == (Run("gh", hit=True), Run("ij"))
