import numpy as np
import pytest

from qa.span_model import Logits
from qa.spans import MAX_ANSWER_PIECES, ScoredSpan, best_spans

TEXT = "Cats purr at night"
OFFSETS = [(0, 4), (5, 7), (7, 9), (10, 12), (13, 18)]  # purr is cut in two


def logits(starts, ends, none=0.0, offsets=OFFSETS):
    return Logits(
        np.array(offsets, dtype=np.int64).reshape(-1, 2),
        np.array(starts, dtype=np.float32),
        np.array(ends, dtype=np.float32),
        none,
    )


def test_the_best_span_is_start_plus_end_less_none():
    found = best_spans(logits([0, 0, 0, 5, 0], [0, 0, 0, 0, 4], none=2.0), TEXT)
    assert found == [ScoredSpan(10, 18, 7.0)]  # "at night": 5 + 4 - 2


def test_an_end_before_its_start_is_no_span():
    found = best_spans(logits([0, 0, 0, 0, 9], [9, 0, 0, 0, 0]), TEXT)
    assert found == [ScoredSpan(0, 4, 9.0)]  # ends at the first piece; starts there too


def test_ties_go_to_the_earlier_place():
    assert best_spans(logits([1] * 5, [1] * 5), TEXT) == [ScoredSpan(0, 4, 2.0)]


def test_a_part_of_a_word_is_widened_to_the_word():
    assert best_spans(logits([0, 0, 9, 0, 0], [0, 0, 9, 0, 0]), TEXT)[0] == ScoredSpan(5, 9, 18.0)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("3`,", "3"),
        ('"the cat', "the cat"),
        ('"the cat"', '"the cat"'),
        ("(US) army", "(US) army"),
        ("army (US", "army (US"),  # the mark stands inside
        ("army)", "army"),
        ("[4]", "[4]"),
        ("“Yes,", "Yes"),
        ("U.S.", "U.S."),
        ("``", "``"),
        (",;", ",;"),
    ],
)
def test_loose_marks_at_the_ends_are_left_out(text, kept):
    (found,) = best_spans(logits([9], [9], offsets=[(0, len(text))]), text)
    assert text[found.start : found.end] == kept


@pytest.mark.parametrize(("gap", "end"), [("\n\n", 4), ("\r\n \r\n", 4), ("\n", 9)])
def test_no_span_goes_over_a_blank_line(gap, end):
    text = f"Cats{gap}purr"
    offsets = [(0, 4), (len(text) - 4, len(text))]
    (found,) = best_spans(logits([9, 0], [8, 9], offsets=offsets), text)
    assert (found.start, found.end) == (0, end)


def test_further_spans_do_not_overlap():
    found = best_spans(logits([4, 0, 0, 3, 0], [4, 0, 0, 3, 0]), TEXT, count=3)
    assert [(s.start, s.end) for s in found[:2]] == [(0, 4), (10, 12)]
    ends = [s.end for s in sorted(found, key=lambda s: s.start)]
    assert all(
        a <= s.start for a, s in zip(ends, sorted(found, key=lambda s: s.start)[1:], strict=False)
    )


def test_no_span_is_longer_than_the_limit():
    size = MAX_ANSWER_PIECES + 5
    starts, ends = np.zeros(size), np.zeros(size)
    starts[0] = ends[-1] = 9
    offsets = [(2 * n, 2 * n + 1) for n in range(size)]
    (found,) = best_spans(logits(starts, ends, offsets=offsets), "a " * size)
    assert found.score == 9.0
    assert found.end - found.start < 2 * MAX_ANSWER_PIECES


def test_an_empty_text_has_no_span():
    assert best_spans(logits([], [], offsets=[]), "") == []
