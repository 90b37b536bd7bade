"""The one place where a calibration meets answers: thresholds before, probabilities after."""

from dataclasses import replace

from qa.calibration.maps import AnyMap
from qa.calibration.models import Calibration
from qa.inquiry import Inquiry
from qa.models import Answer, Candidate, Citation
from qa.read import Reading


def least_score(calibration: Calibration | None, threshold: float | None) -> float | None:
    """Return the lowest raw score that answers.

    Args:
        calibration: The one in use, if any.
        threshold: What the user set, as the confidence that is shown; None where nothing.

    Returns:
        None for the reader's own.
    """
    if calibration is None:
        return threshold
    return calibration.score if threshold is None else calibration.map.least_score(threshold)


def calibrated_inquiry(inquiry: Inquiry, calibration: Calibration) -> Inquiry:
    """Return an answer, and what was read for it, with calibrated probabilities."""
    by = calibration.map
    return inquiry._replace(
        answer=calibrated(inquiry.answer, calibration),
        readings=tuple(_reading(reading, by) for reading in inquiry.readings),
    )


def _reading(reading: Reading, by: AnyMap) -> Reading:
    spans = tuple(replace(span, score=by.of(span.score)) for span in reading.spans)
    return Reading(spans, by.of(reading.threshold))


def calibrated(answer: Answer, calibration: Calibration) -> Answer:
    """Return an answer with calibrated probabilities in place of the reader's.

    Quotes, their order and whether there is an answer stay as they are. Where nothing was found
    at all, the confidence stays 0.
    """
    by = calibration.map
    found = bool(answer.citations or answer.nearest)
    return answer.model_copy(
        update={
            "confidence": by.of(answer.confidence) if found else answer.confidence,
            "citations": _citations(answer.citations, by),
            "nearest": _citations(answer.nearest, by),
            "candidates": _candidates(answer.candidates, by),
            "differing": _candidates(answer.differing, by),
            "sides": tuple(
                side.model_copy(update={"citations": _citations(side.citations, by)})
                for side in answer.sides
            ),
        }
    )


def _citations(citations: tuple[Citation, ...], by: AnyMap) -> tuple[Citation, ...]:
    return tuple(cited.model_copy(update={"score": by.of(cited.score)}) for cited in citations)


def _candidates(candidates: tuple[Candidate, ...], by: AnyMap) -> tuple[Candidate, ...]:
    return tuple(
        each.model_copy(
            update={
                "confidence": by.of(each.confidence),
                "citations": _citations(each.citations, by),
            }
        )
        for each in candidates
    )
