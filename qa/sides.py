"""The answer to a comparison: what the documents say of each side."""

from collections.abc import Mapping, Sequence
from functools import cache

from index.rows import IndexState
from qa.choose import distinct
from qa.comparison import Comparison
from qa.compose import Source, cite, summary, text_of
from qa.kind import QuestionKind
from qa.models import Answer, Side
from qa.read import Reading, Span
from qa.sentence_reader import stems_above
from qa.terms import all_stems, content_stems, has_term

QUOTES_OF_A_SIDE = 3
"""Most quotes for one side of a comparison."""

_NEAR_BEST = 0.5  # of the best quote's score; a side may be spoken of in other words as well
_NEAREST = 3  # passages shown when nothing answers


def compose_sides(
    question: str,
    compared: Comparison,
    readings: Sequence[Reading],
    sources: Mapping[int, Source],
    state: IndexState,
    *,
    threshold: float | None = None,
) -> Answer:
    """Build the answer to a comparison from what the reader found for each side.

    A quote must speak of its side. One that speaks of both stands where it says more; on both only
    where a side would have nothing else.

    Args:
        question: As it was asked.
        compared: The question taken apart.
        readings: One of each side.
        sources: The document that each span stands in, by its row id.
        state: The index that was asked.
        threshold: Least score of an answer; None takes the reader's.

    Raises:
        QuoteError: a span does not lie in its document's text as it was read.
    """
    found = [
        _evidence(reading, terms, threshold) or _sayings(reading, subject, threshold, compared)
        for reading, terms, subject in zip(
            readings, _own_terms(compared), compared.subjects, strict=True
        )
    ]
    one, other = found
    chosen = [_chosen(one, other, first=True), _chosen(other, one, first=False)]
    cited = cache(lambda span: cite(span, sources))
    sides = tuple(
        Side(subject=subject, citations=tuple(cited(span) for span in spans))
        for subject, spans in zip(compared.subjects, chosen, strict=True)
    )
    citations = tuple(
        {(c.document.path, c.start, c.end): c for side in sides for c in side.citations}.values()
    )
    spans = sorted((s for r in readings for s in r.spans), key=lambda span: -span.score)
    return Answer(
        question=question,
        answered=bool(citations),
        text=text_of(citations),
        confidence=max((c.score for c in citations), default=spans[0].score if spans else 0.0),
        citations=citations,
        nearest=() if citations else tuple(cited(span) for span in distinct(spans, _NEAREST)),
        candidates=(),
        index=summary(state),
        kind=QuestionKind.COMPARISON,
        sides=sides,
    )


def _own_terms(compared: Comparison) -> list[tuple[frozenset[str], frozenset[str]]]:
    """Return, for each side, the terms that are its own and those of the other side."""
    one, other = (frozenset(content_stems(subject)) for subject in compared.subjects)
    own, others = one - other or one, other - one or other
    return [(own, others), (others, own)]


def _evidence(
    reading: Reading, terms: tuple[frozenset[str], frozenset[str]], threshold: float | None
) -> list[Span]:
    """Return the spans that reach the threshold and speak of the side, best first."""
    least = reading.threshold if threshold is None else threshold
    spans = [span for span in reading.spans if span.score >= least and _speaks_of(span, *terms)]
    return [span for span in spans if span.score >= _NEAR_BEST * spans[0].score]


def _sayings(
    reading: Reading, subject: str, threshold: float | None, compared: Comparison
) -> list[Span]:
    """Return what is said of a subject, for a comparison that asks for nothing in particular.

    A sentence that begins with the subject is about it, so half the threshold is enough.
    """
    if not compared.in_general:
        return []
    least = (reading.threshold if threshold is None else threshold) / 2
    return [span for span in reading.spans if span.score >= least and _begins(span, subject)]


def _begins(span: Span, subject: str) -> bool:
    named = content_stems(subject)
    return content_stems(span.passage.slice(span.start, span.end))[: len(named)] == named


def _speaks_of(span: Span, own: frozenset[str], others: frozenset[str]) -> bool:
    """Tell whether a quote is about a side: it names it, or what stands around names it alone."""
    passage = span.passage
    quote = all_stems(passage.slice(span.start, span.end))
    if _names(own, quote):
        return True
    if _names(others, quote):
        return False
    above = stems_above(passage)
    if _names(own, above):
        return True
    text = all_stems(passage.text)
    return _names(own, text) and not _names(others, text | above)


def _names(terms: frozenset[str], found: frozenset[str]) -> bool:
    """Tell whether at least half of a subject's own terms are among others."""
    return 2 * sum(has_term(term, found) for term in terms) >= len(terms)


def _chosen(spans: Sequence[Span], other: Sequence[Span], *, first: bool) -> list[Span]:
    """Return a side's quotes, without those that say more of the other; ties go to the first."""
    theirs = {_place(span): span.score for span in other}
    own = [
        span for span in spans if (span.score, first) > (theirs.get(_place(span), -1.0), not first)
    ]
    return distinct(own or spans, QUOTES_OF_A_SIDE)


def _place(span: Span) -> tuple[str, int, int]:
    return span.passage.document.path, span.start, span.end
