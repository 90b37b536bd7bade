"""SQuAD's measures of an answer: exact match and F1 over normalised words.

Rajpurkar et al. 2016 (exact match, F1) and 2018 (unanswerable questions).
"""

import re
import string
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalise(answer: str) -> str:
    """Return an answer in lower case without punctuation, articles and double spaces."""
    return " ".join(_ARTICLES.sub(" ", answer.lower().translate(_NO_PUNCTUATION)).split())


def exact_match(answer: str, gold: Sequence[str]) -> float:
    """Return 1.0 if the normalised answer is one of the gold answers, else 0.0."""
    return float(any(normalise(answer) == normalise(other) for other in gold))


def f1(answer: str, gold: Sequence[str]) -> float:
    """Return the best word-overlap F1 over the gold answers, from 0 to 1.

    Raises:
        ValueError: there is no gold answer.
    """
    return max(_f1(normalise(answer).split(), normalise(other).split()) for other in gold)


def _f1(answer: list[str], gold: list[str]) -> float:
    if not answer or not gold:
        return float(answer == gold)
    shared = (Counter(answer) & Counter(gold)).total()
    return 2 * shared / (len(answer) + len(gold))


def best_f1(
    scores: npt.NDArray[np.float64], f1s: npt.NDArray[np.float64], answerable: npt.NDArray[np.bool_]
) -> tuple[float, float]:
    """Return the best SQuAD 2.0 F1 over all thresholds, and the threshold that gives it.

    A row at or above the threshold is answered and earns its F1 (0 if it is unanswerable); a row
    below is met with silence and earns 1 if it is unanswerable, else 0.

    Args:
        scores: Shape `(n,)`, higher means more surely answerable.
        f1s: Shape `(n,)`, F1 of the best span of each row.
        answerable: Shape `(n,)`.
    """
    order = np.argsort(-scores, kind="stable")
    gains = np.where(answerable, f1s, -1.0)[order]
    totals = np.concatenate([[0.0], np.cumsum(gains)]) + np.count_nonzero(~answerable)
    # Rows of equal score stand or fall together.
    last = np.append(np.diff(scores[order]) != 0, True)
    allowed = np.concatenate([[True], last])
    best = int(np.argmax(np.where(allowed, totals, -np.inf)))
    threshold = float(scores[order][best - 1]) if best else float("inf")
    return float(totals[best] / len(scores)), threshold
