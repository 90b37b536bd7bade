"""Dates, authors and languages, read where documents state them."""

import re
from datetime import date
from typing import Any

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTH = "|".join([f"{name[:3]}(?:{name[3:]})?" for name in _MONTHS] + ["sept"])
_ISO = r"(?P<iso>\d{4}-\d{2}-\d{2})(?!\d)"
_DAY_FIRST = rf"(?P<d1>\d{{1,2}})\s+(?P<m1>{_MONTH})\.?,?\s+(?P<y1>\d{{4}})"
_MONTH_FIRST = rf"(?P<m2>{_MONTH})\.?\s+(?P<d2>\d{{1,2}}),?\s+(?P<y2>\d{{4}})"
_DATE = rf"(?:(?<!\d){_ISO}|\b{_DAY_FIRST}\b|\b{_MONTH_FIRST}\b)"
_ANY_DATE = re.compile(_DATE, re.IGNORECASE)
_LEADING = re.compile(rf"\A\s*date:?[ \t]+{_DATE}[ \t]*", re.IGNORECASE)
_DATE_LINE = re.compile(rf"^[ \t*_]*(?:date|published)[ \t*_]*:[ \t*_]*{_DATE}", re.I | re.M)
_COMPACT = re.compile(r"(?<!\d)(\d{4})[-_]?(\d{2})[-_]?(\d{2})(?!\d)")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?=$|[-_])")
_HEAD_CHARS = 1000  # a "Date:" line further down speaks of something else


def find_date(text: str) -> str | None:
    """Return the first real calendar date in `text` as `YYYY-MM-DD`, or None.

    Understands `2023-11-30`, `30 November 2023` and `Nov. 30, 2023`.
    """
    for match in _ANY_DATE.finditer(text):
        found = _calendar_date(match)
        if found:
            return found
    return None


def leading_date(text: str) -> tuple[str, int] | None:
    """Return the date of a leading `date 2023-11-30` and the offset just behind it."""
    match = _LEADING.match(text)
    found = _calendar_date(match) if match else None
    return (found, match.end()) if match and found else None


def stated_date(text: str, headings: list[str], file_stem: str) -> str | None:
    """Return the date a document gives itself: at its start, in a heading, or in its name."""
    leading = leading_date(text)
    if leading:
        return leading[0]
    line = _DATE_LINE.search(text, 0, _HEAD_CHARS)
    found = _calendar_date(line) if line else None
    for heading in headings[:2]:
        found = found or find_date(heading)
    return found or _compact_date(file_stem)


def front_matter_date(value: Any) -> str | None:  # noqa: ANN401 - YAML gives any type
    """Return a front-matter `date` as `YYYY-MM-DD`; YAML may already have made it a date."""
    return value.isoformat()[:10] if isinstance(value, date) else find_date(str(value))


def stated_authors(value: object) -> str | None:
    """Return the authors of a name, or of a list of names or of objects with a `name`."""
    listed = value if isinstance(value, list) else [value]
    names = [each.get("name") if isinstance(each, dict) else each for each in listed]
    return ", ".join(name for name in names if isinstance(name, str) and name) or None


def language_code(tag: object) -> str | None:
    """Return the ISO 639 code at the start of a language tag (`en` of `en-GB`), or None."""
    match = _LANGUAGE.match(tag.strip()) if isinstance(tag, str) else None
    return match[0].lower() if match else None


def _calendar_date(match: re.Match[str]) -> str | None:
    found = match.groupdict()
    if found["iso"]:
        return _iso(*found["iso"].split("-"))
    side = "1" if found["d1"] else "2"
    month = next(
        i for i, name in enumerate(_MONTHS, 1) if name[:3] == found[f"m{side}"][:3].lower()
    )
    return _iso(found[f"y{side}"], str(month), found[f"d{side}"])


def _compact_date(stem: str) -> str | None:
    match = _COMPACT.search(stem)
    return _iso(*match.groups()) if match else None


def _iso(year: str, month: str, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:  # 2023-02-31 is a number, not a date
        return None
