"""Haystack's filters as the bounds that a search can honour; all others are refused."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from index.errors import InputError

_TAKEN = (
    "meta.date with >=, <= or ==; meta.kind and meta.folder with == or in; several of them "
    "joined by AND"
)
_DATES = {">=": ("since",), "<=": ("until",), "==": ("since", "until")}
_NAMES = {"meta.kind": "kinds", "meta.folder": "folders"}


def search_bounds(filters: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the bounds of `Pinpoint.search` that filters stand for; none for no filters.

    Filters are conditions on `meta.date` (`>=`, `<=`, `==`), `meta.kind` and `meta.folder` (`==`,
    `in`), alone or joined by `AND`. A document is in a folder if it is anywhere below.

    Raises:
        InputError: a filter asks for something else, or bounds the same twice.
    """
    bounds: dict[str, Any] = {}
    for name, value in _conditions(filters) if filters else ():
        if name in bounds:
            raise InputError(f"the filters bound {name} twice; join them into one condition")
        bounds[name] = value
    return bounds


def _conditions(filters: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    if not isinstance(filters, Mapping):
        raise _refused({"condition": filters})
    operator = filters.get("operator")
    if filters.keys() == {"operator", "conditions"} and operator == "AND":
        for condition in filters["conditions"]:
            yield from _conditions(condition)
    elif filters.keys() == {"field", "operator", "value"}:
        yield from _bound(filters["field"], operator, filters["value"])
    else:
        raise _refused(filters)


def _bound(field: str, operator: object, value: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    if field == "meta.date" and operator in _DATES and isinstance(value, date | str):
        day = value.date() if isinstance(value, datetime) else value
        yield from ((name, day) for name in _DATES[str(operator)])
    elif field in _NAMES and operator == "==" and isinstance(value, str):
        yield _NAMES[field], value
    elif field in _NAMES and operator == "in" and isinstance(value, list | tuple) and value:
        yield _NAMES[field], tuple(value)
    else:
        raise _refused({"field": field, "operator": operator, "value": value})


def _refused(filters: Mapping[str, Any]) -> InputError:
    return InputError(f"the filter {dict(filters)!r} cannot be honoured; take {_TAKEN}")
