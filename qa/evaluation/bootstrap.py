"""Intervals by bootstrap: the questions are drawn again, with those that depend on each other."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from qa.evaluation.figures import FIGURES
from qa.evaluation.measures import Floats
from qa.evaluation.outcome import Columns

ROUNDS = 1000
CONFIDENCE = 0.95
SEED = 20261128

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


def take(columns: Columns, rows: Rows) -> dict[str, Floats]:
    """Return the columns with these rows."""
    return {name: values[rows] for name, values in columns.items()}


def values(columns: Columns) -> Floats:
    """Return all figures, shape `(len(FIGURES),)`; NaN where there is nothing to measure."""
    return np.array([figure.value(columns) for figure in FIGURES], dtype=np.float64)


def intervals(columns: Columns, groups: Sequence[str], rounds: int = ROUNDS) -> Floats:
    """Return the bounds of each figure's interval, shape `(len(FIGURES), 2)`.

    Percentiles over the rounds in which the figure could be measured; NaN where it never could.
    """
    drawn = np.array([values(take(columns, rows)) for rows in draws(groups, rounds)])
    return bounds(drawn)


def bounds(drawn: Floats) -> Floats:
    """Return the bounds that hold `CONFIDENCE` of each column's numbers, shape `(columns, 2)`."""
    low = (1 - CONFIDENCE) / 2
    found = np.full((drawn.shape[1], 2), np.nan)
    for number, column in enumerate(drawn.T):
        known = column[~np.isnan(column)]
        if known.size:
            found[number] = np.quantile(known, [low, 1 - low])
    return found
