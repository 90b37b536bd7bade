import gzip
import json

import pytest
from span_models import MarkedModel

from index.errors import InputError
from qa.evaluate import ReadingRow, best_answers, evaluate, read_rows

LINE = {
    "question": "Who purrs?",
    "context": "Cats purr.",
    "answers": [{"text": "Cats", "start": 0}],
}
SQUAD = {
    "version": "v2.0",
    "data": [
        {
            "title": "Pets",
            "paragraphs": [
                {
                    "context": "Cats purr.",
                    "qas": [
                        {"id": "1", "question": "Who purrs?", "answers": [{"text": "Cats"}]},
                        {"id": "2", "question": "Who barks?", "is_impossible": True, "answers": []},
                    ],
                }
            ],
        }
    ],
}
ROWS = [
    ReadingRow("Who purrs?", "Cats purr.", ("Cats",)),
    ReadingRow("Who barks?", "Cats purr.", ()),
]


@pytest.mark.parametrize("zipped", [False, True])
def test_lines_and_squad_files_are_read(tmp_path, zipped):
    for name, text, expected in (
        ("rows.jsonl", json.dumps(LINE) + "\n\n", ROWS[:1]),
        ("squad.json", json.dumps(SQUAD, indent=1), ROWS),
    ):
        raw = text.encode()
        (tmp_path / name).write_bytes(gzip.compress(raw) if zipped else raw)
        assert read_rows(tmp_path / name) == expected


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"", "no rows"),
        (b"\xff\xfe", "codec can't decode"),
        (b"\x1f\x8bbroken", "rows: "),
        (b'{"question": "a"}', "line 1: no 'answers'"),
        (b'\n{"question": 1, "context": "b", "answers": []}', "line 2: 1 is no text"),
        (b"a line", "line 1: Expecting value"),
        (b'{"data": [{}]}', "its data: no 'paragraphs'"),
        (b"[1]", "line 1: "),
    ],
)
def test_other_files_are_refused(tmp_path, content, cause):
    file = tmp_path / "rows"
    file.write_bytes(content)
    with pytest.raises(InputError, match="give a SQuAD file") as caught:
        read_rows(file)
    assert str(file) in str(caught.value)
    assert cause in str(caught.value)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InputError, match="No such file"):
        read_rows(tmp_path / "none.jsonl")


def test_scores_worked_out_by_hand():
    rows = [
        *ROWS,
        ReadingRow("Who barks?", "Dogs bark.", ("Dogs",)),  # the model only knows cats
        ReadingRow("Who naps?", "The Cats nap.", ("Cats nap",)),  # F1 2/3
    ]
    found = evaluate(MarkedModel("Cats"), rows, file="rows")
    assert (found.rows, found.answerable, found.reader, found.file) == (4, 3, "marked", "rows")
    assert found.em == 66.67
    # "Dogs" is right too, as the earliest of equal spans; "Cats" is half of "Cats nap".
    assert found.f1 == pytest.approx(100 * (1 + 1 + 2 / 3) / 3, abs=0.01)
    # Margins: 8, 8 (unanswerable), -8, 8: one pair of three is lost, two are ties.
    assert found.auroc == pytest.approx(1 / 3, abs=1e-4)
    # Answering all that scores 8 earns 1 + 2/3 of 4; silence on everything earns 1 of 4;
    # answering all earns 1 + 1 + 2/3.
    assert found.best_f1 == pytest.approx(100 * (2 + 2 / 3) / 4, abs=0.01)


def test_without_unanswerable_rows_there_is_no_auroc():
    found = evaluate(MarkedModel("Cats"), ROWS[:1])
    assert (found.em, found.f1, found.auroc, found.best_f1, found.threshold) == (
        100.0,
        100.0,
        None,
        None,
        None,
    )
    assert evaluate(MarkedModel("Cats"), ROWS[1:]).em is None


def test_a_sample_is_the_same_each_time():
    rows = [ReadingRow("q", f"text {n}", ()) for n in range(50)]
    one, other = MarkedModel("x"), MarkedModel("x")
    assert evaluate(one, rows, limit=7).rows == 7
    evaluate(other, rows, limit=7)
    assert one.read == other.read
    assert evaluate(one, rows, limit=99).rows == 50
    with pytest.raises(InputError, match="sample of 0 rows"):
        evaluate(one, rows, limit=0)


def test_long_contexts_are_read_in_windows():
    model = MarkedModel("Cats", room=9)
    context = "so " * 40 + "Cats purr"
    assert best_answers(model, [ReadingRow("q", context, ())]) == [("Cats", 8.0)]
    assert len(model.read) > 4


def test_an_empty_context_has_no_answer():
    assert best_answers(MarkedModel("x"), [ReadingRow("q", " ", ())]) == [("", -float("inf"))]
    assert evaluate(MarkedModel("Cats"), [*ROWS, ReadingRow("q", "", ())]).rows == 3


@pytest.mark.parametrize(
    "content",
    [
        gzip.compress(b"{}" * 500, mtime=0)[:-12] + b"\0" * 12,  # no time: it is the test's name
        b"[" * 100_000,
        json.dumps(LINE | {"context": "Cats \ud800 purr."}).encode(),
    ],
)
def test_broken_files_are_refused(tmp_path, content):
    file = tmp_path / "rows.json"
    file.write_bytes(content)
    with pytest.raises(InputError, match=r"rows\.json: .*give a SQuAD file"):
        read_rows(file)


def test_a_byte_order_mark_is_no_part_of_a_file(tmp_path):
    file = tmp_path / "rows.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps(LINE).encode())
    assert [row.question for row in read_rows(file)] == ["Who purrs?"]
