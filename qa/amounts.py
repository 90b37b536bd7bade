"""Amounts with their units: what "more than seven weeks" and "$1.2 million" allow for."""

import math
import re
from dataclasses import dataclass
from itertools import pairwise

from qa.numerals import Numeral, numerals
from qa.terms import is_content, stem, words

_ABOUT = 0.1  # "about 100" is taken for 90 to 110
_CALENDAR = 0.03  # a month is 28 to 31 days
_SECONDS = {
    "second": 1.0,
    "minute": 60.0,
    "hour": 3600.0,
    "day": 86_400.0,
    "night": 86_400.0,
    "week": 604_800.0,
    "fortnight": 1_209_600.0,
    "month": 2_629_746.0,  # a twelfth of the Gregorian year's mean, 365.2425 days
    "year": 31_556_952.0,
    "decade": 315_569_520.0,
    "century": 3_155_695_200.0,
}
_TIME = re.compile(
    r"[\s-]*(?:\w+[\s-]+)?(?P<unit>second|minute|hour|day|night|week|fortnight|month|year|decade"
    r"|centur)(?:s|y|ies)?\b",
    re.IGNORECASE,
)
_CURRENCIES = {
    "usd": r"\$|usd\b|(?:us )?dollars?\b",
    "eur": r"€|eur\b|euros?\b",
    "gbp": r"£|gbp\b|pounds?\b",
    "jpy": r"¥|jpy\b|yen\b",
    "inr": r"₹|inr\b|rupees?\b",
    "chf": r"chf\b|(?:swiss )?francs?\b",
}
_BEFORE = {code: re.compile(rf"(?:{names})\s*$", re.I) for code, names in _CURRENCIES.items()}
_AFTER = {code: re.compile(rf"\s*(?:{names})", re.I) for code, names in _CURRENCIES.items()}
_PERCENT = re.compile(r"\s*(?:%|per ?cent\b|percentage\b)", re.IGNORECASE)
_LEAST = re.compile(
    r"\b(?:(?<!\bno )(?<!\bnot )(?:more|longer) than|over|at least|no (?:less|fewer) than|above"
    r"|upwards of|exceed(?:s|ed|ing)?|minimum of|from)\W*(?:[$€£¥₹]\s*)?$",
    re.IGNORECASE,
)
_MOST = re.compile(
    r"\b(?:less than|fewer than|under|at most|up to|no (?:more|longer) than|below|nearly|almost"
    r"|maximum of|within|not (?:more|longer) than)\W*(?:[$€£¥₹]\s*)?$",
    re.IGNORECASE,
)
_ROUGHLY = re.compile(
    r"\b(?:about|around|approximately|roughly|some|circa|ca\.?|nearly|almost|an estimated"
    r"|estimated at)\W*(?:[$€£¥₹]\s*)?$|[~≈]\s*$",
    re.IGNORECASE,
)
_OR_MORE = re.compile(r"\W{0,2}\+|\s*(?:\w+ )?or (?:more|longer|above)\b", re.IGNORECASE)
_OR_LESS = re.compile(r"\s*(?:\w+ )?or (?:less|fewer|below)\b", re.IGNORECASE)
_TO = re.compile(r"\s*(?:-|–|to|and)\s*[$€£¥₹]?\s*$", re.IGNORECASE)
_LABEL = re.compile(r"(?:^|[;\n])\s*(?P<label>[^;:\n]{1,60}):\s*$")  # of a table's row
_CLAUSE_END = re.compile(r"[.,;:](?:\s|$)|[()\n|]")
_LIMIT = re.compile(
    r"\b(?:at (?:least|most)|up to|no (?:more|less|fewer|longer) than|within"
    r"|(?:minimum|maximum) of)\W*$",
    re.IGNORECASE,
)
_UNIT_WORDS = 3


@dataclass(frozen=True, slots=True)
class Amount:
    """What an amount allows for: `low` to `high`, both included.

    Durations are in seconds and have the unit `time`, money has its currency, `percent` is a unit
    too; other amounts have the stems of the words behind them, any of which may be the unit.
    `limit` tells that it is the bound itself that is said: "at least 8", but not "more than 8".
    """

    low: float
    high: float
    units: frozenset[str]
    limit: bool = False

    def contradicts(self, other: object) -> bool:
        """Tell whether another amount speaks of the same unit, and both cannot be right."""
        if not isinstance(other, Amount):
            return False
        alike = not self.units or not other.units or bool(self.units & other.units)
        limits = self.limit and other.limit and self._open() == other._open()
        differ = limits and (self.low, self.high) != (other.low, other.high)
        return alike and (differ or self.high < other.low or other.high < self.low)

    def _open(self) -> tuple[bool, bool]:
        """Tell on which sides there is no bound."""
        return math.isinf(self.low), math.isinf(self.high)


def amounts(text: str, within: tuple[int, int] | None = None) -> list[Amount]:
    """Return the amounts whose number stands in `[start, end)` of a text; None means all of it.

    What stands around counts too: "more than" before, the unit behind. A range is one amount.
    """
    start, end = within or (0, len(text))
    found = [n for n in numerals(text) if start <= n.start and n.end <= end]
    ranges = {
        one.start: other
        for one, other in pairwise(found)
        if _TO.fullmatch(text[one.end : other.start]) and one.value < other.value
    }
    inner = {other.start for other in ranges.values()}
    return [
        _amount(text, numeral, ranges.get(numeral.start))
        for numeral in found
        if numeral.start not in inner
    ]


def durations(text: str, within: tuple[int, int] | None = None) -> list[Amount]:
    """Return the amounts that are durations, in seconds."""
    return [amount for amount in amounts(text, within) if "time" in amount.units]


def _amount(text: str, first: Numeral, last: Numeral | None) -> Amount:
    before, after = text[: first.start], text[(last or first).end :]
    units, factor = _units(before, after)
    low, high = _bounds(before, after, first, last)
    if "time" in units:
        low, high = low * factor, high * factor
        if factor > _SECONDS["week"]:
            low, high = low * (1 - _CALENDAR), high * (1 + _CALENDAR)
    limit = _LIMIT.search(before) is not None or _OR_LESS.match(after) or _OR_MORE.match(after)
    return Amount(low, high, units, limit=bool(limit) and last is None)


def _bounds(before: str, after: str, first: Numeral, last: Numeral | None) -> tuple[float, float]:
    if last is not None:
        return first.value, last.value
    value, slack = first.value, first.step / 2 if first.step != 1.0 else 0.0
    if _ROUGHLY.search(before):
        slack = max(slack, _ABOUT * value)
    elif _LEAST.search(before) or _OR_MORE.match(after):
        return value - slack, math.inf
    elif _MOST.search(before) or _OR_LESS.match(after):
        return -math.inf, value + slack
    return value - slack, value + slack


def _units(before: str, after: str) -> tuple[frozenset[str], float]:
    """Return the unit, and for durations the seconds in one of it."""
    time = _TIME.match(after)
    if time:
        name = time["unit"].lower()
        return frozenset({"time"}), _SECONDS["century" if name == "centur" else name]
    if _PERCENT.match(after):
        return frozenset({"percent"}), 1.0
    for code, pattern in _BEFORE.items():
        if pattern.search(before) or _AFTER[code].match(after):
            return frozenset({code}), 1.0
    label = _LABEL.search(before)
    clause = label["label"] if label else _CLAUSE_END.split(after, maxsplit=1)[0]
    counted = [stem(word) for word in words(clause) if is_content(word)]
    return frozenset(counted[:_UNIT_WORDS]), 1.0
