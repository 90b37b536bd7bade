"""Whether a first quote is right."""

import pytest
from answers import SHA, answered, citation

from qa.calibration.judge import Known, Pinned, Rated, Unanswered, first_quote
from qa.evaluation.gold import Gold

QUOTE = "The gate opens\n  at nine."  # characters 10 to 35 of the document
NINE = answered(citation(), citation("Bring a lamp.", 90))
SILENT = answered(nearest=(citation(),))


def test_the_first_quote():
    assert first_quote(NINE).quote == QUOTE
    assert first_quote(SILENT) is None


@pytest.mark.parametrize(
    ("judge", "right"),
    [
        (Known(("Nine",)), True),
        (Known(("ten", "gate opens at")), True),
        (Known(("nin",)), False),
        (Known(("lamp",)), False),  # in the second quote
        (Known((), Gold(frozenset({SHA}), {SHA: ((34, 40),)})), True),
        (Known((), Gold(frozenset({SHA}), {SHA: ((35, 40),)})), False),
        (Known((), Gold(frozenset({SHA}), {SHA: ((5, 10),)})), False),
        (Known((), Gold(frozenset({"other"}), {"other": ((12, 20),)})), False),
        (Known(("nine",), Gold(frozenset({"other"}), {"other": ((0, 4),)})), True),
        (Unanswered(), False),
        (Pinned(frozenset({"Bring a lamp.", QUOTE})), True),
        (Pinned(frozenset({"Bring a lamp."})), False),
        (Rated(QUOTE, good=True), True),
        (Rated(QUOTE, good=False), False),
        (Rated("Bring a lamp.", good=True), None),
        (Rated("Bring a lamp.", good=False), None),
    ],
)
def test_what_is_known_of_a_question(judge, right):
    assert judge(NINE) is right


@pytest.mark.parametrize(
    ("judge", "right"),
    [
        (Known(("nine",)), False),
        (Unanswered(), False),
        (Pinned(frozenset({QUOTE})), False),
        (Rated(QUOTE, good=True), None),
    ],
)
def test_silence_is_never_right(judge, right):
    assert judge(SILENT) is right


def test_the_documents_that_answer():
    assert Known(("nine",), Gold(frozenset({SHA}), {})).documents == {SHA}
    assert Unanswered().documents == frozenset()
