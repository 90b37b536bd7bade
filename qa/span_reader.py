"""The reader with a model: points at the answer's words inside the passages."""

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import groupby

import numpy as np
import numpy.typing as npt

from qa.kind import QuestionKind, question_kind
from qa.logistic import LogisticModel
from qa.read import Passage, Reading, Span, ordered
from qa.sentence_reader import FEATURES as SENTENCE_FEATURES
from qa.sentence_reader import Asked, coverage, default_model, stems_above
from qa.span_model import Logits, SpanModel
from qa.spans import ScoredSpan, best_spans
from qa.squad import normalise
from qa.statement import same_question, states
from qa.terms import all_stems
from qa.windows import Spans, cut

WINDOW_PIECES, OVERLAP_PIECES = 96, 32
BUDGET_PIECES = 700
"""Word pieces read for one question; what two cores read in about a tenth of a second."""

SPANS_PER_WINDOW = 3
_SCORE, _SIMILARITY = 2.0, 0.7  # what they weigh beside the share of terms (docs/reader.md)
STATED = 0.5
"""Least score of a sentence that answers by where it stands or what it says; not fitted."""

_MOST_MARGIN = 15.0
# As `index.formats.table` writes a row: `Year: 2023; Revenue: 4.2 million`.
_ROW = re.compile(r"[^;:\n]{1,100}: [^\n]*; [^;:\n]{1,100}: ")
_ASKED = ("similarity", "above_average")  # of the sentence reader, which needs the embedder

FEATURES = (
    "margin",  # start + end less "no answer", in logits, kept within ±15
    "similarity_gap",  # cosine between question and passage, less the best passage's
    "coverage_gap",  # share of the question's terms in passage, headings and title, likewise
    "support",  # ln(1 + other documents in which the same answer was found)
    *(name for name in SENTENCE_FEATURES if name not in _ASKED),
)
"""A found span's features, in the order of the fitted weights."""


class ConfidenceModel(LogisticModel):
    """Tells whether the span that was found is the answer.

    Written by `bench/fit_span_reader.py`, which says from what.
    """

    features = FEATURES


