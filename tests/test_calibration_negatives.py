"""Questions that a collection does not answer."""

from importlib.resources import files

import pytest
from answers import answered, citation

from index.filter import Filter
from index.sqlite_store import SqliteStore
from qa.calibration.judge import Known
from qa.calibration.labels import Labelled
from qa.calibration.negatives import foreign, own_left_out
from qa.evaluation.gold import Gold

NINE = Known(("nine",))


def cited(quote, sha256):
    found = citation(quote)
    document = found.document.model_copy(update={"sha256": sha256})
    return answered(found.model_copy(update={"document": document}))


class Documents:
    """Answers with the first document that is not left out; keeps what it was asked."""

    def __init__(self, *quotes):
        self.quotes = dict(zip("abcdefgh", quotes, strict=False))
        self.asked = []

    def __call__(self, question, within):
        self.asked.append((question, within))
        left = [(name, quote) for name, quote in self.quotes.items() if name not in within.without]
        return cited(left[0][1], left[0][0]) if left else answered(nearest=(citation(),))

    def first(self, labelled):
        return labelled, self(labelled.question, labelled.within)


def left_out(ask, labelled):
    right = [ask.first(labelled)]
    ask.asked.clear()
    return list(own_left_out(ask, right))


def test_a_question_is_asked_without_the_document_that_answers_it():
    ask = Documents("The gate opens at nine.", "The shop closes at six.")
    within = Filter(media_types=("text/plain",))
    labelled = Labelled("When?", "file", NINE, within)
    ((asked, instead),) = left_out(ask, labelled)
    assert asked is labelled
    assert instead.citations[0].quote == "The shop closes at six."
    assert ask.asked == [("When?", Filter(media_types=("text/plain",), without=("a",)))]


def test_other_documents_with_the_same_answer_are_left_out_as_well():
    ask = Documents("It opens at nine.", "Nine is when it opens.", "The shop closes at six.")
    ((_, instead),) = left_out(ask, Labelled("When?", "file", NINE))
    assert instead.citations[0].quote == "The shop closes at six."
    assert [within.without for _, within in ask.asked] == [("a",), ("a", "b")]


def test_all_documents_that_are_known_to_answer_are_left_out():
    ask = Documents("It opens at nine.", "The shop closes at six.", "Nine bells ring.")
    judge = Known(("nine",), Gold(frozenset("c"), {}))
    ((_, instead),) = left_out(ask, Labelled("When?", "file", judge))
    assert instead.citations[0].quote == "The shop closes at six."
    assert [within.without for _, within in ask.asked] == [("a", "c")]


def test_silence_is_an_answer_too():
    ((_, instead),) = left_out(Documents("At nine."), Labelled("When?", "file", NINE))
    assert instead.answered is False


def test_what_many_documents_answer_is_passed_over():
    assert left_out(Documents(*["At nine."] * 8), Labelled("When?", "file", NINE)) == []


def test_where_another_right_answer_could_not_be_told_it_is_passed_over():
    ask = Documents("At nine.", "At six.")
    assert left_out(ask, Labelled("When?", "file", Known(()))) == []
    assert ask.asked == []


def test_the_order_is_by_chance_and_the_same_each_time():
    ask = Documents("At nine.", "At six.")
    right = [ask.first(Labelled(f"Question {n}?", "file", NINE)) for n in range(20)]
    first, second = (
        [labelled.question for labelled, _ in own_left_out(ask, right)] for _ in range(2)
    )
    assert first == second != [labelled.question for labelled, _ in right]
    assert sorted(first) == sorted(labelled.question for labelled, _ in right)


@pytest.fixture
def shipped(pinpoint, folder):
    def shipped(text):
        (folder / "notes.txt").write_text(text)
        pinpoint.sync(folder)
        with SqliteStore.open(pinpoint.home) as store:
            return foreign(store)

    return shipped


def test_what_a_document_names_is_no_foreign_question(shipped):
    every = shipped("Nothing of the kind.")
    assert len(every) == len(set(every)) == 80
    brennthal = "What did a winter crossing on the Brennthal ferry cost in 1961?"
    assert brennthal in every
    left = shipped("The ferry of BRENNTHAL, and a protocol about a candlewick.")
    assert sorted(set(every) - set(left)) == [brennthal]


def test_every_shipped_question_has_the_name_it_is_told_by():
    lines = (files("qa") / "data" / "foreign_questions.txt").read_text("utf-8").splitlines()
    shipped = [line.split("|") for line in lines if not line.startswith("#")]
    assert [q for n, q in shipped if n.lower() not in q.lower() or q[-1] != "?"] == []
