"""All questions of a calibration."""

import pytest
from answers import answered, citation

from qa.calibration.asking import Asked, asked, lacking
from qa.calibration.judge import Known, Unanswered
from qa.calibration.labels import Labelled

OTHERS = ["What of Brennthal?", "What of Tavrelle?", "What of Quillshaw?"]


def right(number):
    return Labelled(f"When {number}?", "file", Known(("nine",)))


def wrong(number):
    return Labelled(f"Why {number}?", "pin", Known(("because",)))


def silent(number):
    return Labelled(f"Who {number}?", "rating", Unanswered())


def ask(question, within):
    """The answer is at nine, with confidence 0.9; elsewhere it is at six, with 0.4."""
    if within.without:
        found = answered(citation("At six."))
        return found.model_copy(update={"confidence": 0.4})
    if question in OTHERS:
        return answered(nearest=(citation(),)).model_copy(update={"confidence": 0.1})
    return answered(citation("At nine.")).model_copy(update={"confidence": 0.9})


def noted(found):
    return [(one.origin, one.score, one.right, one.answerable) for one in found]


def test_own_questions_are_judged():
    found = asked(ask, [right(1), wrong(1), silent(1)], OTHERS, 0.0)
    assert found == [
        Asked("When 1?", "file", 0.9, True, answerable=True),
        Asked("Why 1?", "pin", 0.9, False, answerable=True),
        Asked("Who 1?", "rating", 0.9, False, answerable=False),
    ]


def test_what_cannot_be_told_is_kept_as_unknown():
    unknown = Labelled("Which?", "rating", lambda _: None)
    assert asked(ask, [unknown], OTHERS, 0.0)[0].right is None


def test_half_of_the_negatives_are_own_questions_and_half_foreign_ones():
    found = asked(ask, [right(n) for n in range(8)], OTHERS, 1 / 3)
    assert noted(found[8:]) == [
        ("own_left_out", 0.4, False, False),
        ("own_left_out", 0.4, False, False),
        ("foreign", None, False, False),
        ("foreign", None, False, False),
    ]
    assert {one.question for one in found[8:10]} <= {right(n).question for n in range(8)}
    assert [one.question for one in found[10:]] == OTHERS[:2]


@pytest.mark.parametrize(
    ("own", "others", "expected"),
    [
        ([right(n) for n in range(8)], OTHERS[:1], {"own_left_out": 3, "foreign": 1}),
        ([right(n) for n in range(8)], [], {"own_left_out": 4, "foreign": 0}),
        ([wrong(n) for n in range(8)], OTHERS, {"own_left_out": 0, "foreign": 3}),
        ([right(1), *(wrong(n) for n in range(7))], OTHERS, {"own_left_out": 1, "foreign": 3}),
        (
            [*map(right, range(8)), *map(silent, range(3))],
            OTHERS,
            {"own_left_out": 1, "foreign": 0},
        ),
        (
            [*map(right, range(8)), *map(silent, range(5))],
            OTHERS,
            {"own_left_out": 0, "foreign": 0},
        ),
    ],
)
def test_where_there_are_too_few_of_the_one_there_are_more_of_the_other(own, others, expected):
    found = asked(ask, own, others, 1 / 3)
    counts = {origin: sum(one.origin == origin for one in found) for origin in expected}
    assert counts == expected


def test_how_many_are_lacking():
    assert lacking([right(n) for n in range(30)], 0.25) == 10
    assert lacking([*map(right, range(30)), *map(silent, range(4))], 0.25) == 6
    assert lacking([*map(right, range(30)), *map(silent, range(40))], 0.25) == 0
    assert lacking([right(1)], 0.0) == 0


def test_progress_counts_what_is_asked():
    told = []
    asked(ask, [right(n) for n in range(3)], OTHERS, 0.25, lambda *one: told.append(one))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
