"""Questions that a collection does not answer."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files

from index.filter import Filter
from index.store import Store
from qa.calibration.judge import first_quote
from qa.calibration.labels import Labelled
from qa.evaluation.measures import holds
from qa.models import Answer

Ask = Callable[[str, Filter], Answer]
"""Asks a question of some documents, answering from a raw score of 0 on."""

_SEED = 20261128
_MOST_LEFT_OUT = 5  # documents that give the same answer, left out one after the other


@cache
def _shipped() -> tuple[tuple[str, str], ...]:
    text = (files("qa") / "data" / "foreign_questions.txt").read_text(encoding="utf-8")
    lines = [line.partition("|") for line in text.splitlines() if line and line[0] != "#"]
    return tuple((name.strip(), question.strip()) for name, _, question in lines)


def foreign(store: Store) -> list[str]:
    """Return the shipped questions about things that no document of the index names, shuffled."""
    shipped = ((store.search_terms(f'"{name}"', 1), question) for name, question in _shipped())
    found = [question for named, question in shipped if not named]
    random.Random(_SEED).shuffle(found)  # noqa: S311 - no secret
    return found


def own_left_out(
    ask: Ask, right: Sequence[tuple[Labelled, Answer]]
) -> Iterator[tuple[Labelled, Answer]]:
    """Ask questions once more without the documents that answer them, in an order by chance.

    One that another document may answer too, or of which that cannot be told, is passed over.

    Args:
        ask: Asks.
        right: Questions whose first quote was right, with their answers.

    Yields:
        The question, and the answer that is given instead.
    """
    order = list(right)
    random.Random(_SEED).shuffle(order)  # noqa: S311 - no secret
    for labelled, answer in order:
        if instead := _without(ask, labelled, answer):
            yield labelled, instead


def _without(ask: Ask, labelled: Labelled, answer: Answer) -> Answer | None:
    answers = labelled.judge.answers
    if not answers:
        return None
    left_out = labelled.judge.documents
    first = first_quote(answer)
    for _ in range(_MOST_LEFT_OUT):
        left_out |= {first.document.sha256} if first else set()
        within = replace(labelled.within, without=tuple(sorted(left_out)))
        answer = ask(labelled.question, within)
        first = first_quote(answer)
        if first is None or not holds(first.quote, answers):
            return answer
    return None
