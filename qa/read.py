"""The reader's protocol: a question and passages in, scored spans or "not here" out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index.rows import StoredDocument


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrieved chunk, ready to be read.

    Attributes:
        document: Where it stands.
        start: First character in the document's whole text.
        text: The passage's characters, unchanged.
        heading: Heading path, outermost first.
        sentences: Spans of its sentences in the document's whole text.
        similarity: Cosine between the question and the passage.
        score: The retriever's score, by which passages are ordered.
    """

    document: StoredDocument
    start: int
    text: str
    heading: tuple[str, ...]
    sentences: tuple[tuple[int, int], ...]
    similarity: float
    score: float

    def slice(self, start: int, end: int) -> str:
        """Return the characters at `[start, end)` of the document; they must lie inside."""
        return self.text[start - self.start : end - self.start]


@dataclass(frozen=True, slots=True)
class Span:
    """A quote that may answer, in document offsets.

    Attributes:
        passage: The passage that it was found in.
        start: First character of the quote in the document's whole text.
        end: One past the last character.
        score: Probability from 0 to 1 that the quote answers the question.
        answer: `[start, end)` of the short answer inside the quote, if the reader finds one.
    """

    passage: Passage
    start: int
    end: int
    score: float
    answer: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found: spans by (-score, path, start).

    `threshold` is the score from which the reader holds a span to be an answer; if none reaches
    it, the answer is "not here".
    """

    spans: tuple[Span, ...]
    threshold: float


class Reader(Protocol):
    """Finds where passages answer a question. Passages come best first."""

    def read(self, question: str, passages: Sequence[Passage]) -> Reading:
        """Return scored spans; the same question and passages give the same spans."""


def ordered(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return spans by (-score, path, start), each place once with its best score."""
    best: dict[tuple[str, int, int], Span] = {}
    for span in spans:
        key = (span.passage.document.path, span.start, span.end)
        if key not in best or span.score > best[key].score:
            best[key] = span
    return tuple(best[key] for key in sorted(best, key=lambda key: (-best[key].score, *key)))
