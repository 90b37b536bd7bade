"""Dates as far as a text says them: `30 November 2023`, `November 2023`, `2023`."""

import re
from typing import NamedTuple

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>1\d{3}|20\d{2})(?![\d,]\d|s\b)"
_MOST_MONTHS = 12
_FORMS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<!\d)(?P<year>\d{4})-(?P<number>\d{2})(?:-(?P<day>\d{2}))?(?!\d)",
        r"(?<!\d)(?P<first>\d{1,2})[./](?P<second>\d{1,2})[./](?P<year>\d{4})(?!\d)",
        rf"\b{_DAY}(?: of)? (?P<month>{_MONTH}),? {_YEAR}",
        rf"\b(?P<month>{_MONTH}) {_DAY}(?:,|,? of)? {_YEAR}",
        rf"\b(?P<month>{_MONTH})(?: of|,)? {_YEAR}",
        rf"\b{_DAY}(?: of)? (?P<month>{_MONTH})(?! \d)",
        rf"\b(?P<month>{_MONTH}) {_DAY}\b(?![:.]\d)",
        rf"(?<![\d.,$€£])\b{_YEAR}(?!\.\d)",
        rf"\b(?:in|since|by|until|from|late|early|mid|during) (?P<month>{_MONTH})",
    )
]


class PartialDate(NamedTuple):
    """A date, each part None where the text does not say it."""

    year: int | None
    month: int | None
    day: int | None

    def contradicts(self, other: object) -> bool:
        """Tell whether a part that both dates say is another one."""
        return isinstance(other, PartialDate) and any(
            mine is not None and theirs is not None and mine != theirs
            for mine, theirs in zip(self, other, strict=True)
        )


class Dated(NamedTuple):
    """A date in a text at `[start, end)` characters."""

    date: PartialDate
    start: int
    end: int


def dates(text: str, within: tuple[int, int] | None = None) -> list[PartialDate]:
    """Return the dates that touch `[start, end)` of a text, in order; None means all of it."""
    start, end = within or (0, len(text))
    return [date for date, first, last in dated(text) if first < end and start < last]


def dated(text: str) -> list[Dated]:
    """Return the dates of a text in order, each with its place.

    `11/12/2023` says only the year, because countries differ in what stands first.
    """
    taken: list[tuple[int, int, PartialDate]] = []
    for form in _FORMS:
        for match in form.finditer(text):
            first, last = match.span()
            if all(last <= a or b <= first for a, b, _ in taken):
                taken.append((first, last, _date(match)))
    return [Dated(date, first, last) for first, last, date in sorted(taken)]


def _date(match: re.Match[str]) -> PartialDate:
    found = match.groupdict()
    year = int(found["year"]) if found.get("year") else None
    if found.get("first"):
        return _of_numbers(int(found["first"]), int(found["second"]), year)
    month = int(found["number"]) if found.get("number") else None
    if found.get("month"):
        month = _MONTHS.index(found["month"][:3].lower()) + 1
    day = int(found["day"]) if found.get("day") else None
    return PartialDate(year, month, day)


def _of_numbers(one: int, other: int, year: int | None) -> PartialDate:
    if one > _MOST_MONTHS >= other:
        return PartialDate(year, other, one)
    if other > _MOST_MONTHS >= one:
        return PartialDate(year, one, other)
    return PartialDate(year, one, one) if one == other else PartialDate(year, None, None)
