"""Check the sentences of a text against an index: the best verbatim support of each, or none."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from index.rows import IndexState
from index.store import text_sha256
from qa.claim_models import CheckedClaim, ClaimCounts, ClaimsReport, Reasons, ValuePair
from qa.claim_parts import parts, understood
from qa.claim_sentences import CheckedText, is_claim
from qa.compose import Source, cite, summary
from qa.pronouns import ANAPHORS
from qa.read import Passage, Span
from qa.support import Quote, Support, Verdict, support
from qa.terms import words

Find = Callable[[str], Sequence[Passage]]
"""Returns the passages nearest to a few words, best first."""


def check_claim(
    text: str,
    start: int,
    end: int,
    find: Find,
    sources: Mapping[int, Source],
    *,
    before: str = "",
) -> CheckedClaim:
    """Return what the documents say to one sentence of a text.

    Args:
        text: The whole text that is checked.
        start: First character of the sentence.
        end: One past its last character.
        find: Searches the documents.
        sources: The documents by row id, from which quotes are cut.
        before: The sentence before, which says what "it" at the beginning is.

    Raises:
        QuoteError: a quote does not lie in its document's text as it was read.
    """
    written = text[start:end]
    if not is_claim(written):
        return CheckedClaim(text=written, start=start, end=end, verdict="no_claim")
    claim = understood(written, before)
    read = candidates(find(claim))
    found = support(claim, [each.quote() for each in read])
    joined = None if found.verdict is Verdict.SUPPORTED else parts(claim)
    if joined is not None:
        read = candidates([passage for part in (claim, *joined) for passage in find(part)])
        found = support(claim, [each.quote() for each in read])
    cited = tuple(cite(read[number].marked(found), sources) for number in found.quotes)
    nearest = found.verdict is Verdict.UNSUPPORTED
    return CheckedClaim(
        text=written,
        start=start,
        end=end,
        verdict=found.verdict.value,
        understood=None if claim == written else claim,
        citations=() if nearest else cited,
        nearest=cited if nearest else (),
        reasons=_reasons(found) if cited else None,
    )


class Candidate(NamedTuple):
    """A sentence that may support a claim; the span that is quoted may begin with the one before.

    `start` is where the sentence itself begins.
    """

    span: Span
    start: int

    def quote(self) -> Quote:
        """Return the sentence under its title and headings and the sentence before."""
        passage = self.span.passage
        before = passage.slice(self.span.start, self.start)
        above = " ".join((passage.document.title, *passage.heading, before))
        return Quote(passage.slice(self.start, self.span.end), above)

    def marked(self, found: Support) -> Span:
        """Return the span with its share as score and the number that differs as short answer."""
        answer = None
        if found.marked is not None:
            answer = self.start + found.marked[0], self.start + found.marked[1]
        return replace(self.span, score=found.share, answer=answer)


def candidates(passages: Sequence[Passage]) -> list[Candidate]:
    """Return the sentences of passages, each place once.

    One that begins with "it" or the like is quoted with the sentence before it.
    """
    found: dict[tuple[int, int], Candidate] = {}
    for passage in passages:
        before: int | None = None
        for start, end in passage.sentences:
            first = words(passage.slice(start, end))[:1]
            leans = bool(first) and first[0].lower() in ANAPHORS
            begin = before if leans and before is not None else start
            place = passage.document.rowid, start
            if place not in found or begin < found[place].span.start:
                found[place] = Candidate(Span(passage, begin, end, 0.0), start)
            before = start
    return list(found.values())


def report(text: CheckedText, claims: Sequence[CheckedClaim], state: IndexState) -> ClaimsReport:
    """Return the whole of what was found for a text's sentences."""
    counted = Counter(claim.verdict for claim in claims)
    return ClaimsReport(
        file=text.name,
        sha256=text_sha256(text.text),
        counts=ClaimCounts.model_validate(
            {name: counted[name] for name in ClaimCounts.model_fields}  # type: ignore[index]
        ),
        claims=tuple(claims),
        index=summary(state),
    )


def _reasons(found: Support) -> Reasons:
    return Reasons(
        share=found.share,
        shared=found.shared,
        missing=found.missing,
        agree=tuple(ValuePair(claim=mine, quote=theirs) for mine, theirs in found.agree),
        differ=tuple(ValuePair(claim=mine, quote=theirs) for mine, theirs in found.differ),
        absent=found.absent,
        denied=found.denied,
    )
