from passages import passage, span

from qa.choose import choose, distinct
from qa.kind import QuestionKind

ONE = passage(1, "one.txt", "Bern.", "Basel.", "Chur.", "Thun.", "Biel.")
OTHER = passage(2, "other.txt", "Lugano.", "Bern.", "Olten is no town.")


def said(spans):
    return [s.passage.slice(s.start, s.end) for s in spans]


def test_further_quotes_are_nearly_as_good_as_the_best():
    spans = [span(ONE, 0, 0.9), span(ONE, 1, 0.73), span(ONE, 2, 0.71)]
    assert said(choose(QuestionKind.SPAN, spans, 3)) == ["Bern.", "Basel."]
    assert said(choose(QuestionKind.SPAN, spans, 1)) == ["Bern."]
    assert choose(QuestionKind.SPAN, [], 3) == []


def test_lists_take_items_of_every_passage():
    spans = [span(ONE, n, 0.9 - n / 10) for n in range(5)] + [span(OTHER, 0, 0.45)]
    everything = ["Bern.", "Basel.", "Chur.", "Thun.", "Biel.", "Lugano."]
    assert said(choose(QuestionKind.LIST, spans, 3)) == everything
    assert said(choose(QuestionKind.LIST, [*spans, span(OTHER, 1, 0.44)], 3)) == everything


def test_a_long_list_gives_each_passage_a_turn():
    many = passage(3, "many.txt", *(f"Town {n}." for n in range(12)))
    spans = [span(many, n, 0.9 - n / 100) for n in range(12)] + [span(OTHER, 0, 0.5)]
    found = said(choose(QuestionKind.LIST, spans, 3))
    assert found == [*(f"Town {n}." for n in range(9)), "Lugano."]


def test_lists_leave_out_what_is_far_worse():
    spans = [span(ONE, 0, 0.9), span(ONE, 1, 0.35)]
    assert said(choose(QuestionKind.LIST, spans, 3)) == ["Bern."]


def test_yes_or_no_shows_the_contrary_too():
    spans = [span(ONE, 0, 0.9), span(ONE, 1, 0.8), span(ONE, 2, 0.8), span(OTHER, 2, 0.3)]
    found = said(choose(QuestionKind.YES_NO, spans, 3))
    assert found == ["Bern.", "Basel.", "Olten is no town."]
    assert said(choose(QuestionKind.SPAN, spans, 3)) == ["Bern.", "Basel.", "Chur."]


def test_one_quote_of_yes_or_no_keeps_its_contrary():
    spans = [span(OTHER, 2, 0.9), span(ONE, 0, 0.3)]
    assert said(choose(QuestionKind.YES_NO, spans, 1)) == ["Olten is no town.", "Bern."]
    assert said(choose(QuestionKind.YES_NO, spans[:1], 3)) == ["Olten is no town."]


def test_distinct_leaves_out_the_same_words_and_the_same_place():
    spans = [span(ONE, 0, 0.9), span(OTHER, 1, 0.8), span(ONE, 0, 0.7), span(ONE, 1, 0.6)]
    assert said(distinct(spans, 3)) == ["Bern.", "Basel."]
