import pytest
from evaluations import hits, quote, record
from passages import passage, span

from index.sqlite_store import SqliteStore
from index.store import text_sha256
from qa.api import inquire
from qa.evaluation.gold import UNKNOWN, Gold
from qa.evaluation.questions import Question
from qa.evaluation.record import Asked, Stage, faulty_record, make_record, stage_of
from qa.inquiry import Inquiry
from qa.read import Reading

PETS = "Cats purr in barns. Dogs bark."


@pytest.fixture
def filled(pinpoint, folder):
    (folder / "a.txt").write_text(PETS)
    (folder / "b.txt").write_text("Cows low. Cats purr in barns too.")
    pinpoint.sync(folder)
    return pinpoint


def ask(filled, question, answers=(), *, gold=UNKNOWN, asked=Asked.ANSWERABLE, **fields):
    row = Question(id="1", question=question, answers=answers, **fields)
    with SqliteStore.open(filled.home) as store:
        return make_record(row, asked, gold, inquire(filled, question), store, seconds=0.5)


def test_a_right_answer(filled, folder):
    gold = Gold(frozenset({text_sha256(PETS)}), {text_sha256(PETS): ((13, 18),)})
    found = ask(filled, "Where do cats purr?", ("barns",), gold=gold, set="s", group="g")
    assert (found.id, found.set, found.group, found.seconds) == ("1", "s", "g", 0.5)
    assert (found.answered, found.text, found.confidence) == (True, "Cats purr in barns.", 1.0)
    assert found.stage is Stage.RIGHT
    assert [(h.document == text_sha256(PETS), h.relevant, h.in_gold) for h in found.hits] == [
        (True, True, True),
        (False, False, False),
    ]
    assert [(q.path, q.supports, q.in_gold, q.exact) for q in found.quotes] == [
        (str(folder / "a.txt"), True, True, True),
        (str(folder / "b.txt"), True, False, True),  # it holds the answer too
    ]
    assert (found.best.text, found.best.supports) == ("Cats purr in barns.", True)
    assert found.gold == (text_sha256(PETS),)


def test_without_a_document_the_words_decide(filled):
    found = ask(filled, "Where do cats purr?", ("barns too",))
    assert [(h.relevant, h.in_gold) for h in found.hits] == [(False, None), (True, None)]
    assert (found.stage, found.gold, found.group) == (Stage.READ_WRONG, (), "1")


def test_a_silent_answer_keeps_its_confidence_and_best_candidate(filled):
    found = ask(filled, "Do dogs growl and snarl?", ("bark",))
    assert (found.answered, found.quotes, found.text) == (False, (), "")
    assert found.confidence == pytest.approx(1 / 3, abs=1e-4)
    assert (found.best.quote, found.best.supports) == ("Dogs bark.", True)
    assert found.stage is Stage.SILENT_WRONGLY


def test_a_quote_that_is_not_stored_is_not_exact(filled, monkeypatch):
    monkeypatch.setattr(SqliteStore, "find_document", lambda *_: (None, "X" + PETS))
    assert [q.exact for q in ask(filled, "Where do cats purr?", ("barns",)).quotes] == [False] * 2


def test_a_passage_must_cover_a_known_place():
    one = passage(1, "a.txt", "Cats purr.", "Dogs bark.")
    other = passage(1, "a.txt", "Dogs bark.", start=11)
    sha256 = one.document.sha256
    inquiry = Inquiry(_silent(), ((one, other),), (Reading((span(one, 1, 0.4),), 0.5),))
    question = Question(id="1", question="q", answers=("x",))
    gold = Gold(frozenset({sha256}), {sha256: ((0, 4),)})
    found = make_record(question, Asked.ANSWERABLE, gold, inquiry, None, seconds=0.0)
    assert [hit.relevant for hit in found.hits] == [True, False]
    # The span found in one passage stands in the other as well.
    assert [hit.confidence for hit in found.hits] == [0.4, 0.4]


def _silent():
    from answers import answered, citation

    return answered(nearest=(citation(),))


@pytest.mark.parametrize(
    ("asked", "pattern", "quotes", "expected"),
    [
        ("answerable", "o9", [quote()], Stage.RIGHT),
        ("answerable", "d9 o9", [quote(supports=False)], Stage.NOT_RETRIEVED),
        ("answerable", "o9 g", [quote(supports=False)], Stage.NOT_READ),
        ("answerable", "g g2", [quote(supports=False), quote()], Stage.READ_WRONG),
        ("answerable", "g2", [], Stage.SILENT_WRONGLY),
        ("unanswerable", "o1", [], Stage.SILENT_RIGHTLY),
        ("withheld", "o1", [quote()], Stage.NOT_SILENT),
    ],
)
def test_where_a_question_is_lost(asked, pattern, quotes, expected):
    assert stage_of(Asked(asked), hits(pattern), quotes) is expected


def test_reading_orders_by_confidence_and_leaves_the_rest_as_it_was():
    assert record("1", "o o5 g9 o5 o").order_after_reading == [2, 1, 3, 0, 4]


def test_equal_confidences_keep_the_order_of_reading():
    found = hits("o9 g9")
    calibrated = [hit.model_copy(update={"confidence": 0.5}) for hit in found[::-1]]
    order = record("1", "", hits=tuple(calibrated)).order_after_reading
    assert order == [1, 0]


def test_a_fault_is_a_record_too():
    question = Question(id="1", question="q", answers=("x",))
    found = faulty_record(question, Asked.ANSWERABLE, UNKNOWN, "a.txt: changed", seconds=0.1)
    assert (found.stage, found.fault, found.answered) == (Stage.FAULT, "a.txt: changed", False)
