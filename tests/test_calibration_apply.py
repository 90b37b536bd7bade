"""A calibration and an answer."""

import math

import pytest
from answers import answered, citation
from calibrations import calibration
from passages import passage, span

from qa.calibration.apply import calibrated, calibrated_inquiry, least_score
from qa.inquiry import Inquiry
from qa.models import Candidate, Side
from qa.read import Reading


def scored(score, start=10):
    return citation(start=start).model_copy(update={"score": score})


def test_every_score_of_an_answer_is_calibrated_and_nothing_else_changes():
    cited, other = scored(0.8), scored(0.6, 90)
    candidate = Candidate(text="nine", confidence=0.8, citations=(cited, other))
    raw = answered(cited, other, candidates=(candidate,)).model_copy(
        update={
            "confidence": 0.8,
            "differing": (candidate,),
            "sides": (Side(subject="gate", citations=(other,)),),
        }
    )
    found = calibrated(raw, calibration())
    assert found.confidence == 0.4
    assert [c.score for c in found.citations] == [0.4, 0.3]
    for group in (found.candidates[0], found.differing[0]):
        assert (group.confidence, [c.score for c in group.citations]) == (0.4, [0.4, 0.3])
    assert found.sides[0].citations[0].score == 0.3
    names = {"confidence", "citations", "candidates", "differing", "sides"}
    assert found.model_dump(exclude=names) == raw.model_dump(exclude=names)
    unscored = [c.model_dump(exclude={"score"}) for c in found.citations]
    assert unscored == [c.model_dump(exclude={"score"}) for c in raw.citations]


def test_what_was_read_is_calibrated_too():
    read = passage(1, "a.txt", "A b.", "C d.")
    spans = span(read, 0, 0.8), span(read, 1, 0.2)
    raw = Inquiry(answered(), ((read,),), (Reading(spans, 0.6),))
    found = calibrated_inquiry(raw, calibration())
    assert [(s.start, s.end, s.score) for s in found.spans()] == [(0, 4, 0.4), (5, 9, 0.1)]
    assert (found.readings[0].threshold, found.passages) == (0.3, raw.passages)
    assert found.answer.confidence == 0.437


def test_what_came_near_is_calibrated_too():
    raw = answered(nearest=(scored(0.2),)).model_copy(update={"confidence": 0.2})
    found = calibrated(raw, calibration())
    assert (found.answered, found.confidence, found.nearest[0].score) == (False, 0.1, 0.1)


def test_where_nothing_was_found_at_all_confidence_stays_0():
    raw = answered().model_copy(update={"answered": False, "citations": (), "confidence": 0.0})
    assert calibrated(raw, calibration()).confidence == 0.0


def test_the_lowest_score_is_that_of_the_user_or_the_calibration_or_the_reader():
    assert least_score(None, None) is None
    assert least_score(None, 0.3) == 0.3
    assert least_score(calibration(), None) == 0.8
    assert least_score(calibration(), 0.3) == pytest.approx(0.6, abs=1e-3)  # shown as 0.3
    assert least_score(calibration(), 0.0) == 0.0
    assert least_score(calibration(), 0.6) == math.inf
