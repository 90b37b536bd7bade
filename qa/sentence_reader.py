"""The first reader: scores whole sentences by the embedder and by shared terms."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from index.embed import Embedder
from qa.logistic import LogisticModel
from qa.question import AnswerType, Expectation, expectation
from qa.read import Passage, Reading, Span, ordered
from qa.terms import all_stems, content_stems, has_term, names

FEATURES = (
    "similarity",  # cosine between question and sentence
    "above_average",  # the same, less the average over all candidates
    "coverage",  # share of the question's terms in the sentence, weighted by rarity
    "plain_coverage",  # the same for terms that are no names
    "quantity_missing",  # a number, sum or duration is asked for and the sentence shows none
    "type_missing",  # likewise for a person, place, date or instruction
    "defines",  # a definition is asked for and the sentence looks like one
    "number_missing",  # a number of the question is in neither sentence, headings nor title
    "few_terms",  # 1 / number of the question's terms: the fewer, the less a match means
)
"""A candidate sentence's features, in the order of the fitted weights."""

SENTENCES = "sentences"
"""What the settings call the reader without a model of its own."""

PASSAGES = 10  # best passages that are read: every sentence is embedded, so each one costs
_SHRINKAGE = 20  # candidates' worth of `usual_similarity` in the average, for small collections


class SentenceModel(LogisticModel):
    """Tells whether a sentence answers, and how rare each stem is in running text.

    Written by `bench/fit_sentence_reader.py`, which says from what.
    """

    features = FEATURES

    usual_similarity: float
    idf: dict[str, float]
    idf_unknown: float


@cache
def default_model() -> SentenceModel:
    """Return the model that ships with Pinpoint."""
    source = files("qa") / "data" / "sentence_reader.json"
    return SentenceModel.model_validate(json.loads(source.read_text(encoding="utf-8")))


class SentenceReader:
    """Scores every sentence of the passages; finds no shorter span inside a sentence.

    Args:
        embedder: The index's own embedding model.
        model: Fitted weights; None takes those that ship with Pinpoint.
    """

    def __init__(self, embedder: Embedder, model: SentenceModel | None = None) -> None:
        self._embedder = embedder
        self._model = model if model is not None else default_model()

    def read(self, question: str, passages: Sequence[Passage]) -> Reading:
        """Return every sentence of the best passages with its probability of answering."""
        model = self._model
        read = passages[:PASSAGES]
        places, features = candidates(question, read, self._embedder, model)
        spans = [
            Span(passage, start, end, score=round(float(probability), 4))
            for (passage, start, end), probability in zip(
                places, model.probability(features), strict=True
            )
        ]
        return Reading(ordered(spans), model.threshold)


Place = tuple[Passage, int, int]


def candidates(
    question: str, passages: Sequence[Passage], embedder: Embedder, model: SentenceModel
) -> tuple[list[Place], npt.NDArray[np.float64]]:
    """Return the passages' sentences and their features: shape `(n, len(FEATURES))`."""
    places: dict[tuple[int, int, int], Place] = {}
    for passage in passages:
        for start, end in passage.sentences:
            places.setdefault((passage.document.rowid, start, end), (passage, start, end))
    if not places:
        return [], np.empty((0, len(FEATURES)))
    texts = [_in_context(passage, start, end) for passage, start, end in places.values()]
    similarity = embedder.encode_documents(texts) @ embedder.encode_query(question)
    average = average_similarity(similarity, model.usual_similarity)
    asked = Asked.of(question, model)
    rows = [
        [float(cosine), float(cosine) - average, *asked.features(*place)]
        for place, cosine in zip(places.values(), similarity, strict=True)
    ]
    return list(places.values()), np.array(rows)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question taken apart: its terms with their rarity, and what an answer must show."""

    terms: dict[str, float]
    plain: dict[str, float]
    numbers: frozenset[str]
    expected: Expectation

    @classmethod
    def of(cls, question: str, model: SentenceModel) -> "Asked":
        """Take a question apart, its terms weighted by their rarity."""
        terms = {term: model.idf.get(term, model.idf_unknown) for term in content_stems(question)}
        plain = {term: terms[term] for term in terms.keys() - names(question)}
        numbers = frozenset(term for term in terms if term[0].isdigit())
        return cls(terms, plain, numbers, expectation(question))

    def features(self, passage: Passage, start: int, end: int) -> list[float]:
        """Return the features behind the two similarities, in their order."""
        sentence = passage.slice(start, end)
        # Under a question as its heading, "No, never." speaks of what the heading asks.
        asked = passage.heading[-1] if passage.heading and passage.heading[-1][-1:] == "?" else ""
        found = all_stems(f"{asked} {sentence}")
        around = found | stems_above(passage)
        expected, met = self.expected, self.expected.met_by(sentence)
        is_definition = expected.kind is AnswerType.DEFINITION
        return [
            coverage(self.terms, found),
            coverage(self.plain, found),
            float(expected.is_quantity and not met),
            float(not expected.is_quantity and not is_definition and not met),
            float(is_definition and met),
            float(not self.numbers <= around),
            1.0 / max(len(self.terms), 1),
        ]


def average_similarity(similarity: npt.NDArray[np.float32], usual: float) -> float:
    """Return the mean of the candidates' similarities, drawn to the usual one if they are few."""
    total = float(similarity.sum()) + _SHRINKAGE * usual
    return total / (len(similarity) + _SHRINKAGE)


def coverage(terms: Mapping[str, float], found: frozenset[str]) -> float:
    """Return the share of the terms' weight that is found, 0 to 1; 1 where there are no terms."""
    total = sum(terms.values())
    if not total:
        return 1.0
    return sum(weight for term, weight in terms.items() if has_term(term, found)) / total


def stems_above(passage: Passage) -> frozenset[str]:
    """Return the stems of what stands above a passage: its document's title and the headings."""
    return all_stems(" ".join((passage.document.title, *passage.heading)))


def _in_context(passage: Passage, start: int, end: int) -> str:
    heading = passage.heading[-1:] or (passage.document.title,)
    return f"{heading[0]}\n{passage.slice(start, end)}"
