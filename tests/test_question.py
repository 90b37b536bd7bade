import pytest

from qa.question import AnswerType, Expectation, expectation


@pytest.mark.parametrize(
    ("question", "kind", "subject"),
    [
        ("Who accused the US?", AnswerType.PERSON, ""),
        ("By whom was it built?", AnswerType.PERSON, ""),
        ("Who is the author?", AnswerType.PERSON, ""),
        ("Who is Vali Nasr?", AnswerType.DEFINITION, "Vali Nasr"),
        ("What is a chunk?", AnswerType.DEFINITION, "chunk"),
        ("What's Pinpoint?", AnswerType.DEFINITION, "Pinpoint"),
        ("What is the capital of Australia?", AnswerType.ANY, ""),
        ("When did it start?", AnswerType.DATE, ""),
        ("In what year was it built?", AnswerType.DATE, ""),
        ("Where is the index stored?", AnswerType.PLACE, ""),
        ("How many chunks are there?", AnswerType.NUMBER, "chunks"),
        ("How many of the troops left?", AnswerType.NUMBER, "troops"),
        ("How tall is it?", AnswerType.NUMBER, ""),
        ("How long have the militias been attacking?", AnswerType.DURATION, ""),
        ("How many weeks did it take?", AnswerType.DURATION, ""),
        ("For how long was it shut?", AnswerType.DURATION, ""),
        ("Can you tell me how long it takes?", AnswerType.DURATION, ""),
        ("If the server fails, how many days are left?", AnswerType.DURATION, ""),
        ("Where is it and how long does it take?", AnswerType.DURATION, ""),
        ("Which tool measures how long a flush takes?", AnswerType.ANY, ""),
        ("By which law is it fixed how much it may cost?", AnswerType.ANY, ""),
        ("Who decides how long the gate is open?", AnswerType.PERSON, ""),
        ("How do I see how many chunks there are?", AnswerType.INSTRUCTION, ""),
        ("How many clerks said how long they waited?", AnswerType.NUMBER, "clerks"),
        ("How much did the aircraft carriers cost?", AnswerType.MONEY, ""),
        ("What is the price of the book?", AnswerType.MONEY, ""),
        ("How much water is in it?", AnswerType.ANY, ""),
        ("How do I rebuild the index?", AnswerType.INSTRUCTION, ""),
        ("Why did they leave?", AnswerType.ANY, ""),
    ],
)
def test_expectation(question, kind, subject):
    assert expectation(question) == Expectation(kind, subject)


@pytest.mark.parametrize(
    ("question", "sentence", "met"),
    [
        ("How long did it take?", "For over seven weeks, militias have attacked.", True),
        ("How long did it take?", "Militias have attacked troops.", False),
        ("How much did it cost?", "It cost $3.5 million.", True),
        ("How much did it cost?", "The Pentagon sent aircraft carriers.", False),
        ("How often?", "There are twelve.", True),
        ("How often?", "There are some.", False),
        ("How many troops are there?", "For seven weeks they attacked troops.", True),
        ("How many troops are there?", "For seven weeks they fired rockets at troops.", False),
        ("How many troops are there?", "The 2,500 U.S. troops stay.", True),
        ("How many people live there?", "Its population is 3 million.", True),
        ("How many staff were there?", "Year: 2022; Staff: 44", True),
        ("What was revenue in 2023?", "Year: 2023; Revenue: 4.2 million; Staff: 51", True),
        ("What was revenue in 2023?", "Year: 2023; Revenue: 3700", True),
        ("How much does the ferry cost?", "The office opens at 10:30.", False),
        ("What was revenue in 2023?", "Revenue fell in 2023.", False),
        ("When was it?", "It opened on 3 May 1999.", True),
        ("When was it?", "It may open each other.", False),
        ("Where is it?", "It stands in Paris.", True),
        ("Where is it?", "It stands.", False),
        ("Who did it?", "However, Minister Hossein Amir accuses.", True),
        ("Who did it?", "The report was late.", False),
        ("Who is Vali Nasr?", "Vali Nasr, an Iran expert, argues.", True),
        ("Who is Vali Nasr?", "They met Vali Nasr later.", False),
        ("What is a chunk?", "A chunk is a passage.", True),
        ("What is a chunk?", "The chunk ends here.", False),
        ("How do I rebuild it?", "To rebuild it, run `pinpoint index --rebuild`.", True),
        ("How do I rebuild it?", "It was rebuilt yesterday.", False),
        ("Why?", "Anything.", True),
    ],
)
def test_met_by(question, sentence, met):
    assert expectation(question).met_by(sentence) is met
