from collections import Counter
from pathlib import Path

import pytest

from qa.kind import QuestionKind, question_kind

QUESTIONS = Path(__file__).parent / "data" / "question_kinds.tsv"


@pytest.fixture(scope="module")
def questions():
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines]


@pytest.mark.parametrize("kind", list(QuestionKind))
def test_kinds_are_told_apart(questions, kind):
    asked = [question for name, question in questions if name == kind]
    found = Counter(question_kind(question) for question in asked)
    assert len(asked) >= 200
    assert found[kind] / len(asked) >= 0.85, found


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Could you tell me why the fee went up?", QuestionKind.WHY),
        ("how do i reset my password", QuestionKind.HOW),
        ("How many people left?", QuestionKind.SPAN),
        ("Who decides how long the gate is open?", QuestionKind.SPAN),
        ("Where is it said how it is done?", QuestionKind.SPAN),
        ("Where is it, and how do I get there?", QuestionKind.HOW),
        ("Who is Vali Nasr?", QuestionKind.DEFINITION),
        ("What is the capital of France?", QuestionKind.SPAN),
        ("Which countries signed the treaty?", QuestionKind.LIST),
        ("In 2020, did the rate rise?", QuestionKind.YES_NO),
        ("If a laptop is stolen, who should be told?", QuestionKind.SPAN),
        ("If I resign, when do I get paid?", QuestionKind.SPAN),
        ("If the server fails, how many days do we have?", QuestionKind.SPAN),
        ("whether the office opens on Sunday", QuestionKind.YES_NO),
        ("What was revenue in 2023?", QuestionKind.SPAN),
        ("", QuestionKind.SPAN),
    ],
)
def test_examples(question, kind):
    assert question_kind(question) is kind
