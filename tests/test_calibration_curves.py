"""Reliability and risk, worked out by hand."""

import numpy as np
import pytest

from qa.calibration.curves import Bin, exact, lowest_within, reliability, risk_points, wilson

YES, NO = True, False


def approx(value):
    return pytest.approx(value, abs=1e-6)


def test_bins_hold_their_lower_end_and_the_last_one_its_upper_too():
    found = reliability(np.array([0.1, 0.15, 1.0, 0.95]), np.array([NO, YES, YES, YES]))
    assert [(b.start, b.end, b.questions, b.right) for b in found.bins] == [
        (0.1, 0.2, 2, 1),
        (0.9, 1.0, 2, 2),
    ]


def test_the_errors_are_those_of_the_bins_and_of_each_question():
    found = reliability(np.array([0.1, 0.15, 1.0, 0.95]), np.array([NO, YES, YES, YES]))
    assert found.questions == 4
    # |1/2 - 0.125| and |1 - 0.975|, each of half of the questions
    assert found.ece == approx((0.375 + 0.025) / 2)
    assert found.brier == approx((0.1**2 + 0.85**2 + 0.0 + 0.05**2) / 4)
    assert isinstance(found.bins[0], Bin)
    assert found.bins[0].confidence == approx(0.125)
    assert found.bins[0].share == 0.5


def test_one_question_and_one_outcome_are_enough():
    found = reliability(np.array([0.0]), np.array([NO]))
    assert (found.ece, found.brier, found.bins[0].share) == (0.0, 0.0, 0.0)


def test_without_questions_there_is_nothing_to_compare():
    with pytest.raises(ValueError, match="no questions"):
        reliability(np.array([]), np.array([], dtype=bool))


def test_wilson():
    # (8 + z²/2 ± z·sqrt(8·2/10 + z²/4)) / (10 + z²) with z = 1.959964
    assert wilson(8, 10) == (approx(0.490162), approx(0.943318))
    assert wilson(0, 4) == (0.0, approx(1.959964**2 / (4 + 1.959964**2)))


def test_exact_bounds():
    low, high = exact(np.array([0, 2, 1]), np.array([29, 2, 2]))
    # nothing wrong: 1 - 0.05^(1/n); all wrong: 0.05^(1/n); 1 of 2: 1 - sqrt(0.95) and its mirror
    assert low.tolist() == [0.0, approx(0.05**0.5), approx(1 - 0.95**0.5)]
    assert high.tolist() == [approx(1 - 0.05 ** (1 / 29)), 1.0, approx(0.95**0.5)]


def test_risk_at_each_threshold():
    scores = np.array([0.5, 0.9, 0.5, 0.2])
    right = np.array([YES, YES, NO, NO])
    points = risk_points(scores, right, 5, lambda score: score / 2)
    assert [(p.score, p.confidence, p.answered, p.wrong) for p in points] == [
        (0.9, 0.45, 1, 0),
        (0.5, 0.25, 3, 1),
        (0.2, 0.1, 4, 2),
    ]
    assert [p.coverage for p in points] == approx([0.2, 0.6, 0.8])
    assert [p.risk for p in points] == approx([0.0, 1 / 3, 0.5])
    assert points[0].high == approx(0.95)  # one right answer shows nothing


def test_the_lowest_threshold_whose_upper_end_is_within_the_risk():
    scores = np.linspace(0.99, 0.5, 50)
    right = np.ones(50, dtype=bool)
    right[40:] = False
    points = risk_points(scores, right, 100, lambda score: score)
    # 0 wrong of n: 1 - 0.05^(1/n) is 0.0722 for 40; 1 wrong of 41 has 0.1108
    assert lowest_within(points, 0.1).answered == 40
    assert lowest_within(points, 0.12).answered == 41
    assert lowest_within(points, 0.07) is None


def test_a_threshold_must_cover_enough():
    points = risk_points(np.linspace(0.99, 0.5, 50), np.ones(50, dtype=bool), 100, lambda s: s)
    assert lowest_within(points, 0.1, 0.5).answered == 50
    assert lowest_within(points, 0.1, 0.51) is None
