"""What a language model made of an answer. `pinpoint ask --phrase --json` prints these models."""

from pydantic import BaseModel, ConfigDict

from qa.models import Answer


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PhrasedSentence(_Frozen):
    """A sentence of the model that quotes support: `[start, end)` of the phrasing's text.

    `quotes` are the numbers of the quotes that support it, counted from 1 as the answer shows them.
    """

    text: str
    start: int
    end: int
    quotes: tuple[int, ...]


class DroppedSentence(_Frozen):
    """A sentence of the model that is not shown as its answer, and why.

    `quotes` are the numbers that the model gave it, right or wrong.
    """

    text: str
    quotes: tuple[int, ...]
    reason: str


class Phrasing(_Frozen):
    """What a language model wrote from an answer's quotes, checked sentence by sentence.

    `text` is made of the sentences that were kept and the numbers of their quotes only, and is
    empty where none was. `host` is the address's, with its port. `failure` says in words why there
    is no text at all, None where the model answered.
    """

    model: str
    host: str
    seconds: float
    text: str = ""
    sentences: tuple[PhrasedSentence, ...] = ()
    dropped: tuple[DroppedSentence, ...] = ()
    failure: str | None = None


class Phrased(_Frozen):
    """An answer and what a model made of it; None where nothing was answered."""

    answer: Answer
    phrasing: Phrasing | None
