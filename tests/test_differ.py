from passages import passage, span

from qa.differ import differing
from qa.kind import QuestionKind

QUESTION = "How many days of leave are there?"
NEW = passage(1, "new.txt", "There are 28 days of leave.", date="2024-01-15")
OLD = passage(2, "old.txt", "There are 24 days of leave.", date="2022-01-10")
UNDATED = passage(3, "undated.txt", "There are 20 days of leave.")
AGREES = passage(4, "agrees.txt", "There are twenty-four days of leave a year.", date="2023-05-05")


def found(*spans, question=QUESTION, kind=QuestionKind.HOW_MANY):
    groups = differing(question, kind, sorted(spans, key=lambda s: -s.score))
    return [[s.passage.document.path for s in group] for group in groups]


def test_the_newest_comes_first_and_the_undated_last():
    spans = span(OLD, 0, 0.9, "24"), span(UNDATED, 0, 0.8, "20"), span(NEW, 0, 0.7, "28")
    assert found(*spans) == [["new.txt"], ["old.txt"], ["undated.txt"]]


def test_sources_that_agree_stand_together_the_newest_first():
    spans = span(OLD, 0, 0.9, "24"), span(NEW, 0, 0.8, "28"), span(AGREES, 0, 0.7, "twenty-four")
    assert found(*spans) == [["new.txt"], ["agrees.txt", "old.txt"]]


def test_agreement_is_no_difference():
    assert found(span(OLD, 0, 0.9, "24"), span(AGREES, 0, 0.8, "twenty-four")) == []
    assert found(span(OLD, 0, 0.9, "24")) == []
    assert found() == []


def test_whole_sentences_are_compared_where_nothing_is_marked():
    assert found(span(OLD, 0, 0.9), span(NEW, 0, 0.8)) == [["new.txt"], ["old.txt"]]


def test_only_kinds_with_values_differ():
    spans = span(OLD, 0, 0.9, "24"), span(NEW, 0, 0.8, "28")
    assert found(*spans, kind=QuestionKind.WHY) == []


def test_what_is_far_less_sure_does_not_count():
    assert found(span(OLD, 0, 0.9, "24"), span(NEW, 0, 0.5, "28")) == []
    assert found(span(OLD, 0, 0.9, "24"), span(NEW, 0, 0.54, "28")) != []


def test_two_sayings_of_one_document_do_not_differ():
    both = passage(5, "both.txt", "There are 28 days of leave.", "There are 24 days of leave.")
    assert found(span(both, 0, 0.9, "28"), span(both, 1, 0.8, "24")) == []


def test_other_matters_do_not_differ():
    other = passage(
        6, "o.txt", "Days of leave are many: for her third child alone Ann Lee took 300 days off."
    )
    assert found(span(OLD, 0, 0.9, "24"), span(other, 0, 0.8, "300")) == []


def test_a_name_of_the_question_must_be_there():
    ann = passage(7, "a.txt", "Ann has 28 days of leave.", date="2024-01-01")
    bob = passage(8, "b.txt", "Bob has 24 days of leave.")
    spans = span(ann, 0, 0.9, "28"), span(bob, 0, 0.8, "24")
    assert found(*spans, question="How many days of leave has Ann?") == []
    assert found(*spans, question="How many days of leave are there?") == [["a.txt"], ["b.txt"]]


def test_names_differ():
    old = passage(9, "x.txt", "The examiner is Captain Piet Vos.", date="2018-01-01")
    new = passage(10, "y.txt", "The examiner is Joan Tull.", date="2023-01-01")
    spans = span(old, 0, 0.9, "Captain Piet Vos"), span(new, 0, 0.8, "Joan Tull")
    question = "Who is the examiner?"
    assert found(*spans, question=question, kind=QuestionKind.WHO) == [["y.txt"], ["x.txt"]]


def test_a_quote_that_says_both_contradicts_neither():
    rose = passage(11, "r.txt", "Leave rose from 24 to 28 days, says Ann.", date="2024-01-01")
    old = passage(12, "s.txt", "Leave rose to 24 days, says Ann.", date="2022-01-01")
    spans = span(rose, 0, 0.9, "28"), span(old, 0, 0.8, "24")
    assert found(*spans) == []
    now = passage(13, "n.txt", "Leave rose to 28 days, says Ann.", date="2024-01-01")
    assert found(span(now, 0, 0.9, "28"), span(old, 0, 0.8, "24")) == [["n.txt"], ["s.txt"]]
