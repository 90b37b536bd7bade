"""Numbers as people write them: `1,200`, `1.2 thousand`, `twenty-one`."""

import re
from typing import NamedTuple

_UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SMALL = {word: value for value, word in enumerate(_UNITS)}
_SMALL |= {word: 10 * (place + 2) for place, word in enumerate(_TENS)}
_SMALL |= {"no": 0, "none": 0, "a": 1, "an": 1, "once": 1, "twice": 2, "dozen": 12}
_LARGE = {
    "hundred": 100.0,
    "thousand": 1e3,
    "k": 1e3,
    "million": 1e6,
    "mn": 1e6,
    "billion": 1e9,
    "bn": 1e9,
    "trillion": 1e12,
}
_DIGITS = r"\d{1,3}(?:[,\u00a0\u202f]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_ONES = "|".join(sorted((*_UNITS, "none"), key=len, reverse=True))
_SCALE = "|".join(sorted(_LARGE, key=len, reverse=True))
_ATOM = rf"(?:(?:{'|'.join(_TENS)})(?:[\s-](?:{_ONES}))?|{_ONES})"
_SCALED = rf"(?:[\s-](?:{_SCALE}|dozen)(?:\s(?:and\s)?{_ATOM})?)"
_WORDS = rf"(?:{_ATOM}{_SCALED}*|an?{_SCALED}+)"
NUMBER = rf"(?:(?:{_DIGITS})(?!\.?\d)(?:[\s-]?(?:{_SCALE})\b)?|\b{_WORDS}\b)"
"""A number, as a pattern without groups that ignores case."""

_NUMBER = re.compile(rf"(?<![\w.]){NUMBER}", re.IGNORECASE)


class Numeral(NamedTuple):
    """A number in a text at `[start, end)` characters.

    `step` is the worth of its last stated digit: 100,000 for "1.2 million", which may be rounded.
    """

    value: float
    step: float
    start: int
    end: int


def numerals(text: str) -> list[Numeral]:
    """Return the numbers of a text in order; dates and versions are read as numbers too."""
    return [Numeral(*_worth(match[0].lower()), *match.span()) for match in _NUMBER.finditer(text)]


def _worth(written: str) -> tuple[float, float]:
    if not written[0].isdigit():
        return _of_words(re.split(r"[\s-]+", written)), 1.0
    digits = re.match(r"[\d.,\u00a0\u202f]*\d", written)
    plain = re.sub(r"[,\u00a0\u202f]", "", digits[0] if digits else written)
    scale = _LARGE.get(written[len(digits[0]) :].strip(" -") if digits else "", 1.0)
    value = float(plain) * scale
    return value, scale * 10.0 ** -len(plain.partition(".")[2])


def _of_words(written: list[str]) -> float:
    """Return what number words are worth: "two hundred and five thousand" is 205,000."""
    total = part = 0.0
    for word in written:
        if word == "and":
            continue
        scale = _LARGE.get(word)
        if scale is None:
            part = part * _SMALL[word] if word == "dozen" and part else part + _SMALL[word]
        elif scale == 100:  # noqa: PLR2004
            part = (part or 1.0) * scale
        else:
            total, part = total + (part or 1.0) * scale, 0.0
    return total + part
