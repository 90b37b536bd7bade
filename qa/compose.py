"""Spans to an answer: quotes that are checked against the stored text, or none."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from typing import NamedTuple

from index.document import Location
from index.errors import QuoteError
from index.formats.fragment import text_fragment
from index.formats.layout import rectangles
from index.rows import IndexState, StoredDocument
from qa.choose import choose, distinct
from qa.differ import differing
from qa.kind import question_kind
from qa.models import (
    Answer,
    AnswerSpan,
    Candidate,
    Citation,
    CitedDocument,
    CitedLocation,
    CitedRectangle,
    IndexSummary,
)
from qa.read import Reading, Span
from qa.squad import normalise

_CANDIDATES = 5  # different answers kept
_NEAREST = 3  # passages shown when nothing answers


class Source(NamedTuple):
    """A document's whole text, where its parts are in the original, and where that is found."""

    text: str
    locations: Sequence[Location] = ()
    paths: Sequence[str] = ()
    url: str | None = None
    layout: bytes | None = None


def compose(
    question: str,
    reading: Reading,
    sources: Mapping[int, Source],
    state: IndexState,
    *,
    max_citations: int,
    threshold: float | None = None,
) -> Answer:
    """Build the answer from what the reader found.

    Args:
        question: As it was asked.
        reading: Spans, best first.
        sources: The document that each span stands in, by its row id.
        state: The index that was asked.
        max_citations: Most quotes in the answer.
        threshold: Least score of an answer; None takes the reader's.

    Raises:
        QuoteError: a span does not lie in its document's text as it was read.
    """
    least = reading.threshold if threshold is None else threshold
    kind = question_kind(question)
    reached = [span for span in reading.spans if span.score >= least]
    groups = differing(question, kind, reached)
    chosen = [group[0] for group in groups] or choose(kind, reached, max_citations)
    nearest = [] if reached else distinct(reading.spans, _NEAREST)
    cited = cache(lambda span: cite(span, sources))
    citations = tuple(cited(span) for span in chosen)
    return Answer(
        question=question,
        answered=bool(reached),
        text=text_of(citations),
        confidence=reading.spans[0].score if reading.spans else 0.0,
        citations=citations,
        nearest=tuple(cited(span) for span in nearest),
        candidates=_candidates(reached, cited, max_citations, max(_CANDIDATES, len(chosen))),
        index=summary(state),
        kind=kind,
        differing=tuple(_candidate(group, cited, max_citations) for group in groups),
    )


def text_of(citations: Sequence[Citation]) -> str:
    """Return quotes with their numbers, a paragraph each."""
    return "\n\n".join(f"{c.quote} [{number}]" for number, c in enumerate(citations, 1))


def summary(state: IndexState) -> IndexSummary:
    """Return the index's state as an answer shows it."""
    return IndexSummary.model_validate(asdict(state))


def cite(span: Span, sources: Mapping[int, Source]) -> Citation:
    """Return the citation for a span, its quote cut from the stored text and checked.

    Raises:
        QuoteError: the stored text at the offsets is not what the reader read.
    """
    passage = span.passage
    text, locations, paths, url, layout = sources[passage.document.rowid]
    quote = text[span.start : span.end]
    if not quote or quote != passage.slice(span.start, span.end):
        raise QuoteError(
            f"{passage.document.path}: characters {span.start} to {span.end} are not the quote; "
            "no citation is given"
        )
    places = places_at(locations, span.start, span.end)
    answer = None
    if span.answer is not None:
        start, end = span.answer
        if not span.start <= start < end <= span.end:
            raise QuoteError(
                f"{passage.document.path}: answer {start} to {end} is not in its quote"
            )
        answer = AnswerSpan(text=text[start:end], start=start, end=end)
    return Citation(
        quote=quote,
        start=span.start,
        end=span.end,
        answer=answer,
        document=cited_document(passage.document, paths),
        page=first_page(places),
        locations=places,
        rectangles=_rectangles(passage.document.path, layout, span.start, span.end),
        link=None if url is None else url + text_fragment(quote),
        heading=passage.heading,
        score=span.score,
    )


def places_at(locations: Sequence[Location], start: int, end: int) -> tuple[CitedLocation, ...]:
    """Return the places that `[start, end)` touches, each once."""
    touched = [place for place in locations if place.start < end and start < place.end]
    named = dict.fromkeys((place.kind, place.name) for place in touched)
    return tuple(CitedLocation(kind=kind, name=name) for kind, name in named)


def _rectangles(
    path: str, layout: bytes | None, start: int, end: int
) -> tuple[CitedRectangle, ...]:
    if layout is None:
        return ()
    try:
        found = rectangles(layout, start, end)
    except ValueError as error:
        raise QuoteError(f"{path}: {error}") from error
    return tuple(CitedRectangle.model_validate(asdict(rectangle)) for rectangle in found)


def first_page(places: Iterable[CitedLocation]) -> int | None:
    """Return the number of the first page among places, None where there is none."""
    return next((int(p.name) for p in places if p.kind == "page" and p.name.isdigit()), None)


def cited_document(document: StoredDocument, paths: Sequence[str] = ()) -> CitedDocument:
    """Return what a citation says of a document that is found under these paths."""
    return CitedDocument(
        id=document_id(document.path),
        path=document.path,
        title=document.title,
        sha256=document.sha256,
        date=document.date,
        media_type=document.media_type,
        authors=document.authors,
        language=document.language,
        copies=tuple(path for path in paths if path != document.path),
    )


def document_id(path: str) -> str:
    """Return the short name of the document at a path."""
    return hashlib.sha256(path.encode()).hexdigest()[:16]


def _candidates(
    spans: Iterable[Span], cited: Callable[[Span], Citation], max_citations: int, limit: int
) -> tuple[Candidate, ...]:
    """Return the first different answers, each with the documents that give it; best first."""
    groups: dict[str, dict[str, Span]] = {}
    for span in spans:
        words = span.passage.slice(*(span.answer or (span.start, span.end)))
        group = groups.setdefault(normalise(words) or words, {})
        group.setdefault(span.passage.document.path, span)
    first = list(groups.values())[:limit]
    return tuple(_candidate(list(group.values()), cited, max_citations) for group in first)


def _candidate(
    spans: Sequence[Span], cited: Callable[[Span], Citation], max_citations: int
) -> Candidate:
    """Return the answer that spans give, in the words of the first."""
    citations = tuple(cited(span) for span in spans[:max_citations])
    first = citations[0]
    return Candidate(
        text=first.answer.text if first.answer else first.quote,
        confidence=max(span.score for span in spans),
        citations=citations,
    )
