"""Measures of rankings, answers and confidences: pure functions.

Those of rankings are ir-measures', as the field computes them.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.errors import PinpointError
from qa.squad import normalise

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

CUT_OFFS = (1, 5, 10, 20)
"""The k of recall@k."""
RANKING_NAMES = (*(f"recall@{k}" for k in CUT_OFFS), "MRR", "nDCG@10")


def holds(text: str, answers: Iterable[str]) -> bool:
    """Tell whether a text has all words of an answer in a row, both normalised as SQuAD does."""
    words = f" {normalise(text)} "
    plain = f" {' '.join(text.lower().split())} "
    return any(
        f" {normalise(answer)} " in words
        if normalise(answer)
        else f" {' '.join(answer.lower().split())} " in plain  # such as "The", or "+"
        for answer in answers
        if answer.strip()
    )


def rankings(relevant: Sequence[Sequence[int]]) -> dict[str, Floats]:
    """Return the measures of `RANKING_NAMES` for each question.

    Recall@k is 1 where a relevant place is among the first k, else 0. MRR is the reciprocal of the
    first relevant rank. nDCG@10 compares with the order in which the relevant places that were
    retrieved come first.

    Args:
        relevant: For each question, the ranks of its relevant places, counted from 1.

    Returns:
        Name to values, shape `(n,)` each.

    Raises:
        PinpointError: ir-measures is not installed.
    """
    try:
        from ir_measures import RR, Success, iter_calc, nDCG
    except ImportError as error:
        raise PinpointError(
            "the measures of retrieval need ir-measures; run: pip install 'pinpoint-qa[eval]'"
        ) from error
    names = {**{Success @ k: f"recall@{k}" for k in CUT_OFFS}, RR: "MRR", nDCG @ 10: "nDCG@10"}
    # Without a relevant place, one that was not retrieved stands for it.
    judged = {str(n): {str(r): 1 for r in ranks or [0]} for n, ranks in enumerate(relevant)}
    found = {
        str(n): {str(r): -float(r) for r in range(1, max(ranks, default=1) + 1)}
        for n, ranks in enumerate(relevant)
    }
    values = {name: np.zeros(len(relevant)) for name in RANKING_NAMES}
    for metric in iter_calc(list(names), judged, found) if relevant else ():
        values[names[metric.measure]][int(metric.query_id)] = metric.value
    return values


def auroc(positive: Flags, scores: Floats) -> float:
    """Return how well scores tell positives from others: 0.5 by chance, 1 without a mistake.

    Equal scores count half. From the sum of ranks (Mann and Whitney), which is what scikit-learn's
    `roc_auc_score` gives in a tenth of its time: the bootstrap asks for it thousands of times. NaN
    unless there are both.
    """
    ones = int(positive.sum())
    others = len(positive) - ones
    if not ones or not others:
        return float("nan")
    from scipy.stats import rankdata

    above = float(rankdata(scores)[positive].sum()) - ones * (ones + 1) / 2
    return above / (ones * others)


class RiskCoverage(NamedTuple):
    """What is answered from each confidence on, and how much of that is wrong: shape `(k,)` each.

    `confidence` falls; `coverage` is the share of the questions with at least this confidence,
    `risk` the share of these that would be answered wrongly.
    """

    confidence: Floats
    coverage: Floats
    risk: Floats


def risk_coverage(confidence: Floats, wrong: Flags) -> RiskCoverage:
    """Return risk against coverage, a point for each different confidence.

    Args:
        confidence: Shape `(n,)`.
        wrong: Shape `(n,)`: whether the answer would be wrong, or silence right.
    """
    order = np.argsort(-confidence, kind="stable")
    sure = confidence[order]
    last = np.flatnonzero(np.append(np.diff(sure) != 0, True)) if sure.size else np.array([], int)
    counts = (last + 1).astype(np.float64)
    mistakes = np.cumsum(wrong[order])[last] if sure.size else counts
    return RiskCoverage(sure[last], counts / max(len(sure), 1), mistakes / counts)


def aurc(confidence: Floats, wrong: Flags) -> float:
    """Return the area under risk against coverage: the mean risk over all coverages, 0 to 1.

    Rows of equal confidence come together, so each of them counts with the risk behind the last.
    NaN without rows.
    """
    curve = risk_coverage(confidence, wrong)
    if not curve.coverage.size:
        return float("nan")
    return float(np.diff(curve.coverage, prepend=0.0) @ curve.risk)


class Bin(NamedTuple):
    """The questions whose confidence is in a part of 0 to 1: how many, and how many are right."""

    low: float
    high: float
    questions: int
    confidence: float
    right: float


def reliability(confidence: Floats, right: Flags, bins: int = 10) -> list[Bin]:
    """Return the bins of equal width that hold a question, with mean confidence and share right."""
    numbers = np.minimum((confidence * bins).astype(int), bins - 1)
    return [
        Bin(
            number / bins,
            (number + 1) / bins,
            int(inside.sum()),
            float(confidence[inside].mean()),
            float(right[inside].mean()),
        )
        for number in range(bins)
        if (inside := numbers == number).any()
    ]


def calibration_error(confidence: Floats, right: Flags) -> float:
    """Return the expected calibration error over ten bins, 0 to 1; NaN without rows."""
    if not confidence.size:
        return float("nan")
    found = reliability(confidence, right)
    gaps = sum(part.questions * abs(part.confidence - part.right) for part in found)
    return gaps / confidence.size


def share(flags: Floats | Flags) -> float:
    """Return the mean; NaN without rows."""
    return float(flags.mean()) if flags.size else float("nan")


def ratio(parts: Floats, wholes: Floats) -> float:
    """Return the sum of the parts over that of the wholes; NaN where there is no whole."""
    whole = wholes.sum()
    return float(parts.sum() / whole) if whole else float("nan")


def percentile(values: Floats, per_cent: float) -> float:
    """Return the value that so many per cent do not exceed, interpolated; NaN without rows."""
    return float(np.percentile(values, per_cent)) if values.size else float("nan")
