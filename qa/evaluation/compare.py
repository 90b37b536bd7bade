"""Two evaluations of the same questions: what differs, and whether by more than chance."""

from collections.abc import Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict

from index.errors import InputError
from qa.evaluation.bootstrap import (
    CURVE_COLUMNS,
    ROUNDS,
    SEED,
    bounds,
    combined,
    resampled,
    sums,
    values,
)
from qa.evaluation.figures import FIGURES
from qa.evaluation.measures import Floats
from qa.evaluation.outcome import Columns, Outcome, clusters, columns
from qa.evaluation.record import Asked
from qa.evaluation.setup import Setup

_EQUAL = 1e-12  # sums in another order differ by less


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Difference(_Frozen):
    """A figure of this evaluation less that of the other, over the questions that both have.

    `low` and `high` hold 95% of the differences when questions are drawn again in pairs. `p` is how
    often the difference would be as large if it were chance which evaluation an outcome is of.
    """

    name: str
    group: str
    this: float
    other: float
    difference: float
    low: float
    high: float
    p: float


class RightWrong(_Frozen):
    """Which questions are dealt with rightly: answered rightly, or met with silence where due.

    `gained` are those of this evaluation alone, `lost` those of the other alone, by id and how they
    were asked; `p` is McNemar's, exact, two-sided.
    """

    both: int
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    neither: int
    p: float


class Comparison(_Frozen):
    """This evaluation against another. `differs` names what they were made with differently."""

    other: Setup
    differs: tuple[str, ...]
    questions: int
    only_this: int
    only_other: int
    figures: tuple[Difference, ...]
    right: RightWrong


def compare(
    setup: Setup,
    outcomes: Sequence[Outcome],
    other_setup: Setup,
    other_outcomes: Sequence[Outcome],
    *,
    rounds: int = ROUNDS,
) -> Comparison:
    """Compare two evaluations by the questions that both asked alike.

    Args:
        setup: What this one was made with.
        outcomes: Of this one.
        other_setup: What the other was made with.
        other_outcomes: Of the other.
        rounds: Of the bootstrap, and of the randomisation.

    Raises:
        InputError: they have no question in common.
    """
    theirs = {_key(each): each for each in other_outcomes}
    pairs = [(each, theirs[key]) for each in outcomes if (key := _key(each)) in theirs]
    if not pairs:
        raise InputError(
            f"{setup.file} and {other_setup.file} have no question in common; compare evaluations "
            "of the same file"
        )
    this, other = (columns([pair[side] for pair in pairs]) for side in (0, 1))
    groups = clusters([each for each, _ in pairs])
    return Comparison(
        other=other_setup,
        differs=tuple(setup.differences(other_setup)),
        questions=len(pairs),
        only_this=len(outcomes) - len(pairs),
        only_other=len(other_outcomes) - len(pairs),
        figures=tuple(_differences(this, other, groups, rounds)),
        right=right_wrong(pairs),
    )


def _key(outcome: Outcome) -> tuple[str, str, Asked]:
    return outcome.id, outcome.question_sha256, outcome.asked


def _differences(
    this: Columns, other: Columns, groups: Sequence[str], rounds: int
) -> list[Difference]:
    ours, theirs = values(this), values(other)
    drawn = resampled(this, groups, rounds) - resampled(other, groups, rounds)
    found = zip(FIGURES, ours, theirs, bounds(drawn), _p(this, other, groups, rounds), strict=True)
    return [
        Difference(
            name=figure.name,
            group=figure.group,
            this=round(float(one), 6),
            other=round(float(two), 6),
            difference=round(float(one - two), 6),
            low=round(float(low), 6),
            high=round(float(high), 6),
            p=round(float(p), 6),
        )
        for figure, one, two, (low, high), p in found
        if not np.isnan([one, two, low, high, p]).any()
    ]


def _p(this: Columns, other: Columns, groups: Sequence[str], rounds: int) -> Floats:
    """Return the share of rounds whose difference is as large, the figures as given among them.

    In each round, the outcomes of every group change sides by the toss of a coin.
    """
    rng = np.random.default_rng(SEED)
    names, number = np.unique(np.array(groups), return_inverse=True)
    least = np.abs(values(this) - values(other)) - _EQUAL
    ours, theirs = sums(this), sums(other)
    larger = np.ones(len(FIGURES))
    for _ in range(rounds):
        swapped = rng.integers(2, size=len(names)).astype(bool)[number]
        one, two = (
            combined(
                keep @ ours[0] + ~keep @ theirs[0],
                keep @ ours[1] + ~keep @ theirs[1],
                {name: np.where(keep, this[name], other[name]) for name in CURVE_COLUMNS},
            )
            for keep in (~swapped, swapped)
        )
        larger += ~(np.abs(one - two) < least)  # what cannot be told counts
    return np.where(np.isnan(least), np.nan, larger / (rounds + 1))


def right_wrong(pairs: Sequence[tuple[Outcome, Outcome]]) -> RightWrong:
    """Return which questions one of two evaluations dealt with rightly and the other did not."""
    found = [(_is_right(one), _is_right(other), f"{one.id} {one.asked}") for one, other in pairs]
    gained = tuple(name for this, other, name in found if this and not other)
    lost = tuple(name for this, other, name in found if other and not this)
    return RightWrong(
        both=sum(this and other for this, other, _ in found),
        gained=gained,
        lost=lost,
        neither=sum(not this and not other for this, other, _ in found),
        p=mcnemar(len(gained), len(lost)),
    )


def _is_right(outcome: Outcome) -> bool:
    return outcome.right if outcome.asked is Asked.ANSWERABLE else not outcome.answered


def mcnemar(gained: int, lost: int) -> float:
    """Return McNemar's exact two-sided p: how likely so uneven a split is by the toss of a coin."""
    if gained + lost == 0:
        return 1.0
    from scipy.stats import binomtest

    return round(float(binomtest(gained, gained + lost).pvalue), 6)
