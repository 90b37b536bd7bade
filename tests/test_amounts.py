import math

import pytest

from qa.amounts import amounts, durations

DAY = 86_400


def only(text):
    (found,) = amounts(text)
    return found


@pytest.mark.parametrize(
    ("text", "low", "high", "units"),
    [
        ("seven days", 7 * DAY, 7 * DAY, {"time"}),
        ("more than seven days", 7 * DAY, math.inf, {"time"}),
        ("up to 3 business days", -math.inf, 3 * DAY, {"time"}),
        ("between 10 and 15 days", 10 * DAY, 15 * DAY, {"time"}),
        ("10-15%", 10, 15, {"percent"}),
        ("about 40%", 36, 44, {"percent"}),
        ("$1.2 million", 1_150_000, 1_250_000, {"usd"}),
        ("20 euros or more", 20, math.inf, {"eur"}),
        ("2,500 troops", 2500, 2500, {"troop"}),
        ("Staff: 44; ", 44, 44, {"staff"}),
        ("44.", 44, 44, set()),
    ],
)
def test_what_an_amount_allows_for(text, low, high, units):
    found = only(text)
    assert (found.low, found.high) == pytest.approx((low, high))
    assert found.units == units


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("1,200 people", "1.2 thousand people", False),
        ("1,204 people", "1.2 thousand people", False),
        ("1,300 people", "1.2 thousand people", True),
        ("more than seven weeks", "seven weeks", False),
        ("more than seven weeks", "three weeks", True),
        ("two weeks", "14 days", False),
        ("a hundred years", "one century", False),
        ("28 days", "24 days", True),
        ("one month", "30 days", False),
        ("20 euros", "25 euros", True),
        ("20 euros", "$25", False),  # no rate is known
        ("10 students", "3 teachers", False),
        ("44", "51 people", True),
        ("8 bytes", "64 bits", False),
        ("at least 8 letters", "at least 12 letters", True),
        ("at least 8 letters", "at least eight letters", False),
        ("at least 8 letters", "up to 12 letters", False),
        ("more than 8 letters", "more than 12 letters", False),
    ],
)
def test_contradictions(one, other, differ):
    assert only(one).contradicts(only(other)) is differ
    assert only(other).contradicts(only(one)) is differ


def test_what_stands_around_a_span_counts():
    text = "It took more than seven weeks, and 40 boats."
    (found,) = amounts(text, (18, 23))
    assert (found.low, found.high) == (7 * 7 * DAY, math.inf)
    assert durations(text) == [found]
    assert len(amounts(text)) == 2


def test_another_kind_of_value_never_contradicts():
    assert only("7 days").contradicts("8 days") is False


@pytest.mark.parametrize(
    "text", ["no more than 500 cars", "not more than 500 cars", "at most 500 cars"]
)
def test_a_denied_bound_is_the_other_one(text):
    assert (only(text).low, only(text).high) == (-math.inf, 500.0)
