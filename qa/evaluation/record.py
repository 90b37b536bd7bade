"""What became of one question."""

from collections.abc import Sequence
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from index.store import Store, text_sha256
from qa.evaluation.gold import Gold
from qa.evaluation.measures import holds
from qa.evaluation.questions import Question
from qa.inquiry import Inquiry
from qa.models import Citation
from qa.read import Passage, Span


class Asked(StrEnum):
    """How a question was asked.

    `answerable`: the collection answers it. `unanswerable`: it has no answers, so silence is
    right. `withheld`: it has, but the documents that give them were left out of what is searched.
    """

    ANSWERABLE = "answerable"
    UNANSWERABLE = "unanswerable"
    WITHHELD = "withheld"


class Stage(StrEnum):
    """Where a question was lost, the first cause of all."""

    RIGHT = "right"
    NOT_RETRIEVED = "not retrieved"
    NOT_READ = "retrieved, not read"
    READ_WRONG = "read, answered wrongly"
    SILENT_WRONGLY = "read, silent wrongly"
    SILENT_RIGHTLY = "silent rightly"
    NOT_SILENT = "answered, should be silent"
    FAULT = "fault"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Hit(_Frozen):
    """A passage that was retrieved: characters `[start, end)` of the text with this SHA-256.

    `relevant` is whether it answers; `in_gold` whether it is of a document known to answer, None
    where none is known. `confidence` is the best score of what the reader found in it, `read_rank`
    its place among all that it found, from 1; None where it read nothing of it.
    """

    document: str
    start: int
    end: int
    relevant: bool
    in_gold: bool | None
    confidence: float | None
    read_rank: int | None


class Quote(_Frozen):
    """A quote of the answer.

    `answer` are the words in it that answer. `supports` is whether it holds a gold answer or a
    known place of one; `in_gold` as in `Hit`. `exact` is whether the stored text has the quote at
    its place.
    """

    path: str
    document: str
    start: int
    end: int
    quote: str
    answer: str | None
    score: float
    supports: bool
    in_gold: bool | None
    exact: bool


class Best(_Frozen):
    """What the reader held most likely, whether or not it was answered."""

    text: str
    quote: str
    document: str
    start: int
    end: int
    confidence: float
    supports: bool


class Record(_Frozen):
    """A question, what was retrieved and read for it, what was answered, and where it was lost.

    `hits` are in the retriever's order. `text` is the short answer of the first quote, or the
    quote where it has none; empty when silent. `confidence` is the answer's, when silent too.
    `gold` are the documents known to answer. `seconds` are those of the question alone. `fault` is
    the error where a quote was not what is stored, so that no answer came.
    """

    id: str
    asked: Asked
    set: str | None
    group: str
    question: str
    answers: tuple[str, ...]
    gold: tuple[str, ...]
    hits: tuple[Hit, ...]
    best: Best | None
    answered: bool
    text: str
    confidence: float
    quotes: tuple[Quote, ...]
    stage: Stage
    seconds: float
    fault: str | None = None

    @property
    def order_after_reading(self) -> list[int]:
        """The hits' numbers in the reader's order, then those it read nothing of as retrieved.

        Not by confidence, which a calibration makes equal where it was not.
        """
        ranks = [hit.read_rank for hit in self.hits]
        return sorted(range(len(ranks)), key=lambda n: (ranks[n] is None, ranks[n] or 0))


def make_record(
    question: Question,
    asked: Asked,
    gold: Gold,
    inquiry: Inquiry,
    store: Store,
    *,
    seconds: float,
) -> Record:
    """Return what became of a question.

    Args:
        question: As the file has it.
        asked: How it was asked.
        gold: Where it is answered.
        inquiry: What it led to.
        store: The collection, whose texts the quotes are compared with once more.
        seconds: How long it took.
    """
    spans, answer = inquiry.spans(), inquiry.answer
    judge = _Judge(question, gold)
    hits = tuple(judge.hit(passage, spans) for passage in inquiry.retrieved())
    quotes = tuple(judge.quote(citation, store) for citation in answer.citations)
    first = answer.citations[0] if answer.citations else None
    return Record(
        id=question.id,
        asked=asked,
        set=question.set,
        group=question.id if question.group is None else question.group,
        question=question.question,
        answers=question.answers,
        gold=tuple(sorted(gold.documents)),
        hits=hits,
        best=judge.best(spans[0]) if spans else None,
        answered=answer.answered,
        text=(first.answer.text if first.answer else first.quote) if first else "",
        confidence=answer.confidence,
        quotes=quotes,
        stage=stage_of(asked, hits, quotes),
        seconds=seconds,
    )


