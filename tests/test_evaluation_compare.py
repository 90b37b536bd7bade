import pytest
from evaluations import quote, record, setup

from index.errors import InputError
from qa.evaluation.compare import compare, mcnemar
from qa.evaluation.outcome import outcome
from qa.evaluation.record import Asked


def outcomes(*right, asked=Asked.ANSWERABLE):
    """Outcomes of questions 0, 1 and so on: answered rightly, wrongly (False) or not (None)."""
    return [
        outcome(
            record(
                str(number),
                "g9",
                () if each is None else (quote(supports=each),),
                asked=asked,
                confidence=0.9,
            )
        )
        for number, each in enumerate(right)
    ]


@pytest.mark.parametrize(
    ("gained", "lost", "expected"),
    [(0, 0, 1), (5, 0, 2 / 2**5), (1, 1, 1), (6, 1, 2 * (1 + 7) / 2**7)],
)
def test_mcnemar_by_hand(gained, lost, expected):
    assert mcnemar(gained, lost) == mcnemar(lost, gained) == pytest.approx(expected)


def test_pairs_are_compared():
    this = outcomes(True, True, True, True, False)
    other = [*outcomes(True, False, False, False, True)[::-1], outcomes(*[True] * 9)[8]]
    found = compare(setup(), this, setup(generation=2, file="old.jsonl"), other, rounds=300)
    assert (found.questions, found.only_this, found.only_other) == (5, 0, 1)
    assert found.differs == ("generation",)
    assert (found.right.both, found.right.neither) == (1, 0)
    assert found.right.gained == ("1 answerable", "2 answerable", "3 answerable")
    assert found.right.lost == ("4 answerable",)
    assert found.right.p == pytest.approx(2 * (1 + 4) / 2**4)
    right = next(each for each in found.figures if each.name == "right")
    assert (right.this, right.other, right.difference) == (0.8, 0.4, 0.4)
    assert right.low <= 0
    assert 0.4 < right.high <= 1
    # Of 16 ways to swap the four that differ, 10 give as large a difference: 4 differ from 2:2.
    assert right.p == pytest.approx(10 / 16, abs=0.08)


def test_other_questions_with_the_same_ids_are_no_pairs():
    this = outcomes(True, True)
    other = [outcome(record(str(n), "g9", question=f"Another {n}?")) for n in range(2)]
    with pytest.raises(InputError, match="have no question in common"):
        compare(setup(), this, setup(), other)


def test_few_groups_are_not_drawn_whole():
    this = [one.model_copy(update={"group": "a"}) for one in outcomes(*[True] * 6, *[False] * 6)]
    other = [one.model_copy(update={"group": "a"}) for one in outcomes(*[False] * 12)]
    found = compare(setup(), this, setup(), other, rounds=300)
    right = next(each for each in found.figures if each.name == "right")
    assert 0 < right.low < 0.5 < right.high < 1
    assert right.p == pytest.approx(2 / 2**6, abs=0.03)  # all six that differ, on either side


def test_what_is_the_same_differs_by_nothing():
    same = outcomes(True, False, None)
    found = compare(setup(), same, setup(), same, rounds=20)
    assert {(each.difference, each.low, each.high, each.p) for each in found.figures} == {
        (0, 0, 0, 1)
    }
    assert found.differs == ()


def test_silence_is_right_where_it_is_due():
    this = outcomes(None, False, asked=Asked.UNANSWERABLE)
    other = outcomes(True, None, asked=Asked.UNANSWERABLE)
    found = compare(setup(), this, setup(), other, rounds=5).right
    assert (found.gained, found.lost) == (("0 unanswerable",), ("1 unanswerable",))


def test_without_a_common_question_nothing_is_compared():
    with pytest.raises(InputError, match=r"q\.jsonl and old\.jsonl have no question in common"):
        compare(
            setup(), outcomes(True), setup(file="old.jsonl"), outcomes(True, asked=Asked.WITHHELD)
        )
