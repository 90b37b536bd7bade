import numpy as np
import pytest

from qa.squad import best_f1, exact_match, f1, normalise


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("The  Eiffel Tower.", "eiffel tower"),
        ("a man, an idea & the sea", "man idea sea"),
        ("U.S.", "us"),
        ("Theatre", "theatre"),
        ("", ""),
    ],
)
def test_normalise(answer, expected):
    assert normalise(answer) == expected


def test_exact_match_takes_any_gold_answer():
    assert exact_match("the cat.", ["dog", "Cat"]) == 1.0
    assert exact_match("cats", ["dog", "Cat"]) == 0.0


def test_f1_is_the_best_overlap():
    # "black cat" in "black cat sat": precision 1, recall 2/3, F1 0.8; with "cat": 2/3
    assert f1("the black cat", ["black cat sat", "cat"]) == pytest.approx(0.8)
    assert f1("cat cat", ["cat"]) == pytest.approx(2 / 3)  # a word counts as often as it stands
    assert f1("dog", ["cat"]) == 0.0
    assert f1("the", ["a"]) == 1.0  # nothing is left of either
    with pytest.raises(ValueError, match="empty"):
        f1("dog", [])


def test_best_f1_keeps_silent_below_the_threshold():
    scores = np.array([3.0, 1.0, 2.0, 0.0])
    f1s = np.array([1.0, 0.5, 0.0, 1.0])
    answerable = np.array([True, True, False, True])
    # answered: 3 -> 1 + 1 (row 3 silent); 3,2 -> 1; 3,2,1 -> 1.5; all -> 2.5
    assert best_f1(scores, f1s, answerable) == (2.5 / 4, 0.0)


def test_rows_of_equal_score_stand_or_fall_together():
    scores = np.array([1.0, 1.0])
    # silence earns 1 of 2, answering both earns 0.4 of 2, answering one only is not possible
    found, threshold = best_f1(scores, np.array([0.4, 0.0]), np.array([True, False]))
    assert (found, threshold) == (0.5, float("inf"))


def test_all_unanswerable_is_best_met_with_silence():
    found = best_f1(np.array([1.0, 2.0]), np.zeros(2), np.zeros(2, dtype=bool))
    assert found == (1.0, float("inf"))
