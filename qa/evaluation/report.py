"""What a report draws and lists: curves, bins and failures, from scores and records."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from qa.evaluation.measures import Bin, RiskCoverage, reliability, risk_coverage
from qa.evaluation.outcome import columns
from qa.evaluation.record import Asked, Record, Stage
from qa.evaluation.score import Scores

MOST_FAILURES = 1000
"""Failures that a report lists; the records have all."""

_DEEPEST = 20
_LATENCY_BINS = 24


class RecallAt(NamedTuple):
    """Recall@k for k from 1: as retrieved, and after reading; empty without answerable rows."""

    retrieved: tuple[float, ...]
    read: tuple[float, ...]


class Histogram(NamedTuple):
    """How many questions took how long; `edges` has one more than `counts`, in seconds."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]


class Report(NamedTuple):
    """The plots and the failures of an evaluation, in the order in which they were asked."""

    risk: RiskCoverage
    reliability: list[Bin]
    recall: RecallAt
    latency: Histogram
    failures: list[Record]
    left_out: int


def report(scores: Scores, records: Sequence[Record]) -> Report:
    """Return what a report draws and lists."""
    table = columns(scores.outcomes)
    sure, right = table["confidence"], table["would be right"] == 1
    failed = [r for r in records if r.stage not in {Stage.RIGHT, Stage.SILENT_RIGHTLY}]
    return Report(
        risk=risk_coverage(sure, ~right),
        reliability=reliability(sure, right),
        recall=recall_at(scores),
        latency=histogram([r.seconds for r in records if r.asked is not Asked.WITHHELD]),
        failures=failed[:MOST_FAILURES],
        left_out=max(0, len(failed) - MOST_FAILURES),
    )


def recall_at(scores: Scores) -> RecallAt:
    """Return recall@k for every k, over the answerable questions."""
    asked = [each for each in scores.outcomes if each.asked is Asked.ANSWERABLE]
    return RecallAt(
        _found_by([each.ranks for each in asked]), _found_by([each.read_ranks for each in asked])
    )


def _found_by(ranks: Sequence[tuple[int, ...]]) -> tuple[float, ...]:
    if not ranks:
        return ()
    firsts = [min(each, default=_DEEPEST + 1) for each in ranks]
    return tuple(sum(first <= k for first in firsts) / len(firsts) for k in range(1, _DEEPEST + 1))


def histogram(seconds: Sequence[float]) -> Histogram:
    """Return how many took how long, in bins of equal width from 0 to the longest."""
    if not seconds:
        return Histogram((), ())
    counts, edges = np.histogram(seconds, bins=_LATENCY_BINS, range=(0, max(*seconds, 1e-3)))
    return Histogram(tuple(map(float, edges)), tuple(map(int, counts)))
