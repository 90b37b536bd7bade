"""Which of the spans that answer are quoted, by the kind of question."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from qa.kind import QuestionKind
from qa.read import Span

NEAR_BEST = 0.8
"""A further quote must score at least this share of the best one."""

LIST_CITATIONS = 10
"""Most quotes of an answer that is a list."""

_NEAR_BEST_IN_LISTS = 0.4  # an item less like the question is an item as well
_ITEMS_OF_A_PASSAGE = 3  # before other passages had their turn
_DENIAL = re.compile(
    r"\b(?:no|not|never|none|cannot|without|neither|nor|nobody|nothing|unable|fail(?:s|ed)?|refus\w+"
    r"|forbid\w*|forbidden|prohibit\w*|illegal|unlawful|except|exclud\w+|den(?:y|ies|ied))\b"
    r"|n['’]t\b",
    re.IGNORECASE,
)


def choose(kind: QuestionKind, spans: Sequence[Span], max_citations: int) -> list[Span]:
    """Return the spans to quote, best first.

    Args:
        kind: Of the question.
        spans: Those that reach the threshold, by (-score, path, start).
        max_citations: Most quotes; a list may have `LIST_CITATIONS`.
    """
    if not spans:
        return []
    if kind is QuestionKind.LIST:
        return _items(_near(spans, _NEAR_BEST_IN_LISTS), max(max_citations, LIST_CITATIONS))
    chosen = distinct(_near(spans, NEAR_BEST), max_citations)
    if kind is QuestionKind.YES_NO:
        return _with_the_contrary(chosen, spans, max_citations)
    return chosen


def distinct(spans: Iterable[Span], limit: int) -> list[Span]:
    """Return the first spans that do not repeat one another, by their words or their place."""
    chosen: dict[str, Span] = {}
    for span in spans:
        words = " ".join(span.passage.slice(span.start, span.end).split())
        if words not in chosen and not any(overlap(span, other) for other in chosen.values()):
            chosen[words] = span
        if len(chosen) == limit:
            break
    return list(chosen.values())


def overlap(one: Span, other: Span) -> bool:
    """Tell whether two spans share characters of a document."""
    same = one.passage.document.rowid == other.passage.document.rowid
    return same and one.start < other.end and other.start < one.end


def _near(spans: Sequence[Span], share: float) -> list[Span]:
    return [span for span in spans if span.score >= spans[0].score * share]


def _items(spans: Sequence[Span], limit: int) -> list[Span]:
    """Return different items, a few of each passage first, so that no passage has all places."""
    found = distinct(spans, len(spans))
    taken: Counter[tuple[int, int]] = Counter()
    early: list[Span] = []
    late: list[Span] = []
    for span in found:
        passage = span.passage.document.rowid, span.passage.start
        taken[passage] += 1
        (early if taken[passage] <= _ITEMS_OF_A_PASSAGE else late).append(span)
    kept = [*early, *late][:limit]
    return [span for span in found if span in kept]


def _with_the_contrary(chosen: list[Span], spans: Sequence[Span], max_citations: int) -> list[Span]:
    """Put the best sentence that says the contrary last, where all chosen say the same."""
    denials = {_denies(span) for span in chosen}
    contrary = [span for span in spans if _denies(span) not in denials]
    if len(denials) != 1 or not contrary:
        return chosen
    kept = chosen[: max(max_citations - 1, 1)]
    return distinct([*kept, *contrary], len(kept) + 1)


def _denies(span: Span) -> bool:
    return _DENIAL.search(span.passage.slice(span.start, span.end)) is not None
