"""The questions of a user's own whose answers are known: of files, pinned, or rated."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from index.errors import InputError
from index.filter import EVERYTHING, Filter
from index.stores import open_store
from qa.bounds import bounds
from qa.calibration.judge import Judge, Known, Pinned, Rated, Unanswered
from qa.conversation import Filters, Turn
from qa.conversations import Conversations
from qa.evaluation.gold import find_gold
from qa.evaluation.questions import read_questions
from qa.models import Answer
from qa.pin import Pin
from qa.pin_file import PinFile

Origin = Literal["file", "pin", "rating"]


@dataclass(frozen=True)
class Labelled:
    """A question, the documents that it is asked of, and what tells a right answer to it."""

    question: str
    origin: Origin
    judge: Judge
    within: Filter = EVERYTHING

    @property
    def answerable(self) -> bool:
        """Whether the documents answer it, as far as is known."""
        return not isinstance(self.judge, Unanswered)


def labelled(home: Path, files: Iterable[Path | str] = ()) -> list[Labelled]:
    """Return all labelled questions of files and of a home, each once.

    Of a question that is known in several ways the files hold, then the pins, then the newest
    rating.

    Args:
        home: Holds the index, pins and conversations.
        files: Of questions with answers.

    Raises:
        InputError: a file cannot be read, is of another form, or names what is not in the index.
        PinpointError: pins or conversations cannot be read.
    """
    rows = [row for file in files for row in _of_file(home, Path(file))]
    pins = map(_pinned, PinFile.of(home).read())
    rated = _rated(reversed(Conversations(home).rated()))
    found: dict[tuple[str, Filter], Labelled] = {}
    for each in (*rows, *pins, *rated):
        found.setdefault((" ".join(each.question.split()).casefold(), each.within), each)
    return list(found.values())


def _of_file(home: Path, path: Path) -> list[Labelled]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check the name") from error
    file = read_questions(path, raw)
    with open_store(home) as store:
        golds = find_gold(store, file.questions, file.name)
    return [
        Labelled(each.question, "file", Known(each.answers, gold) if each.answers else Unanswered())
        for each, gold in zip(file.questions, golds, strict=True)
    ]


def _pinned(pin: Pin) -> Labelled:
    kept = pin.receipt.answer
    quotes = frozenset(citation.quote for citation in kept.citations)
    judge = Pinned(quotes, _short(kept), _documents(kept)) if kept.answered else Unanswered()
    return Labelled(kept.question, "pin", judge, _within(pin.receipt.filters))


def _rated(turns: Iterable[Turn]) -> Iterator[Labelled]:
    """Yield rated turns; a bad "not in your documents" says nothing of any quote."""
    for turn in turns:
        answer, good = turn.answer, turn.rating > 0
        if answer is None or not (answer.citations or good):
            continue
        judge: Judge = Unanswered()
        if answer.citations:
            short, texts = _short(answer), _documents(answer)
            judge = Rated(answer.citations[0].quote, good, short, texts)
        yield Labelled(turn.question, "rating", judge, _within(turn.filters))


def _short(answer: Answer) -> tuple[str, ...]:
    marked = (citation.answer for citation in answer.citations)
    return tuple(dict.fromkeys(span.text for span in marked if span is not None))


def _documents(answer: Answer) -> frozenset[str]:
    return frozenset(citation.document.sha256 for citation in answer.citations)


def _within(filters: Filters) -> Filter:
    return bounds(**filters.model_dump())
