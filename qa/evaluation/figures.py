"""The figures of an evaluation: what each is called, and how it follows from the columns."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from qa.evaluation.measures import (
    RANKING_NAMES,
    Flags,
    Floats,
    aurc,
    auroc,
    calibration_error,
    percentile,
    ratio,
)
from qa.evaluation.outcome import Columns

Sums = Callable[[Columns], tuple[Floats, Floats]]
"""Gives, for each question, its part and its whole: shape `(n,)` each."""


class Share(NamedTuple):
    """A figure that is a sum over a sum: a mean over some questions, or a share of quotes."""

    name: str
    group: str
    sums: Sums

    def value(self, columns: Columns) -> float:
        """Return the figure; NaN where there is nothing to measure."""
        return ratio(*self.sums(columns))

    def count(self, columns: Columns) -> int:
        """Return how many questions or quotes it is over."""
        return int(self.sums(columns)[1].sum())


class Curve(NamedTuple):
    """A figure of many numbers together, such as an area under a curve.

    `columns` are those that `measure` gets, of the rows that have the flag `where`.
    """

    name: str
    group: str
    measure: Callable[..., float]
    columns: tuple[str, ...]
    where: str | None = None

    def value(self, columns: Columns) -> float:
        """Return the figure; NaN where there is nothing to measure."""
        rows = _rows(columns, *([self.where] if self.where else ()))
        return self.measure(*(columns[name][rows] for name in self.columns))

    def count(self, columns: Columns) -> int:
        """Return how many questions it is over."""
        return int(_rows(columns, *([self.where] if self.where else ())).sum())


def _rows(columns: Columns, *flags: str) -> Flags:
    """Return the rows that have all these flags; `-` before a name means those that have not."""
    rows = np.ones(columns["answerable"].shape, dtype=bool)
    for flag in flags:
        rows &= columns[flag.removeprefix("-")] == (0 if flag.startswith("-") else 1)
    return rows


def _mean(name: str, group: str, column: str, *where: str) -> Share:
    """Return the mean of a column over the rows that have it and all these flags."""

    def sums(columns: Columns) -> tuple[Floats, Floats]:
        rows = _rows(columns, *where) & ~np.isnan(columns[column])
        return np.where(rows, columns[column], 0.0), rows.astype(np.float64)

    return Share(name, group, sums)


def _quotes(name: str, column: str, *where: str) -> Share:
    """Return the share of the quotes that a column counts."""

    def sums(columns: Columns) -> tuple[Floats, Floats]:
        rows = _rows(columns, *where) & ~np.isnan(columns[column])
        return np.where(rows, columns[column], 0.0), np.where(rows, columns["quotes"], 0.0)

    return Share(name, "citations", sums)


def _auroc(name: str, flag: str) -> Curve:
    return Curve(name, "silence", lambda sure, yes: auroc(yes == 1, sure), ("confidence", flag))


def _percentile(name: str, per_cent: float) -> Curve:
    return Curve(name, "time", lambda s: percentile(s, per_cent), ("seconds",), "-withheld")


_READ = ("recall@1", "recall@5", "MRR", "nDCG@10")

FIGURES: tuple[Share | Curve, ...] = (
    *(_mean(name, "retrieval", name, "answerable") for name in RANKING_NAMES),
    *(_mean(f"{name} after reading", "retrieval", f"read {name}", "answerable") for name in _READ),
    *(
        _mean(f"document {name}{when}", "retrieval", f"{way}document {name}", "answerable")
        for way, when in (("", ""), ("read ", " after reading"))
        for name in ("recall@1", "recall@5", "recall@10")
    ),
    _mean("EM", "answers", "em", "answerable"),
    _mean("F1", "answers", "f1", "answerable"),
    _mean("best EM", "answers", "best_em", "answerable"),
    _mean("best F1", "answers", "best_f1", "answerable"),
    _mean("right", "answers", "right", "answerable"),
    _mean("best right", "answers", "best_right", "answerable"),
    _mean("answered", "answers", "answered", "answerable"),
    _mean("right when answered", "answers", "right", "answerable", "answered"),
    _quotes("citation precision", "supported", "answerable"),
    _quotes("citations in gold documents", "in_gold", "answerable"),
    _quotes("exactness", "exact"),
    _mean("abstention precision", "silence", "should be silent", "silent"),
    _mean("abstention recall", "silence", "silent", "should be silent"),
    _auroc("AUROC", "answerable"),
    _auroc("AUROC right", "would be right"),
    Curve(
        "AURC",
        "silence",
        lambda sure, right: aurc(sure, right == 0),
        ("confidence", "would be right"),
    ),
    _mean("risk", "silence", "would be wrong", "answered"),
    _mean("coverage", "silence", "answered"),
    Curve("calibration error", "silence", calibration_error, ("confidence", "would be right")),
    _percentile("seconds p50", 50),
    _percentile("seconds p95", 95),
)
"""All figures, in the order in which they are shown."""
