from dataclasses import replace

import numpy as np
import pytest
from span_models import MarkedModel

from index.rows import StoredDocument
from qa.read import Passage
from qa.span_reader import (
    FEATURES,
    ConfidenceModel,
    SpanReader,
    find_spans,
    span_features,
)

# Half of what the margin says.
HALF = ConfidenceModel(
    weights=dict.fromkeys(FEATURES, 0.0) | {"margin": 0.5},
    intercept=0.0,
    threshold=0.5,
)


def passage(text, *, path="a.txt", start=0, rowid=1, score=1.0, similarity=0.5, heading=()):
    sentences, at = [], 0
    for part in text.split("|"):
        sentences.append((start + at, start + at + len(part)))
        at += len(part) + 1
    document = StoredDocument(rowid, path, 1, "", f"sha of {path}", "Pets", None, "text/plain")
    return Passage(
        document, start, text.replace("|", " "), heading, tuple(sentences), similarity, score
    )


def test_the_quote_is_the_sentence_around_the_answer():
    found = SpanReader(MarkedModel("purr"), HALF).read(
        "What do cats do?", [passage("Dogs bark.|Cats purr.", start=100)]
    )
    best = found.spans[0]
    assert (best.start, best.end) == (111, 121)
    assert best.answer == (116, 120)
    assert best.passage.slice(*best.answer) == "purr"
    assert best.score == pytest.approx(1 / (1 + np.exp(-4.0)), abs=1e-4)  # 0.5 * 8
    assert found.threshold == 0.5


def test_without_the_answer_all_scores_are_low():
    found = SpanReader(MarkedModel("purr"), HALF).read("What?", [passage("Dogs bark.|Fish swim.")])
    assert all(span.score < 0.05 for span in found.spans)  # margin -8


def test_nothing_to_read():
    assert SpanReader(MarkedModel("purr"), HALF).read("What?", []).spans == ()


def test_an_answer_over_two_sentences_takes_both():
    model = MarkedModel("x")
    model.offsets = lambda _: [(0, 13)]  # one word piece for all of it
    (found, *_) = find_spans(model, "What?", [passage("No.|A b c d e.")])
    assert found.quote == (0, 14)


def test_only_the_promising_windows_are_read(monkeypatch):
    monkeypatch.setattr("qa.span_reader.WINDOW_PIECES", 3)
    monkeypatch.setattr("qa.span_reader.OVERLAP_PIECES", 0)
    monkeypatch.setattr("qa.span_reader.BUDGET_PIECES", 6)
    model = MarkedModel("purr")
    text = "Dogs bark.|Fish swim.|Cats purr."  # 3 word pieces each
    read = find_spans(model, "Do cats purr?", [passage(text)])
    assert model.read == ["Cats purr.", "Dogs bark."]
    assert read[0].text == "purr"


def test_windows_are_ranked_by_score_similarity_and_terms(monkeypatch):
    monkeypatch.setattr("qa.span_reader.BUDGET_PIECES", 12)
    model = MarkedModel("purr")
    apart = [  # 2 score + 0.7 similarity + share of terms
        passage("Fish swim.", rowid=1, score=0.3, similarity=0.7),  # 1.09
        passage("Dogs bark.", rowid=2, score=0.4, similarity=0.5),  # 1.15
        passage("Cats purr.", rowid=3, score=0.0, similarity=0.3),  # 1.21
        passage("Birds sing.", rowid=4, score=0.3, similarity=0.9),  # 1.23
    ]
    find_spans(model, "Do cats purr?", apart)
    assert model.read == ["Birds sing.", "Cats purr.", "Dogs bark.", "Fish swim."]


def test_one_window_is_read_whatever_the_budget(monkeypatch):
    monkeypatch.setattr("qa.span_reader.BUDGET_PIECES", 1)
    model = MarkedModel("purr")
    find_spans(model, "Do cats purr?", [passage("Cats purr.")])
    assert model.read == ["Cats purr."]


def test_a_place_in_two_chunks_is_read_once():
    model = MarkedModel("purr")
    find_spans(model, "Do cats purr?", [passage("Cats purr."), passage("Cats purr.", score=0.5)])
    assert len(model.read) == 1


def test_other_documents_support_an_answer():
    same = [passage("Cats purr.", path=f"{n}.txt", rowid=n) for n in range(3)]
    found = find_spans(MarkedModel("purr"), "Do cats purr?", [*same, passage("Dogs.", rowid=9)])
    support = span_features("Do cats purr?", found)[:, FEATURES.index("support")]
    for span, value in zip(found, support, strict=True):
        assert value == pytest.approx(np.log(3) if span.text == "purr" else 0.0)


