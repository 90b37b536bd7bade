"""Evaluate a collection: questions in, scores and records out."""

import hashlib
from pathlib import Path
from typing import NamedTuple

from index.errors import InputError
from index.recipe import check_model
from index.report import Progress
from index.stores import open_store
from qa.api import Pinpoint
from qa.evaluation.gold import find_gold
from qa.evaluation.journal import Journal
from qa.evaluation.measures import rankings
from qa.evaluation.questions import QuestionFile, sample
from qa.evaluation.record import Record
from qa.evaluation.run import run, tasks
from qa.evaluation.score import Scores, score
from qa.evaluation.setup import setup_of

FOLDER = "evaluations"
"""In the home: where records lie until an evaluation is done."""


class Evaluated(NamedTuple):
    """Scores, the records that they come from, and the file in the home that these are in."""

    scores: Scores
    records: list[Record]
    kept: Path | None = None

    def forget(self) -> None:
        """Remove the file in the home, once all that was made of the records is written."""
        if self.kept is not None:
            self.kept.unlink(missing_ok=True)


def evaluate_collection(
    pinpoint: Pinpoint,
    file: QuestionFile,
    *,
    limit: int | None = None,
    withhold: bool = False,
    records: Path | None = None,
    progress: Progress = lambda _stage, _done, _total: None,
) -> Evaluated:
    """Ask a collection all questions of a file, and score what comes.

    Args:
        pinpoint: What is asked.
        file: The questions.
        limit: Ask a fixed sample of so many.
        withhold: Ask every question whose documents are known once more without these.
        records: Where the records are kept, and taken up from when stopped. None means a file in
            the home, until `Evaluated.forget`.
        progress: Told how many are done.

    Raises:
        InputError: a question cannot be asked, a document is not in the collection, or the records
            there are of another evaluation.
        IndexMissingError, ModelMismatchError: as `Pinpoint.ask` does.
        PinpointError: ir-measures is not installed, the index changed meanwhile, or the records
            cannot be written.
    """
    rankings([[1]])  # or all would be asked in vain
    questions = sample(file.questions, limit)
    longest = pinpoint.settings.max_question_chars
    for question in questions:
        if len(question.question) > longest:
            raise InputError(
                f"{file.name}: {question.where}: the question has {len(question.question)} "
                f"characters, the limit is {longest}; raise max_question_chars"
            )
    with open_store(pinpoint.home) as store:
        check_model(store, pinpoint.embedder.fingerprint)
        golds = find_gold(store, questions, file.name)
        setup = setup_of(
            pinpoint, store, file, questions=len(questions), limit=limit, withhold=withhold
        )
    key = hashlib.sha256(setup.model_dump_json(exclude={"file"}).encode()).hexdigest()[:16]
    path = records or pinpoint.home / FOLDER / f"{key}.jsonl"
    made = run(
        pinpoint,
        tasks(questions, golds, withhold=withhold),
        Journal(path, setup),
        generation=setup.generation,
        progress=progress,
    )
    return Evaluated(score(made, setup), made, path if records is None else None)
