"""What is measured of one question, and the same of many as columns of numbers."""

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict

from qa.evaluation.measures import Floats, rankings
from qa.evaluation.record import Asked, Record, Stage
from qa.squad import exact_match, f1

Columns = Mapping[str, Floats]
"""Name to a number for each question, shape `(n,)`; NaN where there is none, flags are 0 and 1."""

FEWEST_GROUPS = 10
"""From so many groups on, they are drawn whole; from fewer, an interval by them says nothing."""

WAYS = ("", "read ", "document ", "read document ")
"""What is ranked: passages as retrieved and after reading, and documents likewise."""


class Outcome(BaseModel):
    """What is measured of a question.

    `ranks`, from 1, are those of the relevant passages, `read_ranks` the same after reading, when
    passages are ordered by the reader's confidence; `document_ranks` and `read_document_ranks` are
    those of the documents known to answer, None where none are known. `right` is whether the first
    quote supports the answer, `best_right` whether the reader's best candidate does. `em` and `f1`
    are those of the answer, 0 when silent, and `best_em` and `best_f1` those of the best candidate;
    None where there is no gold answer. `supported`, `in_gold` and `exact` count quotes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    question_sha256: str
    asked: Asked
    set: str | None
    group: str
    stage: Stage
    ranks: tuple[int, ...]
    read_ranks: tuple[int, ...]
    document_ranks: tuple[int, ...] | None
    read_document_ranks: tuple[int, ...] | None
    answered: bool
    confidence: float
    right: bool
    best_right: bool
    em: float | None
    f1: float | None
    best_em: float | None
    best_f1: float | None
    quotes: int
    supported: int
    in_gold: int | None
    exact: int
    seconds: float


def outcome(record: Record) -> Outcome:
    """Return what is measured of a question."""
    hits = record.hits
    read = [hits[number] for number in record.order_after_reading]
    documents = [list(dict.fromkeys(hit.document for hit in order)) for order in (hits, read)]
    known = [_ranks([name in record.gold for name in order]) for order in documents]
    best, quotes, answers = record.best, record.quotes, record.answers
    best_text = best.text if best else ""
    return Outcome(
        id=record.id,
        question_sha256=hashlib.sha256(record.question.encode()).hexdigest(),
        asked=record.asked,
        set=record.set,
        group=record.group,
        stage=record.stage,
        ranks=_ranks([hit.relevant for hit in hits]),
        read_ranks=_ranks([hit.relevant for hit in read]),
        document_ranks=known[0] if record.gold else None,
        read_document_ranks=known[1] if record.gold else None,
        answered=record.answered,
        confidence=record.confidence,
        right=bool(quotes) and quotes[0].supports,
        best_right=best is not None and best.supports,
        em=exact_match(record.text, answers) if answers else None,
        f1=f1(record.text, answers) if answers else None,
        best_em=exact_match(best_text, answers) if answers else None,
        best_f1=f1(best_text, answers) if answers else None,
        quotes=len(quotes) or int(record.fault is not None),
        supported=sum(quote.supports for quote in quotes),
        in_gold=sum(bool(quote.in_gold) for quote in quotes) if record.gold else None,
        exact=sum(quote.exact for quote in quotes),
        seconds=record.seconds,
    )


def clusters(outcomes: Sequence[Outcome]) -> list[str]:
    """Return what is drawn together with each outcome: its group, or its question if these are few.

    A question that is asked twice stays with its other self.
    """
    groups = [each.group for each in outcomes]
    return groups if len(set(groups)) >= FEWEST_GROUPS else [each.id for each in outcomes]


def _ranks(relevant: Sequence[bool]) -> tuple[int, ...]:
    return tuple(rank for rank, found in enumerate(relevant, 1) if found)


def columns(outcomes: Sequence[Outcome]) -> dict[str, Floats]:
    """Return the outcomes as columns, with the measures of retrieval for each.

    Raises:
        PinpointError: ir-measures is not installed.
    """
    asked = [each.asked for each in outcomes]
    found = {
        "answerable": _numbers([each is Asked.ANSWERABLE for each in asked]),
        "should be silent": _numbers([each is not Asked.ANSWERABLE for each in asked]),
        "withheld": _numbers([each is Asked.WITHHELD for each in asked]),
    }
    for name in ("answered", "confidence", "right", "em", "f1", "best_em", "best_f1", "best_right"):
        found[name] = _numbers([getattr(each, name) for each in outcomes])
    for name in ("quotes", "supported", "in_gold", "exact", "seconds"):
        found[name] = _numbers([getattr(each, name) for each in outcomes])
    found["silent"] = 1 - found["answered"]
    would = np.where(found["answered"] == 1, found["right"], found["best_right"])
    found["would be right"] = would * found["answerable"]
    found["would be wrong"] = 1 - found["would be right"]
    for way in WAYS:
        ranks = [getattr(each, f"{way.replace(' ', '_')}ranks") for each in outcomes]
        known = np.array([each is not None for each in ranks], dtype=bool)
        for name, values in rankings([each or () for each in ranks]).items():
            found[f"{way}{name}"] = np.where(known, values, np.nan)
    return found


def _numbers(values: Sequence[float | bool | None]) -> Floats:
    return np.array([np.nan if value is None else float(value) for value in values], np.float64)
