"""Ask every question, and keep what became of it."""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from index.errors import PinpointError, QuoteError
from index.filter import EVERYTHING
from index.report import Progress
from index.stores import open_store
from qa.api import Pinpoint, inquire
from qa.evaluation.gold import Gold
from qa.evaluation.journal import Journal
from qa.evaluation.questions import Question
from qa.evaluation.record import Asked, Record, faulty_record, make_record


class Task(NamedTuple):
    """A question, how it is asked, and where it is answered."""

    question: Question
    asked: Asked
    gold: Gold


def tasks(questions: Sequence[Question], golds: Sequence[Gold], *, withhold: bool) -> list[Task]:
    """Return what is asked, in order.

    Args:
        questions: Each is asked once.
        golds: Where each is answered.
        withhold: Ask those whose documents are known once more without these.
    """
    found = []
    for question, gold in zip(questions, golds, strict=True):
        asked = Asked.ANSWERABLE if question.answers else Asked.UNANSWERABLE
        found.append(Task(question, asked, gold))
        if withhold and question.answers and gold.documents:
            found.append(Task(question, Asked.WITHHELD, gold))
    return found


def run(
    pinpoint: Pinpoint,
    todo: Sequence[Task],
    journal: Journal,
    *,
    generation: int,
    progress: Progress = lambda _stage, _done, _total: None,
) -> list[Record]:
    """Ask what the journal has no record of, and return the records of all, in order.

    Args:
        pinpoint: What is asked.
        todo: In order.
        journal: Has the records of a run that was stopped, and gets those of this one.
        generation: Of the index; it must not change meanwhile.
        progress: Told how many are done.

    Raises:
        InputError: the journal's records are of something else.
        PinpointError: the index changed meanwhile, or the journal cannot be written.
    """
    done = {(record.id, record.asked): record for record in journal.read()}
    left = [task for task in todo if (task.question.id, task.asked) not in done]
    if left:
        _warm_up(pinpoint, left[0])
    with journal.appending() as writer:
        for task in left:
            progress("asking", len(done), len(todo))
            record = _ask(pinpoint, task, generation)
            done[task.question.id, task.asked] = record
            writer.write(record)
    progress("asking", len(todo), len(todo))
    return [done[task.question.id, task.asked] for task in todo]


def _warm_up(pinpoint: Pinpoint, task: Task) -> None:
    """Load models and indexes, which is no part of a question's time."""
    try:
        inquire(pinpoint, task.question.question)
    except QuoteError:
        return  # its record will say so


def _ask(pinpoint: Pinpoint, task: Task, generation: int) -> Record:
    question, asked, gold = task
    within = EVERYTHING
    if asked is Asked.WITHHELD:
        within = replace(EVERYTHING, without=tuple(sorted(gold.documents)))
    started = time.perf_counter()
    try:
        inquiry = inquire(pinpoint, question.question, within=within)
    except QuoteError as error:
        seconds = round(time.perf_counter() - started, 4)
        return faulty_record(question, asked, gold, str(error), seconds=seconds)
    seconds = round(time.perf_counter() - started, 4)
    with open_store(pinpoint.home) as store:
        if store.generation() != generation or inquiry.answer.index.generation != generation:
            raise PinpointError(
                f"the index in {pinpoint.home} changed while it was evaluated; evaluate again when "
                "nothing changes it"
            )
        return make_record(question, asked, gold, inquiry, store, seconds=seconds)
