import pytest

from qa.subjects import Subjects, split


@pytest.mark.parametrize(
    ("region", "subjects"),
    [
        ("tea and coffee", ("", "tea", "coffee", "")),
        ("the price of tea and coffee in Kenya", ("the price of", "tea", "coffee", "in Kenya")),
        ("the annual and the monthly plan", ("", "the annual plan", "the monthly plan", "")),
        ("Python 3.10 and 3.11", ("", "Python 3.10", "Python 3.11", "")),
        ("both tea and coffee", ("", "tea", "coffee", "")),
        ("a patient at home and a patient in hospital",
         ("", "a patient at home", "a patient in hospital", "")),
        ("the University of Oxford and Cambridge",
         ("", "the University of Oxford", "Cambridge", "")),
        ("Trinidad and Tobago and Barbados", ("", "Trinidad and Tobago", "Barbados", "")),
        ("the rate of return and the rate of loss",
         ("", "the rate of return", "the rate of loss", "")),
    ],
)  # fmt: skip
def test_two_subjects(region, subjects):
    assert split(region) == Subjects(*subjects)


@pytest.mark.parametrize(
    "region",
    [
        "tea",
        "Trinidad and Tobago",
        "terms and conditions",
        "it and them",
        "tea and other drinks",
        "how tea and coffee",
        "tea and tea",
        "this and that",
    ],
)
def test_not_two_things(region):
    assert split(region) is None


def test_other_joints():
    assert split("tea or coffee", "or") == Subjects("", "tea", "coffee", "")
    assert split("Bern differ from Basel", "differ from") == Subjects("", "Bern", "Basel", "")
