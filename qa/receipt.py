"""A receipt: an answer with all that is needed to check its quotes later, without the index."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Annotated, Self, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, model_validator

from index.errors import QuoteError
from index.rows import StoredDocument
from index.settings import Settings
from index.store import Store
from qa.bounds import bounds
from qa.compose import document_id
from qa.conversation import Filters
from qa.models import Answer, Candidate, Citation, CitedDocument, Side

CONTEXT_CHARS = 64
"""Characters of the text that are kept on either side of a quote."""

_Group = TypeVar("_Group", Side, Candidate)


def _in_utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Surroundings(_Frozen):
    """What stood around a quote, and the file that its document was read from.

    `before` and `after` are up to `CONTEXT_CHARS` characters of the text on either side, and
    `text_chars` is the length of the whole text. `file_sha256` and `file_bytes` are those of the
    file, or of the member of an archive.
    """

    before: str
    after: str
    text_chars: int
    file_sha256: str
    file_bytes: int


class ReceiptSettings(_Frozen):
    """The settings, under their names in `Settings`, that decide on texts and answers."""

    model: str
    model_revision: str | None
    reader: str
    reader_revision: str | None
    threshold: float | None
    max_pages: int
    json_fields: tuple[str, ...] | None
    ocr: bool
    ocr_language: str


class Receipt(_Frozen):
    """An answer as it was given, and what is needed to check it.

    `asked` is the question as typed, `answer.question` as it was understood. `answer` is without
    what came near and without other answers: only what it is made of is checked. `surroundings`
    has one entry for each of its citations, None where the index did not hold the text any more
    when the receipt was made. `created_at` is when the question was answered, in UTC; `pinpoint`
    is the version that made the receipt, and `settings` were in force then.
    """

    created_at: Annotated[AwareDatetime, AfterValidator(_in_utc)]
    pinpoint: str
    asked: str
    filters: Filters
    answer: Answer
    surroundings: tuple[Surroundings | None, ...]
    settings: ReceiptSettings

    @model_validator(mode="after")
    def _fits(self) -> Self:
        citations = self.answer.citations
        if len(citations) != len(self.surroundings):
            raise ValueError("each quote needs its surroundings")
        if self.answer.answered != bool(citations):
            raise ValueError("an answer has quotes, and what is no answer has none")
        if any(c.start < 0 or not c.quote or len(c.quote) != c.end - c.start for c in citations):
            raise ValueError("a quote is not as long as its offsets say")
        if not all(map(_marks_own_words, citations)):
            raise ValueError("the words marked as the answer do not stand in their quote")
        return self


def _marks_own_words(citation: Citation) -> bool:
    marked, start = citation.answer, citation.start
    if marked is None:
        return True
    inside = start <= marked.start < marked.end <= citation.end
    return inside and citation.quote[marked.start - start : marked.end - start] == marked.text


def make_receipt(
    store: Store,
    answer: Answer,
    settings: Settings,
    *,
    asked: str | None = None,
    filters: Filters | None = None,
    created_at: datetime | None = None,
) -> Receipt:
    """Return the receipt of an answer, with what the index holds around each quote.

    Args:
        store: The index.
        answer: What was answered.
        settings: In force now.
        asked: The question as typed; None where it was asked as it was understood.
        filters: What its documents were narrowed to.
        created_at: When it was answered; None means now.

    Raises:
        QuoteError: the stored text has something else at a quote's place.
    """
    kept = answer.model_copy(update={"nearest": (), "candidates": ()})
    narrowed = filters or Filters()
    folders = bounds(folders=narrowed.folders).folders  # whatever folder one is in later
    return Receipt(
        created_at=created_at or datetime.now(UTC),
        pinpoint=version("pinpoint-qa"),
        asked=answer.question if asked is None else asked,
        filters=narrowed.model_copy(update={"folders": folders}),
        answer=kept,
        surroundings=tuple(_surroundings(store, citation) for citation in answer.citations),
        settings=ReceiptSettings.model_validate(
            settings.model_dump(include=set(ReceiptSettings.model_fields))
        ),
    )


def _surroundings(store: Store, citation: Citation) -> Surroundings | None:
    document = _stored(store, citation)
    if document is None:
        return None
    _, text = store.document(document.rowid)
    start, end = citation.start, citation.end
    if text[start:end] != citation.quote:
        raise QuoteError(
            f"{document.path}: characters {start} to {end} are not the quote; no receipt is given"
        )
    return Surroundings(
        before=text[max(0, start - CONTEXT_CHARS) : start],
        after=text[end : end + CONTEXT_CHARS],
        text_chars=len(text),
        file_sha256=document.file_sha256,
        file_bytes=document.size_bytes,
    )


def _stored(store: Store, citation: Citation) -> StoredDocument | None:
    """Return the cited document, or another one with the same text."""
    sha256 = citation.document.sha256
    at_path = store.documents(below=[citation.document.path])
    found = next((document for document in at_path if document.sha256 == sha256), None)
    return found or store.described_by_text(sha256)


def with_paths(receipt: Receipt, change: Callable[[str], str]) -> Receipt:
    """Return a receipt with every path in it changed."""

    def cited(citations: Iterable[Citation]) -> tuple[Citation, ...]:
        return tuple(
            each.model_copy(update={"document": _moved(each.document, change)})
            for each in citations
        )

    def grouped(groups: Iterable[_Group]) -> tuple[_Group, ...]:
        return tuple(
            each.model_copy(update={"citations": cited(each.citations)}) for each in groups
        )

    answer = receipt.answer
    changed = {
        "citations": cited(answer.citations),
        "sides": grouped(answer.sides),
        "differing": grouped(answer.differing),
    }
    folders = tuple(map(change, receipt.filters.folders))
    return receipt.model_copy(
        update={
            "answer": answer.model_copy(update=changed),
            "filters": receipt.filters.model_copy(update={"folders": folders}),
        }
    )


def _moved(document: CitedDocument, change: Callable[[str], str]) -> CitedDocument:
    path = change(document.path)
    copies = tuple(map(change, document.copies))
    return document.model_copy(update={"path": path, "id": document_id(path), "copies": copies})
