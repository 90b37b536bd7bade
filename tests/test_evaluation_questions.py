import gzip
import hashlib
import json
from pathlib import Path

import pytest

from index.errors import InputError
from qa.evaluation.questions import read_questions, sample

SQUAD = {
    "data": [
        {
            "title": "Pets",
            "paragraphs": [
                {
                    "context": "Cats purr.",
                    "qas": [
                        {
                            "id": "1",
                            "question": "Who purrs?",
                            "answers": [
                                {"text": "Cats", "answer_start": 0},
                                {"text": "Cats", "answer_start": 0},
                            ],
                        },
                        {"id": "2", "question": "Who barks?", "is_impossible": True, "answers": []},
                    ],
                }
            ],
        }
    ]
}


def read(*rows, name="q.jsonl"):
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    return read_questions(Path(name), "\n".join(lines).encode()).questions


def test_a_row_may_have_all_fields():
    (found,) = read(
        {
            "id": 7,
            "question": "Who purrs?",
            "answers": ["Cats", "Cats", "The cats"],
            "document": "pets.md",
            "spans": [[0, 4], [20, 24]],
            "set": "pets",
            "group": "g",
            "kind": "who",
        }
    )
    assert (found.id, found.answers, found.document) == ("7", ("Cats", "The cats"), ("pets.md",))
    assert (found.spans, found.set, found.group) == (((0, 4), (20, 24)), "pets", "g")
    assert (found.context, found.context_spans, found.where) == (None, (), "line 1")


def test_starts_count_in_the_context_or_else_in_the_document():
    answer = {"text": "purr", "start": 5}
    inside, outside = read(
        {"question": "a", "answers": [answer], "context": "Cats purr.", "title": "Pets"},
        {"question": "b", "answers": [answer], "document": "pets.md"},
    )
    assert (inside.context_spans, inside.spans, inside.group) == (((5, 9),), (), "Pets")
    assert (outside.context_spans, outside.spans) == ((), ((5, 9),))


def test_squad_files_are_read_as_they_are_and_compressed():
    raw = gzip.compress(json.dumps(SQUAD).encode())
    found = read_questions(Path("dev.json"), raw)
    assert (found.name, found.sha256) == ("dev.json", hashlib.sha256(raw).hexdigest())
    one, two = found.questions
    assert (one.id, one.answers, one.context_spans) == ("1", ("Cats",), ((0, 4),))
    assert (two.id, two.answers, two.context, two.group) == ("2", (), "Cats purr.", "Pets")


def test_ids_follow_from_the_question_and_its_number():
    row = {"question": "Who?", "answers": []}
    one, two = read(row, row)
    assert one.id == hashlib.sha256(b"1 Who?").hexdigest()[:16]
    assert two.id == hashlib.sha256(b"2 Who?").hexdigest()[:16]


@pytest.mark.parametrize(
    ("row", "cause"),
    [
        ({"question": "a"}, "line 2: answers: Field required"),
        ({"question": " ", "answers": []}, "line 2: question is empty"),
        ({"question": "a", "answers": [""]}, "line 2: an answer is empty"),
        ({"question": "a", "answers": [3]}, "line 2: answers.0: "),
        ({"question": "a", "answers": [], "docment": "x"}, "docment is unknown; is it document?"),
        ({"question": "a", "answers": [], "spans": [[0, 1]]}, "name it as document"),
        ({"question": "a", "answers": [], "document": "x", "spans": [[2, 2]]}, "0 <= start < end"),
        ({"question": "a", "answers": [], "document": "x", "context": "y"}, "leave one out"),
        (
            {"question": "a", "answers": [{"text": "x", "start": 1}], "context": "xy"},
            "no answer at 1",
        ),
        ({"question": "a", "answers": [{"text": "x", "start": 1}]}, "no context or document"),
        ("[1]", "line 2: is no JSON object"),
        ("{", "line 2: Expecting property name"),
        ('{"question": "\\ud800", "answers": []}', "line 2: 'utf-8' codec can't encode"),
    ],
)
def test_bad_rows_are_refused_with_their_line(row, cause):
    with pytest.raises(InputError, match=r"^q\.jsonl: .*; give lines of JSON") as caught:
        read({"question": "fine", "answers": []}, row)
    assert cause in str(caught.value)


def test_other_files_are_refused():
    with pytest.raises(InputError, match="q: no questions; give"):
        read_questions(Path("q"), b"\n")
    with pytest.raises(InputError, match="stdin: "):
        read_questions(None, b"\x1f\x8bbroken")
    with pytest.raises(InputError, match="its data: no 'paragraphs'"):
        read('{"data": [{}]}')
    with pytest.raises(InputError, match="line 3: id 7 is that of line 1 too"):
        read(
            {"id": 7, "question": "a", "answers": []},
            "",
            {"id": "7", "question": "b", "answers": []},
        )


def test_a_sample_is_fixed_and_in_order():
    questions = read(*({"id": n, "question": "q", "answers": []} for n in range(50)))
    numbers = [int(each.id) for each in sample(questions, 7)]
    assert len(set(numbers)) == 7
    assert numbers == sorted(numbers) == [int(each.id) for each in sample(questions, 7)]
    assert sample(questions, 99) == sample(questions, None) == questions
    with pytest.raises(InputError, match="at least 1"):
        sample(questions, 0)
