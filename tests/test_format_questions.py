from bench.format_questions import NONE, Question, Score, place_of, read_questions, score
from qa.models import Answer, Citation, CitedDocument, CitedLocation, IndexSummary

QUESTION = Question("a/b.pdf", "How large?", "page 2", "1 GB|Limit")


def citation(quote, path="/docs/a/b.pdf", places=(("page", "2"),), heading=()):
    return Citation(
        quote=quote,
        start=0,
        end=len(quote),
        answer=None,
        document=CitedDocument(
            id="i", path=path, title="t", sha256="0", date=None, media_type="text/plain"
        ),
        page=None,
        locations=tuple(CitedLocation(kind=kind, name=name) for kind, name in places),
        rectangles=(),
        link=None,
        heading=heading,
        score=0.5,
    )


def answer(*citations):
    return Answer(
        question="q",
        answered=bool(citations),
        text="",
        confidence=0.5,
        citations=citations,
        nearest=(),
        candidates=(),
        index=IndexSummary(generation=1, documents=1, chunks=1),
    )


def test_all_words_in_one_quote_of_the_file_at_the_place():
    assert score(QUESTION, answer(citation("The limit is 1 GB."))) == Score(True, True, True)
    assert score(QUESTION, answer(citation("It is 1 GB."))) == Score(True, False, False)
    elsewhere = citation("The limit is 1 GB.", path="/docs/a/c.pdf")
    assert score(QUESTION, answer(elsewhere)) == Score(True, False, False)
    other_page = citation("The limit is 1 GB.", places=[("page", "3")])
    assert score(QUESTION, answer(other_page)) == Score(True, True, False)
    assert score(QUESTION, answer()) == Score(False, False, False)


def test_places_are_locations_in_order_or_any_heading():
    found = citation("x", places=[("sheet", "Budget"), ("row", "7")], heading=("Budget",))
    assert place_of(found) == "sheet Budget row 7"
    asked = Question("a/b.pdf", "How large?", "heading Limits", "1 gb")
    under = citation("1 GB", places=(), heading=("Limits", "Note"))
    assert score(asked, answer(under)) == Score(True, True, True)
    assert place_of(under) == "heading Note"


def test_a_question_without_an_answer_is_right_in_silence():
    asked = Question(NONE, "Who?", NONE, NONE)
    assert score(asked, answer()) == Score(False, True, True)
    assert score(asked, answer(citation("x"))) == Score(True, False, False)


def test_the_table_is_complete():
    questions = read_questions()
    assert len(questions) >= 20
    assert [q for q in questions if not all((q.file, q.question, q.place, q.words))] == []
    assert len({q.question for q in questions}) == len(questions)
    assert {q.place.split()[0] for q in questions if q.file != NONE} == {
        *("page", "slide", "sheet", "row", "record", "chapter", "heading"),
    }
