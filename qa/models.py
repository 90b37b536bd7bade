"""What an answer is. `pinpoint ask --json` prints exactly these models."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from index.dense_status import DenseStatus
from index.embed import ModelInfo
from index.report import Failure
from index.rows import Search as Searched
from index.settings import Settings
from qa.calibration.models import CalibrationStatus
from qa.kind import QuestionKind


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CitedDocument(_Frozen):
    """The document that a quote stands in.

    `sha256` is that of its whole extracted text in UTF-8, in which all offsets count. `id` is
    short and follows from the path; `date` is `YYYY-MM-DD` or None; `authors` and `language` (ISO
    639) are what the document says of itself. `copies` are the paths of other documents with the
    same text.
    """

    id: str
    path: str
    title: str
    sha256: str
    date: str | None
    media_type: str
    authors: str | None = None
    language: str | None = None
    copies: tuple[str, ...] = ()


class AnswerSpan(_Frozen):
    """The short answer inside a quote, in the same coordinates as the quote."""

    text: str
    start: int
    end: int


class CitedLocation(_Frozen):
    """Where a quote is found in the original: `page` 3, `sheet` Budget, `row` 7 and the like."""

    kind: str
    name: str


class CitedRectangle(_Frozen):
    """A part of a page that a quote covers, in points from the page's lower left corner."""

    page: int
    left: float
    bottom: float
    right: float
    top: float


class Citation(_Frozen):
    """A quote and where it stands: `text[start:end] == quote` in the document's whole text.

    `start` and `end` are characters, half-open. `score` is the probability, 0 to 1, that the quote
    answers the question: the reader's, or the calibrated one where a calibration is in use. `page`
    is the first page that it stands on, if the document has pages; `locations` are all places that
    a person would look for, outer ones first. `rectangles` are what to mark on the pages, one a
    line. `link` opens a web page whose address is known at the quote.
    """

    quote: str
    start: int
    end: int
    answer: AnswerSpan | None
    document: CitedDocument
    page: int | None
    locations: tuple[CitedLocation, ...]
    rectangles: tuple[CitedRectangle, ...]
    link: str | None
    heading: tuple[str, ...]
    score: float


class Place(_Frozen):
    """A run of a document's text and where it stands: a citation of nothing in particular.

    `text[start:end] == quote` in the document's whole text; all fields are those of `Citation`.
    """

    quote: str
    start: int
    end: int
    document: CitedDocument
    page: int | None
    locations: tuple[CitedLocation, ...]
    rectangles: tuple[CitedRectangle, ...]
    link: str | None
    heading: tuple[str, ...]


class FoundPassage(Place):
    """A passage that a search found.

    `score`, 0 to 1, orders the passages of one search and says nothing beyond it;
    `similarity` is the cosine between the question and the passage, -1 to 1.
    """

    score: float
    similarity: float


class Candidate(_Frozen):
    """One of the different answers found.

    `text` is the short answer's words, or the whole quote where there is none, as the first of
    its citations has them. `citations` are the places that give this answer, one of each
    document, best first; `confidence` is the score of the best.
    """

    text: str
    confidence: float
    citations: tuple[Citation, ...]


class Side(_Frozen):
    """One side of a comparison: what the documents say of a subject; nothing if they do not."""

    subject: str
    citations: tuple[Citation, ...]


class IndexSummary(_Frozen):
    """The state of the index that was asked.

    `documents` counts paths, `copies` those of them whose text another path has too: it is indexed
    once. `failed` counts files and folders that could not be read at the last sync, `partial` the
    documents of which a part could not be read; neither could be searched for an answer. `search`
    is how it was searched: `hybrid` by vectors and words in the home, `server` by both on a server,
    `rescored` by vectors on a server without full-text search, of which more were taken and scored
    by the question's words.
    """

    generation: int
    documents: int
    chunks: int
    failed: int = 0
    partial: int = 0
    copies: int = 0
    search: Searched = "hybrid"


class Answer(_Frozen):
    """An answer in the documents' words, or an honest "not in your documents".

    `text` is made of quotes and `[1]` markers only, and is empty when `answered` is False; then
    `nearest` holds what came closest. `confidence` is the score of the best quote found.
    `candidates` are the different answers whose score reaches the threshold, best first, those
    that `citations` give among them.

    `kind` is what kind of question it was taken for. A comparison has `sides`, and `citations` are
    those of all sides, each once. `differing` are two or more answers that contradict each other,
    the one of the newest document first; `citations` then are the first of each, in this order.
    """

    question: str
    answered: bool
    text: str
    confidence: float
    citations: tuple[Citation, ...]
    nearest: tuple[Citation, ...]
    candidates: tuple[Candidate, ...]
    index: IndexSummary
    kind: QuestionKind = QuestionKind.SPAN
    sides: tuple[Side, ...] = ()
    differing: tuple[Candidate, ...] = ()

    @property
    def other_candidates(self) -> tuple[Candidate, ...]:
        """Answers that none of the quotes in `citations` gives."""
        shown = {(c.document.path, c.start, c.end) for c in self.citations}
        return tuple(
            candidate
            for candidate in self.candidates
            if shown.isdisjoint((c.document.path, c.start, c.end) for c in candidate.citations)
        )


class DocumentText(_Frozen):
    """Characters `[start, end)` of a document's whole text, which has `length`."""

    document: CitedDocument
    start: int
    end: int
    length: int
    text: str


class SearchResult(_Frozen):
    """The passages that come closest to a question, best first; whether they answer is not read."""

    question: str
    passages: tuple[FoundPassage, ...]
    index: IndexSummary


class ListedDocument(_Frozen):
    """A document in the table of all, or a file or folder that could not be indexed.

    `kind` is the short name of `media_type`; both are None where a file's name does not tell them.
    `passages` are the chunks of the text, which copies share. `state` is

    - `failed` where the newest version could not be read: `causes` says why, and the rest is that
      of the last good version, with `sha256` None where there is none;
    - `partial` where a part could not be read: `causes` are these parts;
    - `copy` where `copy_of` is the path of another document with the same text;
    - `indexed` otherwise.

    `indexed_at` is when the file was last read into the index, UTC in ISO 8601, None where that is
    not known. `date` is the document's own, `YYYY-MM-DD`; `sha256` is that of its text.
    """

    path: str
    title: str
    kind: str | None
    media_type: str | None
    date: str | None
    size_bytes: int | None
    passages: int
    state: Literal["indexed", "partial", "copy", "failed"]
    causes: tuple[str, ...]
    copy_of: str | None
    indexed_at: str | None
    sha256: str | None


class DocumentPage(_Frozen):
    """A part of the table of documents; `total` counts all rows that were asked for."""

    total: int
    documents: tuple[ListedDocument, ...]


class Status(_Frozen):
    """What an index holds and how it is set up. `pinpoint status --json` prints exactly this.

    `embedder` is the model that the stored vectors come from, None while there are none. `vectors`
    tells how these are searched, None while no file of them is written, and `terms` what searches
    the words: `sqlite`, or `tantivy` in a large collection.
    `failed` lists what the last sync could not index, `partial` what it could not read of documents
    that it did index. `calibration` is the one that is stored, whether or not it is in use.
    """

    version: str
    home: str
    index: IndexSummary
    roots: tuple[str, ...]
    failed: tuple[Failure, ...]
    partial: tuple[Failure, ...]
    embedder: ModelInfo | None
    vectors: DenseStatus | None
    terms: str
    settings: Settings
    calibration: CalibrationStatus | None = None
