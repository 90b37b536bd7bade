import pytest
from passages import passage, span

from bench.kind_questions import SETS, Question, Score, documents, read_questions, score, shows
from index.rows import IndexState
from qa.api import Pinpoint
from qa.comparison import comparison
from qa.compose import Source, compose
from qa.kind import QuestionKind
from qa.read import Reading, ordered
from qa.sides import compose_sides

NEW = passage(1, "new.txt", "There are 28 days of leave.", date="2024-01-15")
OLD = passage(2, "old.txt", "There are 24 days of leave.", date="2022-01-10")
SOURCES = {1: Source(NEW.text), 2: Source(OLD.text)}
STATE = IndexState(1, 2, 2)


def answer(*spans):
    question = "How many days of leave are there?"
    return compose(question, Reading(ordered(spans), 0.5), SOURCES, STATE, max_citations=3)


def compared(one, other):
    question = "How does new leave compare with old leave?"
    readings = [Reading(ordered(spans), 0.5) for spans in (one, other)]
    return compose_sides(question, comparison(question), readings, SOURCES, STATE)


DIFFERING = answer(span(NEW, 0, 0.9, "28"), span(OLD, 0, 0.8, "24"))
ALONE = answer(span(NEW, 0, 0.9, "28"))
SILENT = answer(span(NEW, 0, 0.2, "28"))


@pytest.mark.parametrize(
    ("wanted", "given", "right"),
    [
        ("28 days > 24 days", DIFFERING, True),
        ("24 days > 28 days", DIFFERING, False),
        ("28 days", DIFFERING, False),
        ("28 days > 24 days", ALONE, False),
        ("28 days|24 days", ALONE, True),
        ("28 DAYS; of leave", ALONE, True),
        ("28 days; 24 days", ALONE, False),
        ("-", SILENT, True),
        ("-", ALONE, False),
        ("28 days", SILENT, False),
        ("28 / -", compared([span(NEW, 0, 0.9)], []), True),
        ("28 / 24", compared([span(NEW, 0, 0.9)], []), False),
        ("28 / 24", compared([span(NEW, 0, 0.9)], [span(OLD, 0, 0.9)]), True),
        ("- / -", compared([], []), True),
        ("28 / 24", ALONE, False),
    ],
)
def test_what_must_be_shown(wanted, given, right):
    assert shows(wanted, given) is right


def test_the_kind_counts_too():
    assert score(Question("how_many", "?", "28"), ALONE) == Score(kind=True, answer=True)
    found = score(Question("who", "?", "28"), ALONE)
    assert (found.kind, found.answer, found.right) == (False, True, False)


@pytest.mark.parametrize("name", SETS)
def test_the_tables_are_complete(name):
    questions = read_questions(name)
    assert len(questions) >= 50
    assert {q.kind for q in questions} == set(QuestionKind)
    assert [q for q in questions if not (q.question and q.answer)] == []
    assert len({q.question for q in questions}) == len(questions)
    assert len(list(documents(name).iterdir())) >= 10


@pytest.mark.model
@pytest.mark.parametrize(("name", "least"), [("first", 12), ("second", 8)])
def test_most_questions_are_answered_right(tmp_path, name, least):
    """Of a fifth of them, as each takes a second; `python -m bench.kind_questions` asks all."""
    pinpoint = Pinpoint.open(tmp_path / "home")
    pinpoint.sync(documents(name))
    scores = [score(asked, pinpoint.ask(asked.question)) for asked in read_questions(name)[::5]]
    assert sum(found.right for found in scores) >= least  # 13 of 15, 9 of 10
