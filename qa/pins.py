"""Pinned questions are asked again: regression tests of a collection of documents."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.stores import open_store
from qa.api import Pinpoint
from qa.document_texts import IndexTexts
from qa.models import Answer
from qa.pin import Pin, PinCheck
from qa.quote_search import LEAST_SIMILARITY
from qa.receipt import Receipt
from qa.verification import State, Verification, verification
from qa.words import DiffPart, diff, similarity


def check_quotes(home: Path, pins: Sequence[Pin]) -> tuple[PinCheck, ...]:
    """Look whether the quotes of pins stand in the index; no model is loaded.

    Raises:
        IndexMissingError: there is no index.
    """
    return tuple(
        PinCheck(
            id=pin.id,
            question=pin.receipt.answer.question,
            state=found.state,
            quotes=found.quotes,
            kept=pin.receipt.answer,
            answer=None,
        )
        for pin, found in zip(pins, _verified(home, pins), strict=True)
    )


def check_pins(pinpoint: Pinpoint, pins: Sequence[Pin]) -> tuple[PinCheck, ...]:
    """Ask every pinned question again and compare the answers, in the order of the pins.

    Raises:
        IndexMissingError, ModelMismatchError: as `Pinpoint.ask` does.
    """
    answers = [_asked_again(pinpoint, pin.receipt) for pin in pins]
    found = _verified(pinpoint.home, pins)
    return tuple(map(_compared, pins, found, answers))


def take_answers(
    pinpoint: Pinpoint, checks: Sequence[PinCheck], pins: Sequence[Pin]
) -> list[Receipt]:
    """Return receipts of the answers of now, for pins whose answer is not as it was kept.

    Args:
        pinpoint: What was asked.
        checks: What `check_pins` found.
        pins: Of which.
    """
    return [
        pinpoint.receipt(check.answer, asked=pin.receipt.asked, filters=pin.receipt.filters)
        for check, pin in zip(checks, pins, strict=True)
        if check.answer is not None and check.state is not State.UNCHANGED
    ]


def _verified(home: Path, pins: Sequence[Pin]) -> list[Verification]:
    with open_store(home) as store:
        texts = IndexTexts(store)
        return [verification(pin.receipt, texts) for pin in pins]


def _asked_again(pinpoint: Pinpoint, receipt: Receipt) -> Answer:
    return pinpoint.ask(receipt.answer.question, **receipt.filters.model_dump())


def _compared(pin: Pin, found: Verification, answer: Answer) -> PinCheck:
    kept = pin.receipt.answer
    return PinCheck(
        id=pin.id,
        question=kept.question,
        state=outcome(kept, answer),
        quotes=found.quotes,
        kept=kept,
        answer=answer,
        changes=tuple(changes(kept, answer)),
    )


def changes(kept: Answer, answer: Answer) -> Iterator[tuple[DiffPart, ...]]:
    """Yield what leads from the quotes of one answer to those of another, word by word.

    Quotes that both have are left out. Of the others each old one goes with the new one that is
    most like it, if one is alike enough, and else alone; new ones that are left come last.
    """
    old, new = _quotes(kept), _quotes(answer)
    left = list((new - old).elements())
    for quote in (old - new).elements():
        alike = max(left, key=lambda each: similarity(quote, each), default="")
        if alike and similarity(quote, alike) >= LEAST_SIMILARITY:
            left.remove(alike)
            yield diff(quote, alike)
        else:
            yield diff(quote, "")
    yield from (diff("", quote) for quote in left)


def outcome(kept: Answer, answer: Answer) -> State:
    """Return what has become of an answer; the order of its quotes does not matter."""
    if kept.answered and not answer.answered:
        return State.GONE
    if _quotes(kept) != _quotes(answer):
        return State.CHANGED
    return State.UNCHANGED if _places(kept) == _places(answer) else State.MOVED


def _quotes(answer: Answer) -> Counter[str]:
    return Counter(citation.quote for citation in answer.citations)


def _places(answer: Answer) -> Counter[tuple[str, int, int]]:
    return Counter((c.document.path, c.start, c.end) for c in answer.citations)
