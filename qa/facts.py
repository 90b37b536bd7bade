"""The numbers and dates that a text states, and whether two texts state the same ones."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.amounts import Amount, amounts
from qa.dates import Dated, PartialDate, dated
from qa.numerals import Numeral, numerals
from qa.terms import all_stems, content_stems

_YEAR_BEFORE = re.compile(
    r"\b(?:in|since|by|until|from|during|before|after|late|early|mid|year|summer|winter|spring"
    r"|autumn)\W*$",
    re.IGNORECASE,
)
_JOIN = re.compile(r"[,;]\s|\b(?:and|but|while|whereas|or)\b")
_MINUS = re.compile(r"(?:^|\s)[-\u2212]$")
_SIDE = re.compile(r"\b(before|after)\s+(?:the\s+)?$", re.IGNORECASE)
_KNOWN_UNITS = frozenset({"time", "percent", "usd", "eur", "gbp", "jpy", "inr", "chf"})


@dataclass(frozen=True, slots=True)
class Fact:
    """A number or date in a text: `text[start:end]`, with what it is worth.

    A date has no `amount`, a number no `date`. `loose` is a word such as "one", which may as well
    be a pronoun. `side` is "before" or "after" where a date, or a bare number, only bounds it,
    and "minus" of a number below zero.
    """

    written: str
    start: int
    end: int
    date: PartialDate | None = None
    amount: Amount | None = None
    value: float = math.nan
    loose: bool = False
    side: str = ""


def facts(text: str) -> list[Fact]:
    """Return a text's numbers and dates in order; an empty text has none."""
    days = [day for day in dated(text) if not _is_number(text, day)]
    found = [
        Fact(text[d.start : d.end], d.start, d.end, date=d.date, side=_side(text, d.start))
        for d in days
    ]
    for number in numerals(text):
        if all(number.end <= day.start or day.end <= number.start for day in days):
            found += [_number(text, number)]
    return sorted(found, key=lambda fact: fact.start)


def _is_number(text: str, day: Dated) -> bool:
    """Tell whether a year alone counts something: "2000 characters", but not "in 2000"."""
    if day.date.month is not None or _YEAR_BEFORE.search(text[: day.start]):
        return False
    return re.match(r"[`\s]*[a-z]", text[day.end :]) is not None or text[: day.start][-1:] == "`"


def _number(text: str, number: Numeral) -> Fact:
    written = text[number.start : number.end]
    amount = amounts(text, (number.start, number.end))[0]
    loose = written.lower() == "one"
    below = _MINUS.search(text[: number.start])
    side = "minus" if below else "" if amount.units else _side(text, number.start)
    return Fact(
        written, number.start, number.end, None, amount, number.value, loose=loose, side=side
    )


def _side(text: str, start: int) -> str:
    found = _SIDE.search(text[:start])
    return found[1].lower() if found else ""


@dataclass(frozen=True, slots=True)
class Compared:
    """How the facts of a claim fare in a quote; each fact of the claim is in one of the three.

    `agree` and `differ` hold pairs of a claim's fact and the quote's.
    """

    agree: tuple[tuple[Fact, Fact], ...]
    differ: tuple[tuple[Fact, Fact], ...]
    absent: tuple[Fact, ...]


def compare(
    claim: str,
    claimed: Sequence[Fact],
    quote: str,
    quoted: Sequence[Fact],
    above: Sequence[Fact] = (),
) -> Compared:
    """Look for each number and date of a claim in a quote.

    One differs where the quote has another of the same unit that the claim does not give as well.

    Args:
        claim: A sentence.
        claimed: Its facts.
        quote: What it is compared with.
        quoted: The quote's facts.
        above: Facts of its headings, which may agree and never differ.
    """
    around = all_stems(claim), all_stems(quote)
    known = [*quoted, *above]
    pairs = [(fact, next((q for q in known if _agrees(fact, q, around)), None)) for fact in claimed]
    agree = [(fact, same) for fact, same in pairs if same is not None]
    left = [fact for fact, same in pairs if same is None]
    rivals = [(fact, _rival(claim, fact, same, quote, quoted)) for fact, same in agree]
    given = {q.start for q in quoted if any(_agrees(fact, q, around) for fact in claimed)}
    differ = [(fact, rival) for fact, rival in rivals if rival is not None]
    absent: list[Fact] = []
    for fact in left:
        other = next((q for q in quoted if q.start not in given and _differs(fact, q)), None)
        if other is not None:
            differ.append((fact, other))
            given.add(other.start)
        elif not fact.loose:
            absent.append(fact)
    return Compared(tuple(agree), tuple(differ), tuple(absent))


