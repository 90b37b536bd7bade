"""Whether quotes bear out a sentence: by its words, its numbers and dates, and what it denies."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from qa.claim_parts import parts
from qa.claim_terms import ClaimTerms, claim_terms, close_together, has_other_names, stems
from qa.facts import Fact, compare, facts
from qa.order import turned_round
from qa.polarity import denied, denies, leaves_open, says_as_much

SUPPORTED = 0.87
"""Least share of a claim's words, weighted by rarity, in a quote that supports it."""

CONTRADICTED = 0.75
"""Least share of its other words in a quote that says the same with another number or date."""

DENIED = 0.8
"""Likewise where one denies what the other says; a denial of other things stands near by."""

_IN_QUOTE = 0.5  # least share in the quote itself; headings may tell the rest
_ABOVE = 0.8  # what a word counts that only the headings hold
_NEARER = 0.1  # by which a quote against a claim must hold more of it than one for it
_OF_A_NUMBER = 0.1  # what a number that agrees adds to the choice of the nearest quote
_LEAST_SAID = 2  # words and numbers; one alone stands anywhere
_LOOKED_AT = 12  # quotes with most of the words whose numbers are compared


class Verdict(StrEnum):
    """What quotes say to a claim."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim piece of a document, and what stands above it: title and headings."""

    text: str
    around: str = ""


@dataclass(frozen=True, slots=True)
class Support:
    """What the best quote says to a claim.

    Attributes:
        verdict: What it comes to.
        quotes: Numbers of the quotes that say it, counted from 0; the nearest one where nothing
            supports the claim, none where there was no quote. A claim that joins two facts may
            have two.
        share: Share of the claim's words found in them, weighted by rarity, 0 to 1.
        shared: Words of the claim that the quotes hold, as the claim has them.
        missing: Its other words.
        agree: Pairs of the claim's numbers and dates and the quotes', as written.
        differ: Likewise, where the quote has another one in its place.
        absent: Numbers and dates of the claim to which the quotes have nothing.
        denied: Whether one denies what the other says.
        marked: Where the first number or date that differs stands in the quote, `[start, end)`.
    """

    verdict: Verdict
    quotes: tuple[int, ...]
    share: float
    shared: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    agree: tuple[tuple[str, str], ...] = ()
    differ: tuple[tuple[str, str], ...] = ()
    absent: tuple[str, ...] = ()
    denied: bool = False
    marked: tuple[int, int] | None = None


def support(claim: str, quotes: Sequence[Quote]) -> Support:
    """Return what the best of some quotes says to a claim; without quotes it is unsupported.

    Supported means that nearly all words of the claim stand in one quote (or, for a claim of two
    parts, in two), that all its numbers, dates and names do, and that neither denies what the
    other says. It is no proof: words in another order may say something else.

    Args:
        claim: One sentence.
        quotes: What may support it, best first; the first of equals is taken.
    """
    whole = _best(claim, quotes)
    joined = None if whole.verdict is Verdict.SUPPORTED else parts(claim)
    if joined is None:
        return whole
    both = [_best(part, quotes) for part in joined]
    verdicts = {each.verdict for each in both}
    if verdicts == {Verdict.SUPPORTED}:
        return _together(both)
    return whole


def _together(both: Sequence[Support]) -> Support:
    """Return what two quotes say to the two parts of a claim."""
    first, second = both
    return Support(
        Verdict.SUPPORTED,
        tuple(dict.fromkeys(first.quotes + second.quotes)),
        min(first.share, second.share),
        shared=tuple(dict.fromkeys(first.shared + second.shared)),
        missing=tuple(dict.fromkeys(first.missing + second.missing)),
        agree=first.agree + second.agree,
    )


