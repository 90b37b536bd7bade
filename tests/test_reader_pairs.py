import gzip
import json

import pytest

from bench import reader_pairs
from bench.reader_rows import Row, to_row
from qa.evaluate import read_rows

CONTEXTS = [
    "Anna Berg opened the harbour in 1923. It has six piers.",
    "The church was painted by Carl Moberg in 1801. It stands on a hill.",
]
ROWS = [
    (CONTEXTS[0], "Who opened the harbour in 1923?", "Anna Berg"),
    (CONTEXTS[0], "Which whale sank the harbour?", None),
    (CONTEXTS[1], "Who painted the church in 1801?", "Carl Moberg"),
]


def line(context, question, answer):
    found = [] if answer is None else [{"text": answer, "start": context.index(answer)}]
    return {
        "set": "wiki",
        "title": "Lindsund",
        "context": context,
        "question": question,
        "answers": found,
    }


@pytest.mark.parametrize("negatives", reader_pairs.NEGATIVES)
def test_every_question_stands_with_and_without_its_answer(tmp_path, monkeypatch, negatives):
    with gzip.open(tmp_path / "qa-dev.jsonl.gz", "wt") as stream:
        stream.writelines(json.dumps(line(*row)) + "\n" for row in ROWS)
    output = tmp_path / "pairs.jsonl"
    arguments = f"pairs --data {tmp_path} --negatives {negatives} --output {output}"
    monkeypatch.setattr("sys.argv", arguments.split())
    reader_pairs.main()
    rows = read_rows(output)
    assert [row.answers for row in rows] == [("Anna Berg",), (), ("Carl Moberg",), ()]
    for own, negative in zip(rows[::2], rows[1::2], strict=True):
        if negatives == "edited":
            assert own.context == negative.context
            assert own.question != negative.question
        else:
            assert own.question == negative.question
            assert {own.context, negative.context} == set(CONTEXTS)


def test_rows_are_written_as_they_are_read():
    row = Row("wiki", "Lindsund", CONTEXTS[0], "Who?", ((0, 9),))
    assert to_row(reader_pairs.to_json(row)) == row
