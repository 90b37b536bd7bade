"""Haystack's filters as bounds."""

from datetime import date, datetime

import pytest

from index.errors import InputError
from qa.haystack_filters import search_bounds


def one(field, operator, value):
    return {"field": field, "operator": operator, "value": value}


def both(*conditions):
    return {"operator": "AND", "conditions": list(conditions)}


@pytest.mark.parametrize(
    ("filters", "bounds"),
    [
        (None, {}),
        ({}, {}),
        (one("meta.date", ">=", "2024-01-01"), {"since": "2024-01-01"}),
        (one("meta.date", "<=", date(2024, 1, 2)), {"until": date(2024, 1, 2)}),
        (
            one("meta.date", "==", datetime(2024, 1, 2, 3, 4)),
            {"since": date(2024, 1, 2), "until": date(2024, 1, 2)},
        ),
        (one("meta.kind", "==", "pdf"), {"kinds": "pdf"}),
        (one("meta.kind", "in", ["pdf", "word"]), {"kinds": ("pdf", "word")}),
        (one("meta.folder", "==", "/a"), {"folders": "/a"}),
        (
            both(one("meta.folder", "in", ["/a", "/b"]), both(one("meta.kind", "==", "pdf"))),
            {"folders": ("/a", "/b"), "kinds": "pdf"},
        ),
        (both(), {}),
    ],
)
def test_filters_are_bounds(filters, bounds):
    assert search_bounds(filters) == bounds


@pytest.mark.parametrize(
    "filters",
    [
        one("meta.date", ">", "2024-01-01"),
        one("meta.date", ">=", 2024),
        one("meta.kind", "!=", "pdf"),
        one("meta.kind", "in", []),
        one("meta.kind", "in", "pdf"),
        one("meta.title", "==", "Gate"),
        one("kind", "==", "pdf"),
        {"operator": "OR", "conditions": [one("meta.kind", "==", "pdf")]},
        {"operator": "NOT", "conditions": [one("meta.kind", "==", "pdf")]},
        {"meta.kind": "pdf"},
        both("meta.kind"),
    ],
)
def test_what_no_search_can_honour_is_refused(filters):
    with pytest.raises(InputError, match=r"cannot be honoured; take meta\.date with >=, <= or =="):
        search_bounds(filters)


def test_the_same_bound_twice_is_refused():
    twice = both(one("meta.kind", "==", "pdf"), one("meta.kind", "==", "word"))
    with pytest.raises(InputError, match="the filters bound kinds twice"):
        search_bounds(twice)