def _best(claim: str, quotes: Sequence[Quote]) -> Support:
    terms = claim_terms(claim)
    shares = [terms.share(terms.found(stems(quote.text))) for quote in quotes]
    order = sorted(range(len(quotes)), key=lambda number: (-shares[number], number))
    judged = [_judge(claim, terms, quotes[number], number) for number in order[:_LOOKED_AT]]
    if not judged:
        return Support(Verdict.UNSUPPORTED, (), 0.0, missing=_written(terms, terms.terms.keys()))
    best = {verdict: _first(judged, verdict) for verdict in Verdict}
    for_it, against = best[Verdict.SUPPORTED], best[Verdict.CONTRADICTED]
    if for_it and against and against.share - for_it.share >= _NEARER:
        return against
    return next(filter(None, (for_it, against, best[Verdict.UNSUPPORTED])))


def _first(judged: Sequence[Support], verdict: Verdict) -> Support | None:
    """Return the one with this verdict that holds most of the claim."""
    found = [one for one in judged if one.verdict is verdict]
    return max(found, key=lambda one: one.share + _OF_A_NUMBER * len(one.agree), default=None)


def _judge(claim: str, terms: ClaimTerms, quote: Quote, number: int) -> Support:
    """Return what one quote says to a claim."""
    held = stems(quote.text)
    opposed = terms.opposed(held)
    inside = terms.found(held) | opposed
    above = terms.found(stems(quote.around)) - inside
    told = compare(claim, terms.facts, quote.text, facts(quote.text), facts(quote.around))
    denial = _denial(claim, quote.text, inside) != bool(opposed)
    share = terms.share(inside) + _ABOVE * terms.share(above)
    near = _speaks_of_it(terms, quote.text, inside, above)
    denied_it = denial and not told.absent and share >= DENIED
    against = bool(told.differ) or (denied_it and not leaves_open(claim, quote.text))
    verdict = Verdict.UNSUPPORTED
    if near and against and share >= CONTRADICTED:
        verdict = Verdict.CONTRADICTED
    elif near and not against and not denial and not told.absent and share >= SUPPORTED:
        enough = len(terms.terms) + len(terms.facts) >= _LEAST_SAID
        verdict = Verdict.SUPPORTED if enough and _says_so(claim, quote.text) else verdict
    return Support(
        verdict,
        (number,),
        round(share, 4),
        shared=_written(terms, inside | above),
        missing=_written(terms, terms.terms.keys() - inside - above),
        agree=_pairs(told.agree),
        differ=_pairs(told.differ),
        absent=tuple(fact.written for fact in told.absent),
        denied=denial,
        marked=next(((theirs.start, theirs.end) for _, theirs in told.differ), None),
    )


def _says_so(claim: str, quote: str) -> bool:
    """Tell whether a quote with the claim's words says it of as much, and the same way round."""
    return says_as_much(claim, quote) and not turned_round(claim, quote)


def _speaks_of_it(
    terms: ClaimTerms, quote: str, inside: frozenset[str], above: frozenset[str]
) -> bool:
    """Tell whether all names are there, and the quote itself holds enough, close together.

    Headings tell no verb, and a name only where the quote has no other name in its place.
    """
    if any(terms.terms[term].verb for term in above):
        return False
    named = {term for term, told in terms.terms.items() if told.named}
    if named - inside - above or (named & above and has_other_names(quote, terms)):
        return False
    total = terms.weight - sum(terms.terms[term].weight for term in named & above)
    held = sum(terms.terms[term].weight for term in inside)
    return held >= _IN_QUOTE * total and close_together(quote, inside)


def _denial(claim: str, quote: str, shared: frozenset[str]) -> bool:
    """Tell whether claim and quote deny different words that both hold."""
    mine, theirs = denied(claim) & shared, denied(quote) & shared
    if denies(claim) and not denies(quote):
        return True
    return bool(mine ^ theirs) and not mine & theirs


def _written(terms: ClaimTerms, stems: Collection[str]) -> tuple[str, ...]:
    return tuple(term.written for stem, term in terms.terms.items() if stem in stems)


def _pairs(pairs: Sequence[tuple[Fact, Fact]]) -> tuple[tuple[str, str], ...]:
    return tuple((mine.written, theirs.written) for mine, theirs in pairs)
