"""The questions of a user's own whose answers are known: of files, pinned, or rated."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from index.filter import EVERYTHING, Filter
from qa.bounds import bounds
from qa.calibration.judge import Judge, Pinned, Rated, Unanswered
from qa.conversation import Filters, Turn
from qa.conversations import Conversations
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


def labelled(home: Path, rows: Iterable[Labelled] = ()) -> list[Labelled]:
    """Return all labelled questions of a home behind those of files, each asked once.

    Args:
        home: Holds pins and conversations.
        rows: Those of files, which hold where a question is pinned or rated as well; the newest
            rating holds.

    Raises:
        PinpointError: pins or conversations cannot be read.
    """
    pins = map(_pinned, PinFile.of(home).read())
    rated = _rated(reversed(Conversations(home).rated()))
    found: dict[tuple[str, Filter], Labelled] = {}
    for each in (*rows, *pins, *rated):
        found.setdefault((" ".join(each.question.split()).casefold(), each.within), each)
    return list(found.values())


def _pinned(pin: Pin) -> Labelled:
    kept = pin.receipt.answer
    quotes = frozenset(citation.quote for citation in kept.citations)
    judge = Pinned(quotes, _short(kept)) if kept.answered else Unanswered()
    return Labelled(kept.question, "pin", judge, _within(pin.receipt.filters))


def _rated(turns: Iterable[Turn]) -> Iterator[Labelled]:
    """Yield rated turns; a bad "not in your documents" says nothing of any quote."""
    for turn in turns:
        answer, good = turn.answer, turn.rating > 0
        if answer is None or not (answer.citations or good):
            continue
        judge: Judge = Unanswered()
        if answer.citations:
            judge = Rated(answer.citations[0].quote, good, _short(answer) if good else ())
        yield Labelled(turn.question, "rating", judge, _within(turn.filters))


def _short(answer: Answer) -> tuple[str, ...]:
    marked = (citation.answer for citation in answer.citations)
    return tuple(dict.fromkeys(span.text for span in marked if span is not None))


def _within(filters: Filters) -> Filter:
    return bounds(**filters.model_dump())
