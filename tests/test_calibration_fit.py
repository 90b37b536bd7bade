"""Maps fitted to questions whose outcome is known."""

import numpy as np
import pytest

from index.errors import PinpointError
from qa.calibration.fit import check_both, check_labelled, cross_validated, fit
from qa.calibration.maps import Isotonic, Platt


def test_platts_curve_finds_the_shares_of_two_groups():
    # 40 questions at 0.2 of which 10 are right, 40 at 0.8 of which 30 are: by symmetry no
    # intercept, and by Platt's targets (41/42 and 1/42) shares of a hair over 1/4 and under 3/4
    scores = np.repeat([0.2, 0.8], 40)
    right = np.array([True] * 10 + [False] * 30 + [True] * 30 + [False] * 10)
    made = fit(scores, right, isotonic=False)
    low = (10 * 41 / 42 + 30 / 42) / 40
    assert isinstance(made, Platt)
    assert made.questions == 80
    assert made.of(0.2) == pytest.approx(low, abs=2e-4)
    assert made.of(0.8) == pytest.approx(1 - low, abs=2e-4)
    assert made.of(0.5) == pytest.approx(0.5, abs=2e-4)


def test_scores_that_part_right_from_wrong_give_no_certainty():
    made = fit(np.array([0.1, 0.2, 0.8, 0.9]), np.array([0, 0, 1, 1], dtype=bool), isotonic=False)
    assert 0.5 < made.of(0.85) < 0.9
    assert made.of(1.0) == round(5 / 6, 4)


def test_a_curve_that_would_fall_is_flat_at_the_share_that_is_right():
    scores, right = np.array([0.1, 0.2, 0.8, 0.9]), np.array([1, 1, 0, 0], dtype=bool)
    made = fit(scores, right, isotonic=False)
    assert (made.slope, made.of(0.1), made.tells) == (0.0, 0.5, False)
    assert not fit(scores, right, isotonic=True).tells


def test_isotonic_regression_pools_what_would_fall():
    scores = np.array([0.1, 0.3, 0.5, 0.7])
    made = fit(scores, np.array([0, 1, 0, 1], dtype=bool), isotonic=True)
    assert made == Isotonic(
        questions=4, scores=(0.1, 0.3, 0.5, 0.7), probabilities=(0.0, 0.5, 0.5, 1.0)
    )
    assert made.of(0.4) == 0.5


def test_the_stored_points_give_what_scikit_learn_predicts():
    random = np.random.default_rng(5)
    scores = np.round(random.random(300), 4)
    right = random.random(300) < scores
    made = fit(scores, right, isotonic=True)
    asked = np.linspace(0, 1, 101)
    from sklearn.isotonic import IsotonicRegression

    model = IsotonicRegression(out_of_bounds="clip").fit(scores, right)
    expected = np.clip(model.predict(asked), 1 / 302, 301 / 302)
    assert made.probability(asked) == pytest.approx(expected)
    assert (np.diff(made.probability(asked)) >= 0).all()


class Seen:
    """A map that is sure of the scores that it was fitted to."""

    def __init__(self, scores):
        self.scores = set(scores)

    def probability(self, scores):
        return np.array([float(score in self.scores) for score in scores])


def test_no_question_is_judged_by_a_map_that_has_seen_it(monkeypatch):
    monkeypatch.setattr("qa.calibration.fit.fit", lambda scores, *_, **__: Seen(scores))
    scores = np.repeat(np.arange(20) / 20, 2)  # each question twice, with one score
    right = np.tile([True, False], 20)
    names = [f"question {number // 2}" for number in range(40)]
    assert cross_validated(scores, right, names, isotonic=False).tolist() == [0.0] * 40
    apart = [str(number) for number in range(40)]
    assert cross_validated(scores, right, apart, isotonic=False).sum() > 0


def test_cross_validated_probabilities_are_those_of_the_other_questions():
    right = np.repeat([True, False], 20)
    apart = [str(number) for number in range(40)]
    found = cross_validated(np.repeat([0.9, 0.1], 20), right, apart, isotonic=True)
    assert found.tolist() == pytest.approx([33 / 34] * 20 + [1 / 34] * 20)  # of 32 others each


def test_cross_validation_is_the_same_each_time():
    random = np.random.default_rng(6)
    scores = random.random(60)
    right = random.random(60) < scores
    names = [str(number) for number in range(60)]
    first = cross_validated(scores, right, names, isotonic=False)
    assert first.tolist() == cross_validated(scores, right, names, isotonic=False).tolist()


def test_too_little_is_refused():
    check_labelled(20)
    with pytest.raises(PinpointError, match=r"19 labelled questions are too few .* 20 are needed"):
        check_labelled(19)
    right = np.array([True] * 30 + [False] * 5)
    check_both(right)
    with pytest.raises(PinpointError, match="only 4 of 34 first quotes were wrong"):
        check_both(right[:-1])
    with pytest.raises(PinpointError, match="only 4 of 34 first quotes were right"):
        check_both(~right[:-1])
