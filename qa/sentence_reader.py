"""The first reader: scores whole sentences by the embedder and by shared terms."""

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

from index.embed import Embedder
from qa.question import AnswerType, answer_type, could_hold
from qa.read import Passage, Reading, Span, ordered
from qa.terms import all_stems, content_stems

FEATURES = (
    "sentence_similarity",
    "passage_similarity",
    "sentence_coverage",
    "neighbour_coverage",
    "passage_coverage",
    "similarity_times_coverage",
    "rarest_term_missing",
    "type_present",
    "type_missing",
    "log_words",
)
"""Names of a candidate sentence's features, in the order of the fitted weights."""


class SentenceModel(BaseModel):
    """A logistic regression over `FEATURES`, and how rare each stem is in running text.

    Written by `bench/fit_sentence_reader.py`, which says from what.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    weights: dict[str, float]
    intercept: float
    threshold: float
    idf: dict[str, float]
    idf_unknown: float

    def probability(self, features: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return the probability of each row of shape `(n, len(FEATURES))`: shape `(n,)`."""
        weights = np.array([self.weights[name] for name in FEATURES])
        logits = features @ weights + self.intercept
        return np.asarray(1.0 / (1.0 + np.exp(-logits)), dtype=np.float64)


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
        """Return every sentence of the passages with its probability of answering."""
        model = self._model
        places, features = candidates(question, passages, self._embedder, model)
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
    terms = {term: model.idf.get(term, model.idf_unknown) for term in content_stems(question)}
    expected = answer_type(question)
    rows = [
        _features(place, float(cosine), terms, expected)
        for place, cosine in zip(places.values(), similarity, strict=True)
    ]
    return list(places.values()), np.array(rows)


def _in_context(passage: Passage, start: int, end: int) -> str:
    heading = passage.heading[-1:] or (passage.document.title,)
    return f"{heading[0]}\n{passage.slice(start, end)}"


def _features(
    place: Place, similarity: float, terms: Mapping[str, float], expected: AnswerType
) -> list[float]:
    passage, start, end = place
    sentence = passage.slice(start, end)
    around = all_stems(" ".join((passage.document.title, *passage.heading)))
    index = passage.sentences.index((start, end))
    before = passage.slice(*passage.sentences[max(index - 1, 0)])
    inside = all_stems(sentence)
    near = inside | all_stems(before) | around
    everywhere = all_stems(passage.text) | around
    rarest = max(terms, key=lambda term: (terms[term], term), default="")
    typed = expected is not AnswerType.ANY
    holds = could_hold(sentence, expected)
    coverage = _coverage(terms, inside)
    return [
        similarity,
        passage.similarity,
        coverage,
        _coverage(terms, near),
        _coverage(terms, everywhere),
        similarity * coverage,
        float(bool(rarest) and rarest not in everywhere),
        float(typed and holds),
        float(typed and not holds),
        math.log(1 + len(sentence.split())),
    ]


def _coverage(terms: Mapping[str, float], found: frozenset[str]) -> float:
    """Return the share of the terms' weight that is found, 0 to 1; 0 for no terms."""
    total = sum(terms.values())
    return sum(weight for term, weight in terms.items() if term in found) / total if total else 0.0
