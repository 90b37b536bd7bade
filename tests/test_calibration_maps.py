"""Maps from raw confidence to probability, worked out by hand."""

import math

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

from qa.calibration.maps import AnyMap, Isotonic, Platt, logit

SAME = Platt(questions=10_000, slope=1.0, intercept=0.0)
STEPS = Isotonic(questions=998, scores=(0.2, 0.6, 0.7), probabilities=(0.0, 0.4, 0.9))


def test_a_logit():
    assert logit(np.array([0.5, 0.8])).tolist() == pytest.approx([0.0, math.log(4)])
    assert logit(np.array([0.0, 1.0])).tolist() == pytest.approx([-9.21024, 9.21024], abs=1e-5)


def test_platts_curve_with_slope_1_changes_nothing():
    assert SAME.probability(np.array([0.2, 0.5, 0.9])).tolist() == pytest.approx([0.2, 0.5, 0.9])
    assert SAME.least_score(0.5) == pytest.approx(0.5, abs=1e-4)


def test_platts_curve():
    # logit(0.8) = ln 4, doubled it is ln 16
    assert Platt(questions=10_000, slope=2.0, intercept=0.0).of(0.8) == round(16 / 17, 4)
    assert Platt(questions=10_000, slope=0.0, intercept=math.log(3)).of(0.1) == 0.75


def test_straight_lines_between_points():
    assert [STEPS.of(score) for score in (0.3, 0.4, 0.6, 0.65)] == [0.1, 0.2, 0.4, 0.65]


def test_no_certainty_beyond_the_questions():
    assert [STEPS.of(0.0), STEPS.of(0.7), STEPS.of(1.0)] == [0.001, 0.9, 0.9]
    sure = Platt(questions=8, slope=5.0, intercept=0.0)
    assert [sure.of(0.0), sure.of(1.0)] == [0.1, 0.9]


def test_the_lowest_score_of_a_probability():
    assert STEPS.least_score(0.2) == pytest.approx(0.4, abs=1e-3)
    assert STEPS.least_score(0.0) == STEPS.least_score(0.001) == 0.0
    assert STEPS.least_score(0.9) == pytest.approx(0.7, abs=1e-3)
    assert STEPS.least_score(0.91) == math.inf
    for wanted in (0.05, 0.31, 0.5, 0.87):
        least = STEPS.least_score(wanted)
        assert STEPS.of(least) >= wanted > STEPS.of(least - 1e-3)


def test_what_tells_nothing():
    assert STEPS.tells
    assert not Platt(questions=5, slope=0.0, intercept=1.0).tells
    assert not Isotonic(questions=5, scores=(0.4,), probabilities=(0.5,)).tells


@pytest.mark.parametrize(
    "changed",
    [
        {"probabilities": (0.4, 0.0, 0.9)},
        {"scores": (0.2, 0.2, 0.7)},
        {"scores": (0.2, 0.7)},
        {"scores": (0.2, 0.6, 1.7)},
        {"scores": (), "probabilities": ()},
    ],
)
def test_a_map_never_falls(changed):
    with pytest.raises(ValidationError):
        Isotonic.model_validate(STEPS.model_dump() | changed)
    with pytest.raises(ValidationError):
        Platt(questions=5, slope=-0.1, intercept=0.0)


@pytest.mark.parametrize("made", [SAME, STEPS])
def test_maps_are_numbers_in_json(made):
    read = TypeAdapter(AnyMap).validate_json(made.model_dump_json())
    assert read == made