def test_features_of_one_span():
    (first, *_) = find_spans(
        MarkedModel("50", sure=40.0), "Which cats?", [passage("50 cats.", score=0.25)]
    )
    row = dict(zip(FEATURES, span_features("Which cats?", [first])[0], strict=True))
    assert row["margin"] == 15.0  # 40, kept within bounds
    assert (row["similarity_gap"], row["coverage_gap"], row["support"]) == (0.0, 0.0, 0.0)
    assert (row["coverage"], row["quantity_missing"]) == (1.0, 0.0)


def test_why_is_answered_by_whole_sentences():
    found = SpanReader(MarkedModel("purr"), HALF).read("Why do cats purr?", [passage("Cats purr.")])
    assert [(span.start, span.end, span.answer) for span in found.spans] == [(0, 10, None)]


def test_every_sentence_is_a_candidate_for_a_whole_sentence_answer():
    text = "Cats purr.|Dogs bark and purr.|Fish."
    found = find_spans(MarkedModel("purr"), "Why?", [passage(text, start=50)], sentences=True)
    assert [(f.quote, f.text, f.margin) for f in found] == [
        ((50, 60), "purr", 8.0),
        ((61, 80), "purr", 8.0),
        ((81, 86), "Fish", -8.0),
    ]


def test_gaps_are_taken_to_the_best_passage():
    passages = [
        replace(passage("Cats purr at night."), similarity=0.8),
        replace(passage("Dogs bark.", rowid=2), similarity=0.5),
    ]
    found = find_spans(MarkedModel("purr"), "Do cats bark at night?", passages)
    gaps = [FEATURES.index(name) for name in ("similarity_gap", "coverage_gap")]
    features = span_features("Do cats bark at night?", found)[:, gaps]
    for span, (similar, _) in zip(found, features, strict=True):
        assert similar == pytest.approx(span.passage.similarity - 0.8)
    shares = dict(zip((span.passage.text for span in found), features[:, 1], strict=True))
    assert shares["Cats purr at night."] == 0.0  # two of three terms
    assert -2 / 3 < shares["Dogs bark."] < 0.0


def test_rows_of_a_table_are_read_one_by_one_and_the_best_covered_first(monkeypatch):
    rows = "Pet: cat; Sound: purr|Pet: dog; Sound: bark"
    model = MarkedModel("bark")
    find_spans(
        model, "Which sound has a dog?", [passage(f"They say:|Note: this.|{rows}|So be it.")]
    )
    assert model.read == [
        "Pet: dog; Sound: bark",
        "Pet: cat; Sound: purr",
        "They say: Note: this.",
        "So be it.",
    ]
    model = MarkedModel("bark")
    monkeypatch.setattr("qa.span_reader.BUDGET_PIECES", 7)
    find_spans(model, "Which sound has a dog?", [passage(rows)])
    assert model.read == ["Pet: dog; Sound: bark"]


def test_a_question_in_the_text_is_quoted_with_its_answer():
    model = MarkedModel("never")
    (found, *_) = find_spans(model, "Free?", [passage("It sank.|Is it free?|No, never.|It sails.")])
    assert found.passage.slice(*found.quote) == "Is it free? No, never."
    model = MarkedModel("free")
    (found, *_) = find_spans(model, "Free?", [passage("It sank.|Is it free?|No, never.|It sails.")])
    assert found.passage.slice(*found.quote) == "Is it free? No, never."
    (found, *_) = find_spans(model, "Free?", [passage("It sank.|Is it free?")])
    assert found.passage.slice(*found.quote) == "Is it free?"


def test_a_sentence_that_states_what_is_asked_answers_yes_or_no():
    text = "Dogs are allowed on all ferries.|Dogs bark."
    read = SpanReader(MarkedModel("cats"), HALF).read
    scores = [s.score for s in read("Are dogs allowed on ferries?", [passage(text)]).spans]
    assert scores == [0.5, 0.018]  # margin -8, and half of it
    others = read("Which dogs are allowed on ferries?", [passage(text)]).spans
    assert max(s.score for s in others) < 0.5


def test_what_stands_first_under_the_same_question_answers():
    read = SpanReader(MarkedModel("cats"), HALF).read
    under = passage("No, never.|It sails.", heading=("Questions", "May I bring my dog?"))
    found = read("May I bring a dog?", [under])
    assert [(s.start, s.score) for s in found.spans] == [(0, 0.5), (11, 0.018)]
    other = replace(under, heading=("Questions", "May I bring my boat?"))
    assert read("May I bring a dog?", [other]).spans[0].score == 0.018
