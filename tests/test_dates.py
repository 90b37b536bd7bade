import pytest

from qa.dates import PartialDate, dates


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("30 November 2023", (2023, 11, 30)),
        ("the 30th of November, 2023", (2023, 11, 30)),
        ("Nov. 30, 2023", (2023, 11, 30)),
        ("2023-11-30", (2023, 11, 30)),
        ("30.11.2023", (2023, 11, 30)),
        ("11/30/2023", (2023, 11, 30)),
        ("11/12/2023", (2023, None, None)),
        ("November 2023", (2023, 11, None)),
        ("2023-11", (2023, 11, None)),
        ("in 2023", (2023, None, None)),
        ("30 November", (None, 11, 30)),
        ("since May", (None, 5, None)),
    ],
)
def test_one_date(text, date):
    assert dates(text) == [PartialDate(*date)]


@pytest.mark.parametrize(
    "text", ["", "1,200 people", "the 1990s", "$2000", "it may rain", "3.2019"]
)
def test_no_date(text):
    assert dates(text) == []


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("30 November 2023", "Nov. 30, 2023", False),
        ("November 2023", "30 November 2023", False),
        ("30 November", "2023-11-30", False),
        ("2023", "1 May 2023", False),
        ("October 2023", "30 November 2023", True),
        ("1 May 2023", "2 May 2023", True),
        ("2022", "2023-05-01", True),
    ],
)
def test_contradictions(one, other, differ):
    (first,), (second,) = dates(one), dates(other)
    assert first.contradicts(second) is differ
    assert second.contradicts(first) is differ


def test_only_dates_that_touch_a_span():
    text = "From 3 May 1999 to 4 June 2001."
    assert dates(text, (5, 10)) == [PartialDate(1999, 5, 3)]
    assert dates(text) == [PartialDate(1999, 5, 3), PartialDate(2001, 6, 4)]