def _agrees(claim: Fact, quote: Fact, around: tuple[frozenset[str], frozenset[str]]) -> bool:
    """Tell whether a quote's fact bears a claim's out; it may say more, but not less."""
    if claim.side != quote.side:
        return False
    if claim.date is not None and quote.date is not None:
        return all(
            mine is None or mine == theirs
            for mine, theirs in zip(claim.date, quote.date, strict=True)
        )
    if claim.amount is None or quote.amount is None:
        return _year(claim) == _year(quote) is not None
    if quote.loose and not claim.loose and claim.value != quote.value:
        return False
    told = claim.value == quote.value and _told_elsewhere(claim.amount, quote.amount, around)
    return (told or _of_one_unit(claim.amount, quote.amount)) and _bears_out(claim, quote)


def _rival(claim: str, fact: Fact, same: Fact, quote: str, quoted: Sequence[Fact]) -> Fact | None:
    """Return the number that a quote gives to what the claim speaks of, if it is not the same one.

    "It costs 12 euros in summer and 7 euros in winter" gives 7 to a claim of 12 in winter.
    """
    said = all_stems(claim)
    own = _conjunct(quote, same)
    if not own - said:
        return None
    for other in quoted:
        if other.start != same.start and _differs(fact, other):
            theirs = _conjunct(quote, other)
            if (theirs & said) - own and len(own - said - theirs) >= len(theirs - said - own):
                return other
    return None


def _conjunct(quote: str, fact: Fact) -> frozenset[str]:
    """Return the stems of the content words in that part of a list in which a fact stands."""
    start = max((m.end() for m in _JOIN.finditer(quote, 0, fact.start)), default=0)
    end = next((m.start() for m in _JOIN.finditer(quote, fact.end)), len(quote))
    plain = f"{quote[start : fact.start]} {quote[fact.end : end]}"
    return frozenset(content_stems(plain))


def _year(fact: Fact) -> float | None:
    """Return what may be a year: that of a date which says no more, or a bare number."""
    if fact.date is not None:
        return fact.date.year
    return fact.value if fact.value.is_integer() else None


def _of_one_unit(one: Amount, other: Amount) -> bool:
    """Tell whether two amounts may count the same."""
    return not one.units or not other.units or bool(one.units & other.units)


def _told_elsewhere(
    one: Amount, other: Amount, around: tuple[frozenset[str], frozenset[str]]
) -> bool:
    """Tell whether what one amount counts is named somewhere else in the other's text."""
    if (one.units | other.units) & _KNOWN_UNITS:
        return False
    return bool(one.units & around[1]) or bool(other.units & around[0])


def _bears_out(claim: Fact, quote: Fact) -> bool:
    """Tell whether a quote's amount is a claim's, or lies in what a claim like "about 100" allows.

    A bound must be the same: "longer than 20 metres" may be a condition, which 30 do not meet.
    """
    mine, theirs = claim.amount, quote.amount
    if mine is None or theirs is None:
        return False
    if (mine.low, mine.high) == (theirs.low, theirs.high):
        return True
    one, other = _open(mine), _open(theirs)
    if claim.value == quote.value:
        may_meet = (mine.limit and not any(other)) or (theirs.limit and not any(one))
        return (one == other and mine.units == theirs.units) or may_meet
    return not any(one) and mine.low <= theirs.low and theirs.high <= mine.high


def _open(amount: Amount) -> tuple[bool, bool]:
    """Tell on which sides an amount has no bound."""
    return math.isinf(amount.low), math.isinf(amount.high)


def _differs(claim: Fact, quote: Fact) -> bool:
    """Tell whether a quote gives another number or date in the place of a claim's."""
    if claim.date is not None:
        return claim.date.contradicts(quote.date)
    mine, theirs = claim.amount, quote.amount
    if mine is None or theirs is None or (quote.loose and mine.units != theirs.units):
        return False
    if not _of_one_unit(mine, theirs):
        return False
    if mine.contradicts(theirs):
        return True
    one, other = _open(mine), _open(theirs)
    if one == other:  # "more than nine" for "more than seven"
        return any(one) and (mine.low, mine.high) != (theirs.low, theirs.high)
    return claim.value == quote.value and any(one) and any(other)  # "at least" for "at most"
