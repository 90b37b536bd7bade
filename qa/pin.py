"""A pinned question: one whose answer is kept, to be compared with later answers."""

import hashlib

from pydantic import BaseModel, ConfigDict

from qa.models import Answer
from qa.receipt import Receipt
from qa.verification import QuoteCheck, State
from qa.words import DiffPart


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Pin(_Frozen):
    """A question with the receipt of its answer; `id` follows from the question and its bounds."""

    id: str
    receipt: Receipt

    @classmethod
    def of(cls, receipt: Receipt) -> "Pin":
        """Return the pin of an answer."""
        bounds = receipt.filters.model_copy(update={"folders": ()}).model_dump_json()
        asked = "\n".join([receipt.answer.question, bounds, *receipt.filters.folders])
        return cls(id=hashlib.sha256(asked.encode()).hexdigest()[:8], receipt=receipt)


class PinCheck(_Frozen):
    """What has become of a pinned answer.

    `state` is

    - `unchanged` where the same quotes stand at the same places, or "not in your documents" is
      still the answer;
    - `moved` where the same quotes stand elsewhere;
    - `changed` where the answer is another one;
    - `gone` where the documents gave an answer and do not any more.

    `quotes` tell what has become of each kept quote in the index. `kept` is the answer that was
    pinned and `answer` the one of now, None where it was not asked for: the state then is that of
    the quotes, the worst of them, and can also be `unreadable`. `changes` lead from the quotes that
    only the old answer has to those that only the new one has, one for each or for two alike.
    `question` is the one that is asked, with nothing left to what was asked before it.
    """

    id: str
    question: str
    state: State
    quotes: tuple[QuoteCheck, ...]
    kept: Answer
    answer: Answer | None
    changes: tuple[tuple[DiffPart, ...], ...] = ()
