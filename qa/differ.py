"""Sources that give different answers to the same question: which, and the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa.kind import QuestionKind
from qa.read import Span
from qa.sentence_reader import Asked, coverage, default_model, stems_above
from qa.terms import all_stems, content_stems, has_term
from qa.terms import names as named_in
from qa.values import Value, value_of

NEAR_BEST = 0.6
"""Share of the best score that an answer must have to stand against the best one."""

_COVERAGE_GAP = 0.1  # by which a passage may hold less of the question's words than the best one
_ALIKE = 0.4  # least Dice coefficient of the words around two answers that speak of one matter
_MOST = 5  # different answers shown


@dataclass(frozen=True, slots=True)
class _Told:
    """A span that answers, with the value that it gives."""

    span: Span
    value: Value
    answer: frozenset[str]
    said: frozenset[str]

    def contradicts(self, other: "_Told") -> bool:
        """Tell whether both cannot be right, and neither says the other's answer as well."""
        also = (
            one.answer and one.answer <= two.said for one, two in ((self, other), (other, self))
        )
        return self.value.contradicts(other.value) and not any(also)

    @property
    def document(self) -> str:
        return self.span.passage.document.path

    @property
    def date(self) -> str:
        """The document's date; empty for none, which sorts as the oldest."""
        return self.span.passage.document.date or ""


def differing(question: str, kind: QuestionKind, spans: Sequence[Span]) -> list[list[Span]]:
    """Return the answers that contradict the best one or each other, newest document first.

    Each answer is the spans that give it, newest first; undated ones come last. Empty where the
    sources agree, or where it is open whether they do: two answers in one document are taken for
    two sayings, and two quotes speak of one matter only where they share most words.

    Args:
        question: As it was asked.
        kind: Of the question.
        spans: Those that reach the threshold, by (-score, path, start).
    """
    told = _told(question, kind, spans)
    groups: list[list[_Told]] = []
    for one in told:
        group = _group_of(one, groups)
        if group is not None:
            group.append(one)
        elif len(groups) < _MOST and _of_one_matter(one, groups):
            groups.append([one])
    if len(groups) < 2:  # noqa: PLR2004
        return []
    ranked = [_newest_first(group) for group in groups]
    ranked.sort(key=lambda group: group[0].span.score, reverse=True)
    ranked.sort(key=lambda group: group[0].date, reverse=True)  # stable
    return [[one.span for one in group] for group in ranked]


def _group_of(one: _Told, groups: list[list[_Told]]) -> list[_Told] | None:
    """Return the first answer that this one does not contradict."""
    for group in groups:
        if not any(one.contradicts(other) for other in group):
            return group
    return None


def _of_one_matter(one: _Told, groups: list[list[_Told]]) -> bool:
    """Tell whether other documents have answered so far, and in words like these."""
    others = [other for group in groups for other in group]
    return all(one.document != other.document for other in others) and all(
        2 * len(one.said & other.said) >= _ALIKE * (len(one.said) + len(other.said))
        for other in others
    )


def _newest_first(group: list[_Told]) -> list[_Told]:
    """Order by (-date, -score); one span a document."""
    by_document: dict[str, _Told] = {}
    for one in group:
        by_document.setdefault(one.document, one)
    ordered = sorted(by_document.values(), key=lambda one: -one.span.score)
    return sorted(ordered, key=lambda one: one.date, reverse=True)


def _told(question: str, kind: QuestionKind, spans: Sequence[Span]) -> list[_Told]:
    """Return the spans that give a value and speak of what was asked as much as the best one."""
    if not spans:
        return []
    terms = Asked.of(question, default_model()).terms
    named = named_in(question)
    least = NEAR_BEST * spans[0].score
    told = []
    best: float | None = None
    for span in spans:
        passage = stems_above(span.passage) | all_stems(span.passage.text)
        share = coverage(terms, passage)
        best = share if best is None else best
        near = span.score >= least and share >= best - _COVERAGE_GAP
        value = _value(kind, span) if near else None
        if value is not None and all(has_term(name, passage) for name in named):
            told.append(_Told(span, value, *_words(span)))
    return told


def _value(kind: QuestionKind, span: Span) -> Value | None:
    quote = span.passage.slice(span.start, span.end)
    if span.answer is None:
        return value_of(kind, quote)
    return value_of(kind, quote, (span.answer[0] - span.start, span.answer[1] - span.start))


def _words(span: Span) -> tuple[frozenset[str], frozenset[str]]:
    """Return the stems of the answer that is marked, if any, and of what stands around it."""
    passage = span.passage
    if span.answer is None:
        return frozenset(), frozenset(content_stems(passage.slice(span.start, span.end)))
    start, end = span.answer
    around = f"{passage.slice(span.start, start)} {passage.slice(end, span.end)}"
    return frozenset(content_stems(passage.slice(start, end))), frozenset(content_stems(around))
