import dataclasses

import numpy as np
import pytest

from index.document import Location
from index.errors import QuoteError
from index.formats.layout import COLUMNS, pack
from index.rows import IndexState, StoredDocument
from qa.compose import Source, cite, compose
from qa.read import Passage, Reading, Span, ordered

TEXT = "Zoë 😀 left. He ran fast! Then nothing."
DOCUMENT = StoredDocument(1, "/d/a.txt", 44, "f" * 64, "e" * 64, "A", "2024-05-01", "text/plain")
PASSAGE = Passage(DOCUMENT, 6, TEXT[6:], ("H",), ((12, 24), (25, 39)), 0.5, 0.9)
STATE = IndexState(3, 1, 1)


def span(start, end, score, answer=None, passage=PASSAGE):
    return Span(passage, start, end, score, answer)


def composed(*spans, threshold=None, max_citations=3):
    reading = Reading(ordered(spans), 0.5)
    return compose(
        "q?", reading, {1: Source(TEXT)}, STATE, max_citations=max_citations, threshold=threshold
    )


def test_an_answer_is_quotes_and_markers_only():
    answer = composed(span(12, 24, 0.9, (15, 18)), span(25, 38, 0.8), span(6, 11, 0.2))
    assert answer.answered is True
    assert answer.text == "He ran fast! [1]\n\nThen nothing. [2]"
    assert answer.confidence == 0.9
    assert answer.nearest == ()
    assert answer.model_dump()["citations"][0] == {
        "quote": "He ran fast!",
        "start": 12,
        "end": 24,
        "answer": {"text": "ran", "start": 15, "end": 18},
        "document": {
            "id": "d283a2a73d0507a5",
            "path": "/d/a.txt",
            "title": "A",
            "sha256": "e" * 64,
            "date": "2024-05-01",
            "media_type": "text/plain",
            "authors": None,
            "language": None,
            "copies": (),
        },
        "page": None,
        "locations": (),
        "rectangles": (),
        "link": None,
        "heading": ("H",),
        "score": 0.9,
    }
    assert answer.index.model_dump() == {
        "generation": 3,
        "documents": 1,
        "chunks": 1,
        "failed": 0,
        "partial": 0,
        "copies": 0,
        "search": "hybrid",
    }


def test_a_citation_names_the_places_that_its_quote_touches():
    places = [
        Location(0, 12, "page", "2"),
        Location(12, 39, "page", "3"),
        Location(12, 24, "row", "7"),
        Location(25, 39, "row", "8"),
    ]
    found = cite(span(6, 24, 0.9), {1: Source(TEXT, places)})
    assert found.page == 2
    assert [(p.kind, p.name) for p in found.locations] == [
        ("page", "2"),
        ("page", "3"),
        ("row", "7"),
    ]
    assert cite(span(6, 24, 0.9), {1: Source(TEXT, places[2:])}).page is None


def test_a_citation_has_rectangles_and_a_link_where_they_are_known():
    spots = np.zeros((len(TEXT), COLUMNS), dtype=np.int32)
    for at in range(12, 24):  # page 2, line 1, 6 points a letter
        spots[at] = (2, 1, 60 * (at - 12), 7000, 60 * (at - 11), 7120)
    source = Source(TEXT, url="https://example.org/a", layout=pack(spots))
    found = cite(span(12, 24, 0.9), {1: source})
    assert [r.model_dump() for r in found.rectangles] == [
        {"page": 2, "left": 0.0, "bottom": 700.0, "right": 72.0, "top": 712.0}
    ]
    assert found.link == "https://example.org/a#:~:text=He%20ran%20fast%21"
    assert cite(span(25, 38, 0.9), {1: source}).rectangles == ()
    with pytest.raises(QuoteError, match=r"/d/a.txt: layout is damaged"):
        cite(span(12, 24, 0.9), {1: source._replace(layout=b"x")})


def test_further_quotes_must_come_near_the_best():
    assert len(composed(span(12, 24, 0.9), span(25, 38, 0.7)).citations) == 1
    assert len(composed(span(12, 24, 0.9), span(25, 38, 0.8), max_citations=1).citations) == 1


