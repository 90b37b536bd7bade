"""All questions of a calibration, asked and judged."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from index.filter import EVERYTHING, Filter
from qa.calibration.labels import Labelled
from qa.calibration.negatives import Ask, own_left_out
from qa.models import Answer

Progress = Callable[[int, int], None]
"""Told how many questions are asked, and of how many."""


@dataclass(frozen=True)
class Asked:
    """A question that was asked, and whether its first quote is right.

    Attributes:
        question: Its words.
        origin: A field of `Counts`.
        score: Raw confidence; None where nothing is answered at any threshold.
        right: Whether the first quote answers; None where that cannot be told.
        answerable: Whether the documents answer, as far as is known.
    """

    question: str
    origin: str
    score: float | None
    right: bool | None
    answerable: bool = False


def asked(
    ask: Ask,
    own: Sequence[Labelled],
    others: Sequence[str],
    unanswerable: float,
    progress: Progress = lambda _done, _total: None,
) -> list[Asked]:
    """Ask the user's own questions, and so many that the documents do not answer.

    Half of those are own ones without the documents that answer them, half are about other
    matters; where there are too few of the one, there are more of the other.

    Args:
        ask: Asks with raw confidence.
        own: The user's.
        others: Questions about other matters.
        unanswerable: Share of all questions that the documents shall not answer.
        progress: Told after each question.
    """
    counted = _Counted(ask, len(own) + lacking(own, unanswerable), progress)
    answers = [(each, counted(each.question, each.within)) for each in own]
    judged = [(each, answer, each.judge(answer)) for each, answer in answers]
    found = [
        Asked(each.question, each.origin, _score(answer), right, each.answerable)
        for each, answer, right in judged
    ]
    right = [(each, answer) for each, answer, well in judged if well]
    known = [each for each, _, well in judged if well is not None]
    return found + _negatives(counted, right, others, lacking(known, unanswerable))


def lacking(own: Sequence[Labelled], unanswerable: float) -> int:
    """Return how many more unanswered questions bring their share of all up to `unanswerable`."""
    answerable = sum(each.answerable for each in own)
    wanted = round(answerable * unanswerable / (1 - unanswerable))
    return max(wanted - (len(own) - answerable), 0)


def _negatives(
    ask: Ask, right: Sequence[tuple[Labelled, Answer]], others: Sequence[str], count: int
) -> list[Asked]:
    left_out = _left_out(ask, right)
    found = _taken(left_out, count - min(count // 2, len(others)))
    foreign = others[: count - len(found)]
    found += [
        Asked(words, "foreign", _score(ask(words, EVERYTHING)), right=False) for words in foreign
    ]
    return found + _taken(left_out, count - len(found))


def _left_out(ask: Ask, right: Sequence[tuple[Labelled, Answer]]) -> Iterator[Asked]:
    for labelled, answer in own_left_out(ask, right):
        yield Asked(labelled.question, "own_left_out", _score(answer), right=False)


def _taken(questions: Iterator[Asked], count: int) -> list[Asked]:
    return list(islice(questions, count))


def _score(answer: Answer) -> float | None:
    return answer.confidence if answer.answered else None


class _Counted:
    """Tells how many were asked; one may have to be asked several times."""

    def __init__(self, ask: Ask, total: int, progress: Progress) -> None:
        self._ask, self._total, self._progress = ask, total, progress
        self._done = 0

    def __call__(self, question: str, within: Filter) -> Answer:
        answer = self._ask(question, within)
        self._done = min(self._done + 1, self._total)
        self._progress(self._done, self._total)
        return answer
