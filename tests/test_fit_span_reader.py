import numpy as np
import pytest
from span_models import MarkedModel

from bench.fit_span_reader import GAPS, Case, Spans, best_of, choose_threshold, fit, read
from bench.qa_data import Question
from index.rows import StoredDocument
from qa.read import Passage
from qa.span_reader import FEATURES

MARGIN = FEATURES.index("margin")


def passage(text, path):
    document = StoredDocument(len(path), path, 1, "", path, "T", None, "text/plain")
    middle = text.index(".") + 1
    sentences = ((0, middle), (middle + 1, len(text)))
    return Passage(document, 0, text, (), sentences, 0.5, 1.0)


def question(text, spans):
    return Question("wiki", "T", text, "own.txt", spans)


def test_a_span_is_right_in_its_own_document_only():
    passages = [passage("Cats purr. Dogs bark.", path) for path in ("own.txt", "other.txt")]
    found = read(MarkedModel("purr"), question("Who meows?", ((5, 9),)), passages)
    assert found.right.sum() == 1  # "purr" of own.txt
    assert found.beside.sum() >= 1
    assert found.features.shape == (len(found.right), len(FEATURES))


def test_a_whole_sentence_is_right_when_it_holds_the_answer():
    passages = [passage("Cats purr. Dogs bark.", "own.txt")]
    found = read(MarkedModel("purr"), question("Why do cats purr?", ((0, 4),)), passages)
    assert found.right.tolist() == [True, False]  # one candidate a sentence
    found = read(MarkedModel("purr"), question("Who?", ((0, 4),)), passages)
    assert not found.right[0]  # the span found is "purr"


def spans(margins, right):
    features = np.zeros((len(margins), len(FEATURES)))
    features[:, MARGIN] = margins
    features[:, GAPS] = np.outer(range(1, len(margins) + 1), [-0.1, -0.2])
    right = np.array(right, dtype=bool)
    return Spans(features, right, right)


def test_gaps_are_taken_to_the_best_that_is_left():
    features, right = spans([3, 2, 1], [1, 0, 0]).where(np.array([False, True, True]))
    assert features[:, GAPS] == pytest.approx(np.array([[0.0, 0.0], [-0.1, -0.2]]))
    assert right.tolist() == [False, False]


def test_the_fit_tells_right_from_wrong_and_keeps_silent_on_three_in_four():
    rng = np.random.default_rng(1)
    none = spans([], [])
    cases = [
        Case("T", spans([6 + a, 1 + b], [1, 0]), spans([1 + b], [0]), none)
        for a, b in rng.normal(size=(80, 2))
    ]
    model = fit(cases)
    assert model.weights["margin"] > 0
    assert model.weights["quantity_missing"] == -4.0  # a rule
    scores, right = best_of(model, cases, "answer there")
    assert right.mean() > 0.95
    threshold = choose_threshold(model, cases)
    taken = [best_of(model, cases, f"{what} taken out")[0] for what in ("sentence", "document")]
    assert np.mean(np.concatenate(taken) < threshold) == pytest.approx(0.75, abs=0.05)
    assert np.mean(scores >= threshold) > 0.95
    assert best_of(model, cases, "document alone")[0].tolist() == [0.0] * 80
