"""A cell's value as the spreadsheet program shows it, as far as that is simple."""

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from index.formats.text import squeeze

_LITERAL = r'(?:"[^"]*"|\\.|_.|\[\$[^\]]*\]|[$€£¥ ()+-])*'
_NUMBER = re.compile(
    rf"(?P<before>{_LITERAL})(?P<whole>#,##0|0)(?:\.(?P<decimals>0+))?"
    rf"(?P<percent>%?)(?P<after>{_LITERAL})"
)
_QUOTED = re.compile(r'"([^"]*)"|\\(.)|_.|\[\$([^\]-]*)[^\]]*\]')
_DATE_PARTS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_MAX_DECIMALS = 20
_EXACT_DIGITS = 15  # as many as a spreadsheet keeps


def cell_text(value: object, number_format: str = "General") -> str:
    """Return a cell's text on one line; an empty cell gives an empty text.

    Dates are ISO 8601 whatever their format, to the year or month where the format shows no day.
    Numbers keep fixed decimals, thousands separators, percent signs and fixed words around them;
    any other format shows them plainly (`4`, not `4.0`).

    Args:
        value: What the workbook holds.
        number_format: The cell's format code.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, number_format)
    if isinstance(value, date | time | timedelta):
        return _moment(value, number_format)
    return squeeze(str(value))


def _number(value: float, number_format: str) -> str:
    positive = number_format.split(";", 1)[0]
    form = _NUMBER.fullmatch(positive)
    digits = f"{value:.{_EXACT_DIGITS}g}" if isinstance(value, float) else str(value)
    number = Decimal(digits)
    if form is None or not number.is_finite() or len(form["decimals"] or "") > _MAX_DECIMALS:
        return digits
    number = number * 100 if form["percent"] else number
    if abs(number) >= Decimal(10) ** _EXACT_DIGITS:
        return digits
    step = Decimal(1).scaleb(-len(form["decimals"] or ""))
    shown = number.quantize(step, ROUND_HALF_UP)
    separator = "," if "," in form["whole"] else ""
    sign = "-" if shown < 0 else ""
    before, after = _literal(form["before"]), _literal(form["after"])
    return squeeze(f"{sign}{before}{abs(shown):{separator}f}{form['percent']}{after}")


def _literal(code: str) -> str:
    return _QUOTED.sub(lambda match: match[1] or match[2] or match[3] or "", code)


def _moment(value: date | time | timedelta, number_format: str) -> str:
    if isinstance(value, timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    if isinstance(value, time):
        return value.isoformat("seconds" if value.second else "minutes")
    shown = _DATE_PARTS.sub("", number_format.lower())
    if isinstance(value, datetime) and value.time() != time():
        return value.isoformat(" ", "seconds" if value.second else "minutes")
    day = value.isoformat()[:10]
    if "y" in shown and "d" not in shown:
        return day[:7] if "m" in shown else day[:4]
    return day
