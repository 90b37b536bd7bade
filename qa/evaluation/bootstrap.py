"""Intervals by bootstrap: the questions are drawn again, with those that depend on each other."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from qa.evaluation.figures import FIGURES, Curve, Share
from qa.evaluation.measures import Floats
from qa.evaluation.outcome import Columns

ROUNDS = 1000
CONFIDENCE = 0.95
SEED = 20261128

CURVE_COLUMNS = ("answerable", "would be right", "confidence", "seconds", "withheld")
"""What the curves need."""

_IS_CURVE = np.array([isinstance(figure, Curve) for figure in FIGURES])

Rows = npt.NDArray[np.int64]
"""Numbers of rows, shape `(n,)`."""


def draws(groups: Sequence[str], rounds: int = ROUNDS, seed: int = SEED) -> Iterator[Rows]:
    """Yield the rows of each round: as many groups as there are, drawn with replacement.

    Args:
        groups: Of each row.
        rounds: How many.
        seed: Of the draws.
    """
    rng = np.random.default_rng(seed)
    _, number, sizes = np.unique(np.array(groups), return_inverse=True, return_counts=True)
    order = np.argsort(number, kind="stable")
    firsts = np.cumsum(sizes) - sizes
    for _ in range(rounds):
        drawn = rng.integers(len(sizes), size=len(sizes))
        lengths = sizes[drawn]
        within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        yield order[np.repeat(firsts[drawn], lengths) + within]


def values(columns: Columns) -> Floats:
    """Return all figures, shape `(len(FIGURES),)`; NaN where there is nothing to measure."""
    return np.array([figure.value(columns) for figure in FIGURES], dtype=np.float64)


def resampled(columns: Columns, groups: Sequence[str], rounds: int = ROUNDS) -> Floats:
    """Return all figures of each round, shape `(rounds, len(FIGURES))`."""
    parts, wholes = sums(columns)
    needed = {name: columns[name] for name in CURVE_COLUMNS}
    found = np.full((rounds, len(FIGURES)), np.nan)
    for number, rows in enumerate(draws(groups, rounds)):
        times = np.bincount(rows, minlength=len(groups))
        drawn = {name: column[rows] for name, column in needed.items()}
        found[number] = combined(times @ parts, times @ wholes, drawn)
    return found


def sums(columns: Columns) -> tuple[Floats, Floats]:
    """Return the parts and the wholes of all shares, shape `(n, shares)` each."""
    pairs = [figure.sums(columns) for figure in FIGURES if isinstance(figure, Share)]
    return np.stack([part for part, _ in pairs], 1), np.stack([whole for _, whole in pairs], 1)


def combined(parts: Floats, wholes: Floats, columns: Columns) -> Floats:
    """Return all figures, from the sums of the shares and the columns that the curves need."""
    found = np.full(len(FIGURES), np.nan)
    found[~_IS_CURVE] = np.divide(parts, wholes, out=np.full(len(parts), np.nan), where=wholes != 0)
    found[_IS_CURVE] = [f.value(columns) for f in FIGURES if isinstance(f, Curve)]
    return found


def intervals(columns: Columns, groups: Sequence[str], rounds: int = ROUNDS) -> Floats:
    """Return the bounds of each figure's interval, shape `(len(FIGURES), 2)`.

    Percentiles over the rounds in which the figure could be measured; NaN where it never could.
    """
    return bounds(resampled(columns, groups, rounds))


def bounds(drawn: Floats) -> Floats:
    """Return the bounds that hold `CONFIDENCE` of each column's numbers, shape `(columns, 2)`."""
    low = (1 - CONFIDENCE) / 2
    found = np.full((drawn.shape[1], 2), np.nan)
    for number, column in enumerate(drawn.T):
        known = column[~np.isnan(column)]
        if known.size:
            found[number] = np.quantile(known, [low, 1 - low])
    return found