@cache
def default_confidence() -> ConfidenceModel:
    """Return the fitted weights that ship with Pinpoint."""
    source = files("qa") / "data" / "span_reader.json"
    return ConfidenceModel.model_validate(json.loads(source.read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class Found:
    """A span that the model found, in document offsets, and the sentences around it."""

    passage: Passage
    answer: tuple[int, int]
    quote: tuple[int, int]
    margin: float

    @property
    def text(self) -> str:
        """The answer's words."""
        return self.passage.slice(*self.answer)


class SpanReader:
    """Reads the most promising windows of the passages with a question-answering model.

    Args:
        model: Gives start and end logits.
        confidence: Fitted weights; None takes those that ship with Pinpoint.
    """

    def __init__(self, model: SpanModel, confidence: ConfidenceModel | None = None) -> None:
        self._model = model
        self._confidence = confidence if confidence is not None else default_confidence()

    def read(self, question: str, passages: Sequence[Passage]) -> Reading:
        """Return the spans found, each with its probability and the sentences around it."""
        # A reason, a way, a list: a few words out of a sentence would be a poor answer.
        kind = question_kind(question)
        short = kind.wants_short_answer
        found = find_spans(self._model, question, passages, sentences=not short)
        if not found:
            return Reading((), self._confidence.threshold)
        scores = self._confidence.probability(span_features(question, found))
        said = [_says(question, kind, f) for f in found]
        scores = np.where(said, np.maximum(scores, STATED), scores)
        spans = [
            Span(f.passage, *f.quote, round(float(score), 4), f.answer if short else None)
            for f, score in zip(found, scores, strict=True)
        ]
        return Reading(ordered(spans), self._confidence.threshold)


def _says(question: str, kind: QuestionKind, found: Found) -> bool:
    """Tell whether a quote answers whatever the model makes of it.

    It stands first under the same question, or states what a question for yes or no asks: the model
    looks for words, and yes is none of them.
    """
    passage = found.passage
    if passage.heading and same_question(question, passage.heading[-1]):
        return found.quote[0] == passage.sentences[0][0]
    return kind is QuestionKind.YES_NO and states(question, passage.slice(*found.quote))


def find_spans(
    model: SpanModel, question: str, passages: Sequence[Passage], *, sentences: bool = False
) -> list[Found]:
    """Return spans of each window that is read, in the order of the passages.

    Args:
        model: Reads the windows.
        question: As it was asked.
        passages: Best first.
        sentences: Return the best span of every sentence; otherwise the best three of a window.
    """
    windows = _promising(model, question, passages)
    texts = [(question, passage.slice(start, end)) for passage, start, end in windows]
    found = []
    for (passage, start, _), (_, text), logits in zip(
        windows, texts, model.logits(texts), strict=True
    ):
        spans = (
            _best_of_sentences(logits, text, [(a - start, b - start) for a, b in passage.sentences])
            if sentences
            else best_spans(logits, text, SPANS_PER_WINDOW)
        )
        for span in spans:
            if not text[span.start : span.end].strip():
                continue
            answer = start + span.start, start + span.end
            found.append(Found(passage, answer, around(passage, answer), span.score))
    return found


def _best_of_sentences(
    logits: Logits, text: str, sentences: Sequence[tuple[int, int]]
) -> list[ScoredSpan]:
    """Return the best span inside each sentence that holds a word piece."""
    starts, ends = logits.offsets[:, 0], logits.offsets[:, 1]
    found = []
    for low, high in sentences:
        inside = (low <= starts) & (ends <= high)
        part = Logits(
            logits.offsets[inside], logits.starts[inside], logits.ends[inside], logits.none
        )
        found += best_spans(part, text)
    return found


def span_features(question: str, found: Sequence[Found]) -> npt.NDArray[np.float64]:
    """Return the features of spans found for one question: shape `(n, len(FEATURES))`."""
    asked = Asked.of(question, default_model())
    documents: dict[str, set[str]] = defaultdict(set)
    for span in found:
        if span.margin > 0:
            documents[normalise(span.text)].add(span.passage.document.sha256)
    # Compared with the best passage only, so that they mean the same in a collection of any size.
    similar = [span.passage.similarity for span in found]
    share_of = cache(lambda passage: coverage(asked.terms, _stems(passage, passage.text)))
    covered = [share_of(span.passage) for span in found]
    rows = []
    for span, similarity, share in zip(found, similar, covered, strict=True):
        others = documents[normalise(span.text)] - {span.passage.document.sha256}
        rows.append(
            [
                float(np.clip(span.margin, -_MOST_MARGIN, _MOST_MARGIN)),
                similarity - max(similar),
                share - max(covered),
                float(np.log1p(len(others))),
                *asked.features(span.passage, *span.quote),
            ]
        )
    return np.array(rows, dtype=np.float64).reshape(-1, len(FEATURES))


Window = tuple[Passage, int, int]


def _promising(model: SpanModel, question: str, passages: Sequence[Passage]) -> list[Window]:
    """Return the windows worth reading, by document offsets: the first pass.

    Ranked by the retriever's score, the similarity of their passage and the share of the question's
    terms that they hold, until the budget is spent; at least one.
    """
    terms = Asked.of(question, default_model()).terms
    size = min(model.room(question), WINDOW_PIECES)
    ranked: list[tuple[float, int, Window]] = []
    seen: set[tuple[int, int, int]] = set()
    for passage in passages:
        sentences = [(a - passage.start, b - passage.start) for a, b in passage.sentences]
        pieces = model.offsets(passage.text)
        for low, high in _windows(passage.text, pieces, sentences, size):
            start, end = low + passage.start, high + passage.start
            if (passage.document.rowid, start, end) in seen:
                continue
            seen.add((passage.document.rowid, start, end))
            share = coverage(terms, _stems(passage, passage.text[low:high]))
            score = _SCORE * passage.score + _SIMILARITY * passage.similarity + share
            length = sum(low <= a < high for a, _ in pieces)
            ranked.append((score, length, (passage, start, end)))
    ranked.sort(key=lambda item: -item[0])  # stable: ties stay in the passages' order
    chosen: list[Window] = []
    left = BUDGET_PIECES
    for _, length, window in ranked:
        left -= length
        if left < 0 and chosen:
            break
        chosen.append(window)
    return chosen


def _windows(text: str, pieces: Spans, sentences: Spans, size: int) -> list[tuple[int, int]]:
    """Return the passage's windows; the rows of a table are read one by one.

    Rows that stand together look alike, and a model that sees many marks the wrong one.
    """
    overlap = min(OVERLAP_PIECES, size // 3)
    windows = []
    for is_row, group in groupby(sentences, lambda s: _ROW.match(text[s[0] : s[1]]) is not None):
        run = list(group)
        parts = [[row] for row in run] if is_row else [run]
        windows += [window for part in parts for window in cut(pieces, part, size, overlap)]
    return windows


def _stems(passage: Passage, text: str) -> frozenset[str]:
    """Return the stems of a part of a passage and of what stands above it."""
    return stems_above(passage) | all_stems(text)


def around(passage: Passage, answer: tuple[int, int]) -> tuple[int, int]:
    """Return the sentences that an answer touches, as one span; a question with its answer.

    "Is it free? No." says nothing in halves.
    """
    sentences = passage.sentences
    touched = [n for n, (a, b) in enumerate(sentences) if a < answer[1] and answer[0] < b]
    if not touched:
        return answer
    first, last = touched[0], touched[-1]
    if first > 0 and _asks(passage, first - 1):
        first -= 1
    elif last + 1 < len(sentences) and _asks(passage, last):
        last += 1
    return min(answer[0], sentences[first][0]), max(answer[1], sentences[last][1])


def _asks(passage: Passage, number: int) -> bool:
    return passage.slice(*passage.sentences[number]).endswith("?")
