from collections import Counter
from pathlib import Path

import pytest

from qa.kind import QuestionKind, question_kind

QUESTIONS = Path(__file__).parent / "data" / "question_kinds.tsv"


@pytest.fixture(scope="module")
def questions():
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines]


@pytest.mark.parametrize("kind", ["why", "how", "definition", "list", "yes_no", "span"])
def test_kinds_are_told_apart(questions, kind):
    asked = [question for name, question in questions if name == kind]
    found = Counter(read_as(question) for question in asked)
    assert len(asked) >= 200
    assert found[kind] / len(asked) >= 0.85, found


def read_as(question):
    """Return how a question is read; the kinds that a few words answer are read alike."""
    kind = question_kind(question)
    return "span" if kind.wants_short_answer else kind


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Could you tell me why the fee went up?", QuestionKind.WHY),
        ("how do i reset my password", QuestionKind.HOW),
        ("How many people left?", QuestionKind.HOW_MANY),
        ("Who decides how long the gate is open?", QuestionKind.WHO),
        ("Where is it said how it is done?", QuestionKind.WHERE),
        ("Where is it, and how do I get there?", QuestionKind.HOW),
        ("Who is Vali Nasr?", QuestionKind.DEFINITION),
        ("What is the capital of France?", QuestionKind.SPAN),
        ("Which countries signed the treaty?", QuestionKind.LIST),
        ("In 2020, did the rate rise?", QuestionKind.YES_NO),
        ("If a laptop is stolen, who should be told?", QuestionKind.SPAN),
        ("If I resign, when do I get paid?", QuestionKind.SPAN),
        ("If the server fails, how many days do we have?", QuestionKind.HOW_MANY),
        ("whether the office opens on Sunday", QuestionKind.YES_NO),
        ("What was revenue in 2023?", QuestionKind.HOW_MUCH),
        ("When does it open?", QuestionKind.WHEN),
        ("Could you tell me where it is?", QuestionKind.WHERE),
        ("How long does it take?", QuestionKind.HOW_LONG),
        ("How tall is the tower?", QuestionKind.HOW_MANY),
        ("How many days of leave do I have?", QuestionKind.HOW_MANY),
        ("How much does it cost?", QuestionKind.HOW_MUCH),
        ("How much water is in it?", QuestionKind.HOW_MUCH),
        ("Which harbours does the firm serve?", QuestionKind.LIST),
        ("Which address does the firm have?", QuestionKind.SPAN),
        ("Is tea or coffee cheaper?", QuestionKind.COMPARISON),
        ("What is the difference between tea and coffee?", QuestionKind.COMPARISON),
        ("What happened between 2019 and 2021?", QuestionKind.SPAN),
        ("", QuestionKind.SPAN),
    ],
)
def test_examples(question, kind):
    assert question_kind(question) is kind


def test_what_a_few_words_answer():
    short = {kind for kind in QuestionKind if kind.wants_short_answer}
    assert short == {"who", "when", "where", "how_many", "how_much", "how_long", "span"}
