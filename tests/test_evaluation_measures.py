import numpy as np
import pytest

from qa.evaluation.measures import (
    aurc,
    auroc,
    calibration_error,
    holds,
    percentile,
    rankings,
    ratio,
    reliability,
    risk_coverage,
    share,
)


@pytest.mark.parametrize(
    ("text", "answers", "expected"),
    [
        ("The Pentagon sent two ships.", ["the two ships"], True),
        ("Twenty-two ships.", ["two"], False),  # "twentytwo": no whole word
        ("It has 12 characters.", ["9", "12"], True),
        ("It has 120 characters.", ["12"], False),
        ("Ships two", ["two ships"], False),
        ("Anything", [], False),
        ("Anything", ["", " "], False),
        ("The band is called The Who", ["The"], True),  # nothing is left of it, normalised
        ("Who is it", ["The"], False),
        ("", ["x"], False),
    ],
)
def test_a_text_holds_an_answer_as_whole_words(text, answers, expected):
    assert holds(text, answers) is expected


def test_rankings_worked_out_by_hand():
    found = rankings([[1], [2, 3], [], [6], [12]])
    assert found["recall@1"].tolist() == [1, 0, 0, 0, 0]
    assert found["recall@5"].tolist() == [1, 1, 0, 0, 0]
    assert found["recall@10"].tolist() == [1, 1, 0, 1, 0]
    assert found["recall@20"].tolist() == [1, 1, 0, 1, 1]
    assert found["MRR"].tolist() == pytest.approx([1, 1 / 2, 0, 1 / 6, 1 / 12])
    # 1/log2(3) + 1/log2(4) of 1 + 1/log2(3); 1/log2(7).
    gained = (0.63093 + 0.5) / (1 + 0.63093)
    assert found["nDCG@10"].tolist() == pytest.approx([1, gained, 0, 0.35621, 0], abs=1e-5)
    assert rankings([])["MRR"].tolist() == []


def test_without_its_library_the_way_out_is_said(monkeypatch):
    from index.errors import PinpointError

    monkeypatch.setitem(__import__("sys").modules, "ir_measures", None)
    with pytest.raises(PinpointError, match=r"pip install 'pinpoint-qa\[eval\]'"):
        rankings([[1]])


def test_auroc_is_that_of_scikit_learn():
    from sklearn.metrics import roc_auc_score

    rng = np.random.default_rng(7)
    scores, positive = rng.integers(0, 9, 200) / 9, rng.random(200) < 0.4
    assert auroc(positive, scores) == pytest.approx(roc_auc_score(positive, scores))
    # Pairs: 0.9 over 0.5 and 0.1; 0.5 ties with 0.5 and is over 0.1: 3.5 of 4.
    sure = np.array([0.9, 0.5, 0.5, 0.1])
    assert auroc(np.array([True, True, False, False]), sure) == 3.5 / 4
    assert np.isnan(auroc(np.array([True, True]), sure[:2]))
    assert np.isnan(auroc(np.array([], bool), sure[:0]))


def test_risk_against_coverage_by_hand():
    sure = np.array([0.2, 0.9, 0.5, 0.5])
    wrong = np.array([True, False, True, False])
    curve = risk_coverage(sure, wrong)
    assert curve.confidence.tolist() == [0.9, 0.5, 0.2]
    assert curve.coverage.tolist() == [0.25, 0.75, 1.0]
    assert curve.risk.tolist() == pytest.approx([0, 1 / 3, 1 / 2])
    # A quarter at 0, half at 1/3, a quarter at 1/2.
    assert aurc(sure, wrong) == pytest.approx(1 / 6 + 1 / 8)
    assert np.isnan(aurc(sure[:0], wrong[:0]))


def test_reliability_by_hand():
    sure = np.array([0.05, 0.95, 1.0, 0.9])
    right = np.array([False, True, True, False])
    low, high = reliability(sure, right)
    assert (low.low, low.high, low.questions, low.confidence, low.right) == (0, 0.1, 1, 0.05, 0)
    assert (high.low, high.high, high.questions) == (0.9, 1.0, 3)
    assert (high.confidence, high.right) == pytest.approx((0.95, 2 / 3))
    assert calibration_error(sure, right) == pytest.approx((0.05 + 3 * (0.95 - 2 / 3)) / 4)
    assert np.isnan(calibration_error(sure[:0], right[:0]))


def test_shares_ratios_and_percentiles():
    values = np.array([1.0, 2.0, 3.0, 10.0])
    assert share(values) == 4
    assert ratio(values[:2], values[2:]) == 3 / 13
    assert percentile(values, 50) == 2.5
    assert percentile(values, 95) == pytest.approx(3 + 0.85 * 7)
    none = values[:0]
    assert all(np.isnan(v) for v in (share(none), ratio(none, none), percentile(none, 50)))
