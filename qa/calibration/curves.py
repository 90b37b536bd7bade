"""How far confidence can be believed, and what each threshold costs: pure functions of scores."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

BINS = 10
BIN_LEVEL = 0.95
"""Share of such intervals that hold the true value, of the bins."""
RISK_LEVEL = 0.9
"""The same of the risk: above the upper end the true risk is in one case of twenty."""

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Bin(_Frozen):
    """Questions whose confidence lies in `[start, end)`; the last bin has its end as well.

    `confidence` is their mean, `share` the share of them that were right, and `low` to `high` its
    Wilson interval (Wilson 1927) at 95%.
    """

    start: float
    end: float
    questions: int
    right: int
    confidence: float
    share: float
    low: float
    high: float


class Reliability(_Frozen):
    """How confidence and what came of it agree, over questions.

    `ece` is the expected calibration error: the difference between confidence and the share that
    was right, on average over the bins by their questions. `brier` is the mean squared difference
    between confidence and 1 or 0. Both are best at 0. Empty bins are left out.
    """

    questions: int
    ece: float
    brier: float
    bins: tuple[Bin, ...]


class RiskPoint(_Frozen):
    """What comes of answering from a raw score on, which is shown as `confidence`.

    Of all questions the share `coverage` is answered; of these `wrong` were wrong, which is the
    share `risk`. `low` to `high` is its exact interval (Clopper and Pearson 1934) at 90%.
    """

    score: float
    confidence: float
    answered: int
    wrong: int
    coverage: float
    risk: float
    low: float
    high: float


def reliability(confidence: Floats, right: Bools) -> Reliability:
    """Return how confidence and what came of it agree.

    Args:
        confidence: Shape `(n,)`, from 0 to 1; at least one.
        right: Shape `(n,)`, whether the first quote answered.

    Raises:
        ValueError: there are no questions.
    """
    from sklearn.metrics import brier_score_loss

    if not len(confidence):
        raise ValueError("no questions, so nothing to compare")
    places = np.minimum((confidence * BINS).astype(int), BINS - 1)
    bins = [_bin(n, confidence[places == n], right[places == n]) for n in np.unique(places)]
    error = sum(one.questions * abs(one.share - one.confidence) for one in bins)
    return Reliability(
        questions=len(confidence),
        ece=error / len(confidence),
        brier=float(brier_score_loss(right, confidence, pos_label=True)),
        bins=tuple(bins),
    )


def _bin(number: int, confidence: Floats, right: Bools) -> Bin:
    count, hits = len(right), int(right.sum())
    low, high = wilson(hits, count)
    return Bin(
        start=int(number) / BINS,
        end=(int(number) + 1) / BINS,
        questions=count,
        right=hits,
        confidence=float(confidence.mean()),
        share=hits / count,
        low=low,
        high=high,
    )


def risk_points(
    scores: Floats, right: Bools, questions: int, shown: Callable[[float], float]
) -> tuple[RiskPoint, ...]:
    """Return what comes of each threshold, the highest first; equal scores stand together.

    Args:
        scores: Shape `(n,)`, the raw score of each first quote.
        right: Shape `(n,)`, whether it answers.
        questions: All that were asked, also those for which nothing was found at all.
        shown: Gives the calibrated confidence of a raw score.
    """
    levels = np.unique(scores)[::-1]
    answered = np.array([(scores >= level).sum() for level in levels])
    wrong = np.array([((scores >= level) & ~right).sum() for level in levels])
    return tuple(
        RiskPoint(
            score=float(level),
            confidence=shown(float(level)),
            answered=int(count),
            wrong=int(errors),
            coverage=float(count / questions),
            risk=float(errors / count),
            low=float(low),
            high=float(high),
        )
        for level, count, errors, low, high in zip(
            levels, answered, wrong, *exact(wrong, answered), strict=True
        )
    )


def lowest_within(
    points: Sequence[RiskPoint], risk: float, min_coverage: float = 0.0
) -> RiskPoint | None:
    """Return the point of the lowest threshold whose risk is, by its upper end, within bounds.

    Args:
        points: By falling score.
        risk: The upper end of the interval must not be above.
        min_coverage: The coverage must not be below.

    Returns:
        None if no threshold will do.
    """
    fit = [p for p in points if p.high <= risk and p.coverage >= min_coverage]
    return fit[-1] if fit else None


def wilson(hits: int, count: int) -> tuple[float, float]:
    """Return Wilson's interval at `BIN_LEVEL` of a share, `count` being at least 1."""
    from scipy.stats import binomtest

    found = binomtest(hits, count).proportion_ci(BIN_LEVEL, "wilson")
    return float(found.low), float(found.high)


def exact(hits: Ints, counts: Ints) -> tuple[Floats, Floats]:
    """Return the lower and upper ends of exact intervals at `RISK_LEVEL` of shares.

    Args:
        hits: Shape `(n,)`.
        counts: Shape `(n,)`, each at least 1.
    """
    from scipy.stats import beta

    tail = (1 - RISK_LEVEL) / 2
    low = np.where(hits == 0, 0.0, beta.ppf(tail, np.maximum(hits, 1), counts - hits + 1))
    all_hit = hits == counts
    misses = np.where(all_hit, 1, counts - hits)
    return low, np.where(all_hit, 1.0, beta.ppf(1 - tail, hits + 1, misses))
