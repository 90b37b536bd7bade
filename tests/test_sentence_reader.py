import math

import numpy as np
import pytest
from fakes import WordEmbedder

from index.store import StoredDocument
from qa.read import Passage
from qa.sentence_reader import FEATURES, SentenceModel, SentenceReader, candidates, default_model

TEXT = "Cats sleep. Dogs bark for two hours. Birds sing."
DOCUMENT = StoredDocument(1, "/a", 1, "f", "e", "Pets", None, "text/plain")
PASSAGE = Passage(DOCUMENT, 100, TEXT, (), ((100, 111), (112, 136), (137, 148)), 0.5, 1.0)


def model(**weights):
    return SentenceModel(
        weights=dict.fromkeys(FEATURES, 0.0) | weights,
        intercept=-1.0,
        threshold=0.5,
        idf={"dog": 3.0},
        idf_unknown=1.0,
    )


def features(question):
    places, rows = candidates(question, [PASSAGE], WordEmbedder(dimension=4096), model())
    return places, [dict(zip(FEATURES, row, strict=True)) for row in rows]


def test_features_by_hand():
    # Terms: long (1.0; "how" is no content word), dog (3.0), bark (1.0). "pets" is the title.
    places, rows = features("How long do dogs bark?")
    assert [(start, end) for _, start, end in places] == list(PASSAGE.sentences)
    assert rows[1]["passage_similarity"] == 0.5
    assert rows[1]["sentence_coverage"] == pytest.approx(4 / 5)
    assert rows[0]["sentence_coverage"] == 0.0
    assert rows[2]["neighbour_coverage"] == pytest.approx(4 / 5)
    assert rows[0]["passage_coverage"] == pytest.approx(4 / 5)
    assert rows[1]["rarest_term_missing"] == 0.0
    assert [(r["type_present"], r["type_missing"]) for r in rows] == [(0, 1), (1, 0), (0, 1)]
    assert rows[1]["log_words"] == pytest.approx(math.log(6))
    # "pets \n dogs bark for two hours ." against "how long do dogs bark ?": two words shared.
    assert rows[1]["sentence_similarity"] == pytest.approx(2 / math.sqrt(7 * 6))
    assert rows[1]["similarity_times_coverage"] == pytest.approx(2 / math.sqrt(42) * 4 / 5)


def test_a_term_that_the_passage_lacks():
    assert features("Do zebras bark?")[1][0]["rarest_term_missing"] == 1.0


def test_scores_are_the_logistic_of_the_weights():
    reader = SentenceReader(WordEmbedder(), model(sentence_coverage=5.0))
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