def faulty_record(
    question: Question, asked: Asked, gold: Gold, fault: str, *, seconds: float
) -> Record:
    """Return the record of a question that got no answer, because a quote was not as stored."""
    return Record(
        id=question.id,
        asked=asked,
        set=question.set,
        group=question.id if question.group is None else question.group,
        question=question.question,
        answers=question.answers,
        gold=tuple(sorted(gold.documents)),
        hits=(),
        best=None,
        answered=False,
        text="",
        confidence=0.0,
        quotes=(),
        stage=Stage.FAULT,
        seconds=seconds,
        fault=fault,
    )


def stage_of(asked: Asked, hits: Sequence[Hit], quotes: Sequence[Quote]) -> Stage:
    """Return where a question was lost; it is right where the first quote supports the answer."""
    if asked is not Asked.ANSWERABLE:
        return Stage.NOT_SILENT if quotes else Stage.SILENT_RIGHTLY
    if quotes and quotes[0].supports:
        return Stage.RIGHT
    relevant = [hit for hit in hits if hit.relevant]
    if not relevant:
        return Stage.NOT_RETRIEVED
    if all(hit.confidence is None for hit in relevant):
        return Stage.NOT_READ
    return Stage.READ_WRONG if quotes else Stage.SILENT_WRONGLY


class _Judge:
    """Tells for one question whether a passage or a quote answers."""

    def __init__(self, question: Question, gold: Gold) -> None:
        self._answers, self._gold = question.answers, gold

    def hit(self, passage: Passage, spans: Sequence[Span]) -> Hit:
        sha256, start = passage.document.sha256, passage.start
        end = start + len(passage.text)
        inside = (
            (rank, span.score)
            for rank, span in enumerate(spans, 1)
            if span.passage.document.sha256 == sha256 and start <= span.start and span.end <= end
        )
        read_rank, confidence = next(inside, (None, None))  # spans are best first
        return Hit(
            document=sha256,
            start=start,
            end=end,
            relevant=self._relevant(passage, end),
            in_gold=self._in_gold(sha256),
            confidence=confidence,
            read_rank=read_rank,
        )

    def _relevant(self, passage: Passage, end: int) -> bool:
        if not self._gold.documents:
            return holds(passage.text, self._answers)
        sha256 = passage.document.sha256
        known = self._gold.spans.get(sha256, ())
        covered = any(passage.start <= first and last <= end for first, last in known)
        return sha256 in self._gold.documents and (covered or not known)

    def _in_gold(self, sha256: str) -> bool | None:
        return sha256 in self._gold.documents if self._gold.documents else None

    def quote(self, citation: Citation, store: Store) -> Quote:
        sha256 = citation.document.sha256
        stored = store.find_document(sha256)
        return Quote(
            path=citation.document.path,
            document=sha256,
            start=citation.start,
            end=citation.end,
            quote=citation.quote,
            answer=citation.answer.text if citation.answer else None,
            score=citation.score,
            supports=self._supports(sha256, citation.start, citation.end, citation.quote),
            in_gold=self._in_gold(sha256),
            exact=stored is not None
            and text_sha256(stored[1]) == sha256
            and stored[1][citation.start : citation.end] == citation.quote,
        )

    def best(self, span: Span) -> Best:
        passage = span.passage
        quote = passage.slice(span.start, span.end)
        sha256 = passage.document.sha256
        return Best(
            text=passage.slice(*span.answer) if span.answer else quote,
            quote=quote,
            document=sha256,
            start=span.start,
            end=span.end,
            confidence=span.score,
            supports=self._supports(sha256, span.start, span.end, quote),
        )

    def _supports(self, sha256: str, start: int, end: int, quote: str) -> bool:
        known = self._gold.spans.get(sha256, ())
        touched = any(start < last and first < end for first, last in known)
        return touched or holds(quote, self._answers)