def test_below_the_threshold_nothing_is_claimed():
    answer = composed(span(12, 24, 0.49), span(25, 38, 0.2))
    assert (answer.answered, answer.text, answer.citations) == (False, "", ())
    assert [c.quote for c in answer.nearest] == ["He ran fast!", "Then nothing."]
    assert answer.confidence == 0.49
    assert composed(span(12, 24, 0.49), threshold=0.0).answered is True


def test_different_answers_are_kept_and_the_same_ones_support_each_other():
    twin = dataclasses.replace(DOCUMENT, rowid=2, path="/d/b.txt")
    other = dataclasses.replace(PASSAGE, document=twin, text=TEXT[6:].replace("ran", "Ran"))
    spans = [
        span(12, 24, 0.9, (15, 18)),  # ran
        span(12, 24, 0.7, (15, 18), passage=other),  # Ran
        span(25, 38, 0.6, (30, 37)),  # nothing
        span(6, 11, 0.4),
    ]
    texts = {1: Source(TEXT), 2: Source(TEXT.replace("ran", "Ran"))}
    answer = compose("q?", Reading(ordered(spans), 0.5), texts, STATE, max_citations=3)
    assert [(c.text, c.confidence) for c in answer.candidates] == [("ran", 0.9), ("nothing", 0.6)]
    places = [[c.document.path for c in found.citations] for found in answer.candidates]
    assert places == [["/d/a.txt", "/d/b.txt"], ["/d/a.txt"]]
    assert [c.quote for c in answer.citations] == ["He ran fast!"]
    assert [c.text for c in answer.other_candidates] == ["nothing"]


def test_a_quote_that_overlaps_another_tells_nothing_new():
    answer = composed(span(12, 24, 0.9), span(12, 38, 0.85))
    assert [c.quote for c in answer.citations] == ["He ran fast!"]


def test_there_are_as_many_candidates_as_different_quotes():
    spans = [span(n, n + 1, 0.9 - n / 100, (n, n + 1)) for n in (12, 13, 15, 16, 17, 19, 21, 22)]
    answer = composed(*spans, max_citations=7)
    assert len(answer.citations) == len(answer.candidates) == 7
    assert len(composed(*spans, max_citations=1).candidates) == 5


def test_without_short_answers_each_quote_is_a_candidate():
    answer = composed(span(12, 24, 0.9), span(25, 38, 0.8))
    assert [c.text for c in answer.candidates] == ["He ran fast!", "Then nothing."]
    assert answer.other_candidates == ()
    assert composed(span(12, 24, 0.4)).candidates == ()


def test_no_spans_no_answer():
    answer = composed(threshold=0.0)
    assert (answer.answered, answer.confidence, answer.nearest) == (False, 0.0, ())


def test_the_same_words_are_quoted_once():
    twin = dataclasses.replace(DOCUMENT, rowid=2, path="/d/b.txt")
    other = dataclasses.replace(PASSAGE, document=twin)
    reading = Reading(ordered([span(12, 24, 0.9), span(12, 24, 0.9, passage=other)]), 0.5)
    answer = compose("q?", reading, {1: Source(TEXT), 2: Source(TEXT)}, STATE, max_citations=3)
    assert [c.document.path for c in answer.citations] == ["/d/a.txt"]


@pytest.mark.parametrize("text", [TEXT[1:], TEXT.replace("ran", "RAN"), ""])
def test_a_quote_that_the_stored_text_does_not_hold_is_no_citation(text):
    with pytest.raises(QuoteError, match=r"/d/a.txt: characters 12 to 24 are not the quote"):
        cite(span(12, 24, 0.9), {1: Source(text)})


@pytest.mark.parametrize("answer", [(11, 13), (20, 25), (15, 15)])
def test_a_short_answer_must_lie_in_its_quote(answer):
    with pytest.raises(QuoteError, match="is not in its quote"):
        cite(span(12, 24, 0.9, answer), {1: Source(TEXT)})


def test_spans_are_ordered_by_score_path_start_each_place_once():
    found = ordered([span(25, 38, 0.5), span(12, 24, 0.5), span(25, 38, 0.7), span(6, 11, 0.5)])
    assert [(s.start, s.score) for s in found] == [(25, 0.7), (6, 0.5), (12, 0.5)]
