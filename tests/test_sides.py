from passages import passage, span

from index.rows import IndexState
from qa.comparison import comparison
from qa.compose import Source
from qa.read import Reading, ordered
from qa.sides import compose_sides

QUESTION = "Is the Kestrel or the Mallard faster?"
KESTREL = passage(1, "k.txt", "The Kestrel makes 34 knots.", "She is quick.")
MALLARD = passage(2, "m.txt", "The Mallard makes 16 knots.")
BOTH = passage(3, "b.txt", "The Kestrel is faster than the Mallard.")
OTHER = passage(4, "o.txt", "The Heron makes 9 knots.")


def answered(one, other, question=QUESTION):
    passages = [KESTREL, MALLARD, BOTH, OTHER]
    return compose_sides(
        question,
        comparison(question),
        [Reading(ordered(spans), 0.3) for spans in (one, other)],
        {p.document.rowid: Source(p.text) for p in passages},
        IndexState(1, 4, 4),
    )


def sides(answer):
    return [(side.subject, [c.quote for c in side.citations]) for side in answer.sides]


def test_evidence_for_each_side():
    answer = answered([span(KESTREL, 0, 0.8), span(MALLARD, 0, 0.7)], [span(MALLARD, 0, 0.6)])
    assert sides(answer) == [
        ("the Kestrel", ["The Kestrel makes 34 knots."]),
        ("the Mallard", ["The Mallard makes 16 knots."]),
    ]
    assert answer.text == "The Kestrel makes 34 knots. [1]\n\nThe Mallard makes 16 knots. [2]"
    assert (answer.answered, answer.kind, answer.confidence) == (True, "comparison", 0.8)
    assert [c.quote[:11] for c in answer.citations] == ["The Kestrel", "The Mallard"]
    assert (answer.nearest, answer.candidates, answer.differing) == ((), (), ())


def test_a_side_without_evidence_says_so():
    answer = answered([span(KESTREL, 0, 0.8)], [span(OTHER, 0, 0.9), span(MALLARD, 0, 0.29)])
    assert sides(answer)[1] == ("the Mallard", [])
    assert answer.answered is True


def test_nothing_on_both_sides():
    answer = answered([span(OTHER, 0, 0.9)], [span(MALLARD, 0, 0.2)])
    assert sides(answer) == [("the Kestrel", []), ("the Mallard", [])]
    assert (answer.answered, answer.text, answer.citations) == (False, "", ())
    assert [c.quote for c in answer.nearest] == [
        "The Heron makes 9 knots.",
        "The Mallard makes 16 knots.",
    ]
    empty = answered([], [])
    assert (empty.answered, empty.confidence, empty.nearest) == (False, 0.0, ())


def test_a_quote_of_both_stands_where_it_says_more():
    answer = answered(
        [span(KESTREL, 0, 0.8), span(BOTH, 0, 0.7)], [span(BOTH, 0, 0.6), span(MALLARD, 0, 0.5)]
    )
    assert [len(quotes) for _, quotes in sides(answer)] == [2, 1]
    assert len(answer.citations) == 3


def test_a_quote_of_both_stands_on_both_where_one_has_nothing_else():
    answer = answered([span(BOTH, 0, 0.7)], [span(BOTH, 0, 0.7)])
    assert [quotes for _, quotes in sides(answer)] == [[BOTH.text], [BOTH.text]]
    assert answer.text == "The Kestrel is faster than the Mallard. [1]"


def test_a_passage_that_names_one_side_alone_speaks_of_it():
    answer = answered([span(KESTREL, 1, 0.8)], [span(KESTREL, 1, 0.9)])
    assert [quotes for _, quotes in sides(answer)] == [["She is quick."], []]


def test_at_most_three_quotes_a_side_and_none_far_worse():
    many = passage(1, "k.txt", *(f"The Kestrel has {n} masts." for n in "23456"))
    spans = [span(many, n, score) for n, score in enumerate((0.9, 0.8, 0.7, 0.6, 0.5))]
    answer = compose_sides(
        QUESTION,
        comparison(QUESTION),
        [Reading(ordered(spans), 0.3), Reading((), 0.3)],
        {1: Source(many.text)},
        IndexState(1, 1, 1),
        threshold=0.75,
    )
    assert [len(quotes) for _, quotes in sides(answer)] == [2, 0]
    least = answered([span(KESTREL, 0, 0.9), span(BOTH, 0, 0.44)], [])
    assert [len(quotes) for _, quotes in sides(least)] == [1, 0]


def test_what_begins_with_the_subject_is_said_of_it():
    general = "Compare the Kestrel and the Mallard."
    answer = answered([span(KESTREL, 0, 0.15)], [span(MALLARD, 0, 0.14)], general)
    assert [len(quotes) for _, quotes in sides(answer)] == [1, 0]
    assert answer.confidence == 0.15
    answer = answered([span(BOTH, 0, 0.2)], [span(BOTH, 0, 0.2)], general)
    assert [len(quotes) for _, quotes in sides(answer)] == [1, 0]
    answer = answered([span(KESTREL, 0, 0.15)], [span(MALLARD, 0, 0.14)])
    assert answer.answered is False
