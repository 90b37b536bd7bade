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
    share,
)
from qa.evaluation.outcome import Columns

Measure = Callable[[Columns], float]


class Figure(NamedTuple):
    """A figure.

    `value` gives it from columns, NaN where nothing is there to measure, and `count` the number of
    questions (of quotes, for citations) that it is over. `higher` tells whether more is better,
    None where neither is.
    """

    name: str
    group: str
    value: Measure
    count: Callable[[Columns], int]
    higher: bool | None = True


def _all(columns: Columns, *names: str) -> Flags:
    """Return the rows that have all these flags; `-` before a name means those that have not."""
    rows = np.ones(columns["answerable"].shape, dtype=bool)
    for name in names:
        rows &= columns[name.removeprefix("-")] == (0 if name.startswith("-") else 1)
    return rows


def _known(columns: Columns, column: str, *where: str) -> Floats:
    values = columns[column][_all(columns, *where)]
    return values[~np.isnan(values)]


def _mean(name: str, group: str, column: str, *where: str) -> Figure:
    return Figure(
        name,
        group,
        lambda columns: share(_known(columns, column, *where)),
        lambda columns: len(_known(columns, column, *where)),
    )


def _quotes(name: str, column: str, *where: str) -> Figure:
    def rows(columns: Columns) -> Flags:
        return np.asarray(_all(columns, *where) & ~np.isnan(columns[column]))

    return Figure(
        name,
        "citations",
        lambda columns: ratio(columns[column][rows(columns)], columns["quotes"][rows(columns)]),
        lambda columns: int(columns["quotes"][rows(columns)].sum()),
    )


def _of_all(
    name: str, measure: Callable[[Floats, Flags], float], target: str, *, higher: bool
) -> Figure:
    """Return a figure of the confidences of all rows against a flag."""
    return Figure(
        name,
        "silence",
        lambda columns: measure(columns["confidence"], columns[target] == 1),
        lambda columns: len(columns["confidence"]),
        higher=higher,
    )


def _seconds(name: str, per_cent: float) -> Figure:
    return Figure(
        name,
        "time",
        lambda columns: percentile(_known(columns, "seconds", "-withheld"), per_cent),
        lambda columns: len(_known(columns, "seconds", "-withheld")),
        higher=False,
    )


def _risk() -> Figure:
    right = _mean("risk", "silence", "would be right", "answered")
    return right._replace(value=lambda columns: 1 - right.value(columns), higher=False)


def _coverage() -> Figure:
    return _mean("coverage", "silence", "answered")._replace(higher=None)


READ = ("recall@1", "recall@5", "MRR", "nDCG@10")

FIGURES: tuple[Figure, ...] = (
    *(_mean(name, "retrieval", name, "answerable") for name in RANKING_NAMES),
    *(_mean(f"read {name}", "retrieval", f"read {name}", "answerable") for name in READ),
    *(
        _mean(f"{way}document {name}", "retrieval", f"{way}document {name}", "answerable")
        for way in ("", "read ")
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
    _mean("abstention precision", "silence", "should be silent", "-answered"),
    _mean("abstention recall", "silence", "silent", "should be silent"),
    _of_all("AUROC", lambda sure, yes: auroc(yes, sure), "answerable", higher=True),
    _of_all("AUROC right", lambda sure, yes: auroc(yes, sure), "would be right", higher=True),
    _of_all("AURC", lambda sure, yes: aurc(sure, ~yes), "would be right", higher=False),
    _risk(),
    _coverage(),
    _of_all("calibration error", calibration_error, "would be right", higher=False),
    _seconds("seconds p50", 50),
    _seconds("seconds p95", 95),
)
"""All figures, in the order in which they are shown."""
