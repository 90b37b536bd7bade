import math
from dataclasses import replace

import numpy as np
import pytest
from fakes import WordEmbedder

from index.rows import StoredDocument
from qa.read import Passage
from qa.sentence_reader import (
    FEATURES,
    SentenceModel,
    SentenceReader,
    average_similarity,
    candidates,
    coverage,
    default_model,
)

TEXT = "Cats sleep. Dogs bark for two hours. Birds sing."
DOCUMENT = StoredDocument(1, "/a", 1, "f", "e", "Pets", None, "text/plain")
PASSAGE = Passage(DOCUMENT, 100, TEXT, (), ((100, 111), (112, 136), (137, 148)), 0.5, 1.0)


def model(**weights):
    return SentenceModel(
        weights=dict.fromkeys(FEATURES, 0.0) | weights,
        intercept=-1.0,
        threshold=0.5,
        usual_similarity=0.25,
        idf={"dog": 3.0},
        idf_unknown=1.0,
    )


def features(question):
    embedder = WordEmbedder(dimension=4096)
    places, rows = candidates(question, [PASSAGE], embedder, model())
    assert [(start, end) for _, start, end in places] == list(PASSAGE.sentences)
    return [dict(zip(FEATURES, row, strict=True)) for row in rows]


def test_features_by_hand():
    # Terms: long (1.0), dog (3.0) and bark (1.0); "how" and "do" are no content words.
    cats, dogs, birds = features("How long do dogs bark?")
    # "pets dogs bark for two hours ." against "how long do dogs bark ?": two words shared.
    assert dogs["similarity"] == pytest.approx(2 / math.sqrt(7 * 6))
    assert cats["similarity"] == birds["similarity"] == 0.0
    average = (2 / math.sqrt(42) + 20 * 0.25) / 23
    assert dogs["above_average"] == pytest.approx(2 / math.sqrt(42) - average)
    assert (cats["coverage"], birds["coverage"]) == (0.0, 0.0)
    assert dogs["coverage"] == dogs["plain_coverage"] == pytest.approx(4 / 5)
    assert [f["quantity_missing"] for f in (cats, dogs, birds)] == [1.0, 0.0, 1.0]
    assert [f["type_missing"] for f in (cats, dogs, birds)] == [0.0, 0.0, 0.0]
    assert dogs["few_terms"] == pytest.approx(1 / 3)


def test_names_are_no_plain_terms():
    (cats, dogs, _) = features("Does Rex bark?")
    assert (dogs["coverage"], dogs["plain_coverage"]) == (0.5, 1.0)
    assert (cats["coverage"], cats["plain_coverage"]) == (0.0, 0.0)


def test_types_and_definitions():
    assert [f["type_missing"] for f in features("When do dogs bark?")] == [1.0, 1.0, 1.0]
    assert [f["defines"] for f in features("What is a dog?")] == [0.0, 0.0, 0.0]
    assert [f["type_missing"] for f in features("What is a dog?")] == [0.0, 0.0, 0.0]


def test_numbers_of_the_question_must_be_there():
    assert [f["number_missing"] for f in features("Do 2 dogs bark?")] == [1.0, 1.0, 1.0]
    assert [f["number_missing"] for f in features("Do dogs bark?")] == [0.0, 0.0, 0.0]
    versions = replace(PASSAGE, heading=("Version 3.11",))
    _, rows = candidates("Is 3.11 out?", [versions], WordEmbedder(), model())
    assert rows[:, FEATURES.index("number_missing")].tolist() == [0.0, 0.0, 0.0]


def test_coverage_knows_families_of_words_and_nothing_to_cover():
    assert coverage({"deter": 3.0, "iran": 1.0}, frozenset({"deterr"})) == 0.75
    assert coverage({}, frozenset({"x"})) == 1.0


def test_the_average_of_few_is_drawn_to_the_usual():
    assert average_similarity(np.array([1.0], dtype=np.float32), 0.3) == pytest.approx(7 / 21)
    assert average_similarity(np.ones(180, dtype=np.float32), 0.0) == pytest.approx(0.9)


def test_scores_are_the_logistic_of_the_weights():
    reader = SentenceReader(WordEmbedder(), model(coverage=5.0))
    reading = reader.read("Do dogs bark?", [PASSAGE])
    best = reading.spans[0]
    assert (best.start, best.end, best.answer) == (112, 136, None)
    assert best.score == round(1 / (1 + math.exp(-4.0)), 4)
    assert [s.score for s in reading.spans[1:]] == [round(1 / (1 + math.e), 4)] * 2
    assert reading.threshold == 0.5


def test_overlapping_passages_give_every_sentence_once():
    twin = Passage(DOCUMENT, 112, TEXT[12:], (), ((112, 136), (137, 148)), 0.4, 0.9)
    reading = SentenceReader(WordEmbedder(), model()).read("Dogs?", [PASSAGE, twin])
    assert [(s.start, s.end) for s in reading.spans] == [(100, 111), (112, 136), (137, 148)]


def test_no_passages_no_spans():
    assert SentenceReader(WordEmbedder(), model()).read("Dogs?", []).spans == ()


def test_the_shipped_model_is_whole():
    shipped = default_model()
    assert set(shipped.weights) == set(FEATURES)
    assert 0 < shipped.threshold < 1
    assert 0 <= min(shipped.idf.values()) <= max(shipped.idf.values()) <= shipped.idf_unknown
    assert np.isfinite(list(shipped.weights.values())).all()


def test_a_heading_that_asks_counts_as_said():
    asked = replace(PASSAGE, heading=("Do dogs bark?",))
    embedder = WordEmbedder(dimension=4096)
    coverage_at = FEATURES.index("coverage")
    for heading, covered in ((asked, 1.0), (replace(asked, heading=("Dogs bark",)), 0.0)):
        _, rows = candidates("Do dogs bark?", [heading], embedder, model())
        assert rows[0][coverage_at] == covered  # "Cats sleep."
