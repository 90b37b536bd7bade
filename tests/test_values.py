import pytest

from qa.dates import PartialDate
from qa.kind import QuestionKind
from qa.values import Name, names, places, value_of


def name(text):
    (found,) = names(text, (0, len(text)))
    return found


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("Nasr", "Vali Nasr", False),
        ("Professor Nasr", "Vali Nasr", False),
        ("Vali Nasr", "Ann Lee", True),
        ("President Lee", "President Nasr", True),
        ("in Berlin", "Berlin", False),
        ("Bern", "Basel", True),
    ],
)
def test_names(one, other, differ):
    assert name(one).contradicts(name(other)) is differ


def test_more_than_a_name_is_no_name():
    assert names("the shift manager", (0, 17)) == []
    assert names("Ann and her dog", (0, 15)) == []


@pytest.mark.parametrize(
    ("kind", "quote", "within", "value"),
    [
        (QuestionKind.WHO, "Ann Lee left.", (0, 7), Name(frozenset({"ann", "lee"}))),
        (QuestionKind.WHO, "Ann Lee left.", None, None),
        (QuestionKind.WHEN, "It opened in May 1999.", None, PartialDate(1999, 5, None)),
        (QuestionKind.WHEN, "From 1999 to 2001.", None, None),
        (QuestionKind.WHEN, "From 1999 to 2001.", (5, 9), PartialDate(1999, None, None)),
        (QuestionKind.WHY, "It opened in May 1999.", None, None),
        (QuestionKind.HOW_LONG, "It took 40 boats.", None, None),
    ],
)
def test_the_one_value_of_a_quote(kind, quote, within, value):
    assert value_of(kind, quote, within) == value


def test_a_duration_is_found_beside_other_numbers():
    found = value_of(QuestionKind.HOW_LONG, "The 40 boats took two hours.")
    assert found is not None
    assert (found.low, found.units) == (7200, {"time"})


def test_places_may_have_no_name():
    (hall,) = places("in the school hall", (0, 18))
    (brewery,) = places("the old brewery", (0, 15))
    assert hall == Name(frozenset({"school", "hall"}))
    assert hall.contradicts(brewery) is True
    assert places("in Berlin", (0, 9)) == [Name(frozenset({"berlin"}))]
    assert places("in Berlin") == []
