"""Scores of rankings, all worked out here, and how sure a difference of two peers is."""

from collections.abc import Mapping, Sequence

import ir_measures
import numpy as np
from ir_measures import RR, R, nDCG

from bench.peers.collection import Question

MEASURES = {
    "recall@1": R @ 1,
    "recall@5": R @ 5,
    "recall@10": R @ 10,
    "MRR": RR,
    "nDCG@10": nDCG @ 10,
}
RESAMPLES, SEED = 10_000, 20261128

Rankings = Mapping[str, Sequence[str]]
"""Question id to document ids, best first."""
PerQuestion = dict[str, np.ndarray]
"""A measure's name to its value for each question, shape `(questions,)`."""


def per_question(questions: Sequence[Question], rankings: Rankings) -> PerQuestion:
    """Return the measures of each question, in the order of the questions.

    Raises:
        ValueError: a question has no ranking.
    """
    missing = [question.id for question in questions if question.id not in rankings]
    if missing:
        raise ValueError(f"{len(missing)} questions have no ranking, the first is {missing[0]}")
    wanted = {question.id: {question.document: 1} for question in questions}
    run = {
        question.id: {name: -place for place, name in enumerate(rankings[question.id])}
        for question in questions
    }
    found: dict[tuple[str, str], float] = {}
    for value in ir_measures.iter_calc(list(MEASURES.values()), wanted, run):
        found[str(value.measure), value.query_id] = value.value
    return {
        name: np.array([found.get((str(measure), question.id), 0.0) for question in questions])
        for name, measure in MEASURES.items()
    }


def means(values: PerQuestion) -> dict[str, float]:
    """Return the mean of each measure."""
    return {name: float(value.mean()) for name, value in values.items()}


def difference(one: np.ndarray, other: np.ndarray) -> tuple[float, float, float]:
    """Return the mean of `one - other` and its 95% interval by paired bootstrap.

    Args:
        one: A measure for each question, shape `(questions,)`.
        other: The same measure of another peer, for the same questions.
    """
    from scipy.stats import bootstrap

    gaps = one - other
    mean = float(gaps.mean())
    if not np.ptp(gaps):
        return mean, mean, mean
    found = bootstrap(
        (gaps,),
        np.mean,
        n_resamples=RESAMPLES,
        batch=1000,
        method="percentile",
        rng=np.random.default_rng(SEED),
    )
    low, high = found.confidence_interval
    return mean, float(low), float(high)
