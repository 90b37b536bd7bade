"""Spans to an answer: quotes that are checked against the stored text, or none."""

import hashlib
from collections.abc import Iterable, Mapping

from index.errors import QuoteError
from index.store import IndexState, StoredDocument
from qa.models import Answer, AnswerSpan, Candidate, Citation, CitedDocument, IndexSummary
from qa.read import Reading, Span
from qa.squad import normalise

_NEAR_BEST = 0.8  # a further quote must score at least this share of the best one
_CANDIDATES = 5  # different answers kept
_NEAREST = 3  # passages shown when nothing answers


def compose(
    question: str,
    reading: Reading,
    texts: Mapping[int, str],
    state: IndexState,
    *,
    max_citations: int,
    threshold: float | None = None,
) -> Answer:
    """Build the answer from what the reader found.

    Args:
        question: As it was asked.
        reading: Spans, best first.
        texts: Whole text of each document that a span stands in, by the document's row id.
        state: The index that was asked.
        max_citations: Most quotes in the answer.
        threshold: Least score of an answer; None takes the reader's.

    Raises:
        QuoteError: a span does not lie in its document's text as it was read.
    """
    least = reading.threshold if threshold is None else threshold
    best = reading.spans[0].score if reading.spans else 0.0
    answered = bool(reading.spans) and best >= least
    wanted = [span for span in reading.spans if span.score >= max(least, best * _NEAR_BEST)]
    chosen = _distinct(wanted, max_citations) if answered else []
    nearest = [] if answered else _distinct(reading.spans, _NEAREST)
    citations = tuple(cite(span, texts) for span in chosen)
    reached = [span for span in reading.spans if span.score >= least]
    return Answer(
        question=question,
        answered=answered,
        text="\n\n".join(f"{c.quote} [{number}]" for number, c in enumerate(citations, 1)),
        confidence=best,
        citations=citations,
        nearest=tuple(cite(span, texts) for span in nearest),
        candidates=_candidates(reached, texts, max_citations),
        index=summary(state),
    )


def summary(state: IndexState) -> IndexSummary:
    """Return the index's state as an answer shows it."""
    return IndexSummary(generation=state.generation, documents=state.documents, chunks=state.chunks)


def cite(span: Span, texts: Mapping[int, str]) -> Citation:
    """Return the citation for a span, its quote cut from the stored text and checked.

    Raises:
        QuoteError: the stored text at the offsets is not what the reader read.
    """
    passage = span.passage
    text = texts[passage.document.rowid]
    quote = text[span.start : span.end]
    if not quote or quote != passage.slice(span.start, span.end):
        raise QuoteError(
            f"{passage.document.path}: characters {span.start} to {span.end} are not the quote; "
            "no citation is given"
        )
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
        document=cited_document(passage.document),
        page=None,
        heading=passage.heading,
        score=span.score,
    )


def cited_document(document: StoredDocument) -> CitedDocument:
    """Return what a citation says of a document."""
    return CitedDocument(
        id=hashlib.sha256(document.path.encode()).hexdigest()[:16],
        path=document.path,
        title=document.title,
        sha256=document.sha256,
        date=document.date,
    )


def _candidates(
    spans: Iterable[Span], texts: Mapping[int, str], max_citations: int
) -> tuple[Candidate, ...]:
    """Return the different answers, each with the documents that give it; best first."""
    groups: dict[str, dict[str, Span]] = {}
    for span in spans:
        words = span.passage.slice(*(span.answer or (span.start, span.end)))
        group = groups.setdefault(normalise(words) or words, {})
        group.setdefault(span.passage.document.path, span)
    found = []
    for group in list(groups.values())[:_CANDIDATES]:
        citations = tuple(cite(span, texts) for span in list(group.values())[:max_citations])
        best = citations[0]
        text = best.answer.text if best.answer else best.quote
        found.append(Candidate(text=text, confidence=best.score, citations=citations))
    return tuple(found)


def _distinct(spans: Iterable[Span], limit: int) -> list[Span]:
    """Return the first spans whose words differ; the same sentence twice tells nothing new."""
    seen: dict[str, Span] = {}
    for span in spans:
        words = " ".join(span.passage.slice(span.start, span.end).split())
        seen.setdefault(words, span)
        if len(seen) == limit:
            break
    return list(seen.values())
