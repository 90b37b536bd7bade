"""Spans as an address gives them."""

import pytest

from ui.spans import MAX_QUOTE_CHARS, Span, marks


def test_a_quote_with_and_without_an_answer():
    assert marks("abcde", "1", "4") == (Span(1, 4), None)
    assert marks("abcde", "1", "4", "2", "3") == (Span(1, 4), Span(2, 3))
    assert marks("abcde", "0", "5", "0", "5") == (Span(0, 5), Span(0, 5))


def test_a_quote_is_no_way_to_have_a_whole_long_text_sent():
    text = "a" * (MAX_QUOTE_CHARS + 1)
    assert marks(text, "0", str(MAX_QUOTE_CHARS)).quote == (0, MAX_QUOTE_CHARS)
    with pytest.raises(ValueError, match="a quote has at most 50000 characters"):
        marks(text, "0", str(MAX_QUOTE_CHARS + 1))


def test_a_place_is_kept_within_a_span():
    assert [Span(3, 6).clamp(at) for at in (0, 3, 5, 6, 9)] == [3, 3, 5, 6, 6]
