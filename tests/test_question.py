import pytest

from qa.question import AnswerType, answer_type, could_hold


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who accused the US?", AnswerType.PERSON),
        ("By whom was it built?", AnswerType.PERSON),
        ("Who is Vali Nasr?", AnswerType.ANY),
        ("Who is the author?", AnswerType.PERSON),
        ("When did it start?", AnswerType.DATE),
        ("In what year was it built?", AnswerType.DATE),
        ("Where is the index stored?", AnswerType.PLACE),
        ("How many chunks are there?", AnswerType.NUMBER),
        ("How long have the militias been attacking?", AnswerType.DURATION),
        ("How many weeks did it take?", AnswerType.DURATION),
        ("How much did the aircraft carriers cost?", AnswerType.MONEY),
        ("What is the price of the book?", AnswerType.MONEY),
        ("How much water is in it?", AnswerType.ANY),
        ("How do I rebuild the index?", AnswerType.ANY),
        ("Why did they leave?", AnswerType.ANY),
        ("What happens when a file is gone?", AnswerType.ANY),
    ],
)
def test_answer_type(question, expected):
    assert answer_type(question) is expected


@pytest.mark.parametrize(
    ("sentence", "expected", "holds"),
    [
        ("For over seven weeks, militias have attacked.", AnswerType.DURATION, True),
        ("Militias have attacked troops.", AnswerType.DURATION, False),
        ("It cost $3.5 million.", AnswerType.MONEY, True),
        ("The Pentagon sent aircraft carriers.", AnswerType.MONEY, False),
        ("There are twelve.", AnswerType.NUMBER, True),
        ("There are some.", AnswerType.NUMBER, False),
        ("It opened on 3 May 1999.", AnswerType.DATE, True),
        ("It may open.", AnswerType.DATE, False),
        ("It stands in Paris.", AnswerType.PLACE, True),
        ("However, Minister Hossein Amir accuses.", AnswerType.PERSON, True),
        ("The report was late.", AnswerType.PERSON, False),
        ("Anything.", AnswerType.ANY, True),
    ],
)
def test_could_hold(sentence, expected, holds):
    assert could_hold(sentence, expected) is holds
