import pytest

from qa.numerals import numerals


@pytest.mark.parametrize(
    ("text", "value", "step"),
    [
        ("1,200 people", 1200, 1),
        ("1200", 1200, 1),
        ("1.2 thousand", 1200, 100),
        ("twelve hundred", 1200, 1),
        ("$3.5bn", 3.5e9, 1e8),
        ("two hundred and five thousand", 205_000, 1),
        ("twenty-one", 21, 1),
        ("a hundred", 100, 1),
        ("two dozen", 24, 1),
        ("none", 0, 1),
        ("11.50", 11.5, 0.01),
    ],
)
def test_one_number(text, value, step):
    (found,) = numerals(text)
    assert (found.value, found.step) == pytest.approx((value, step))


def test_places_are_characters():
    found = numerals("Of 40 boats, three sank.")
    assert [(n.value, n.start, n.end) for n in found] == [(40, 3, 5), (3, 13, 18)]


@pytest.mark.parametrize("text", ["", "a house", "version 3.11.2", "someone"])
def test_no_number(text):
    assert numerals(text) == []


def test_and_joins_only_behind_a_large_number():
    assert [n.value for n in numerals("one and two")] == [1, 2]
