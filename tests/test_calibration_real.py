"""A calibration with the real models."""

import json

import pytest

from qa.api import Pinpoint

pytestmark = pytest.mark.model

TOWNS = (
    *("Ashford", "Brockley", "Camber", "Dunmore", "Eastleigh", "Farnham", "Goring", "Hadleigh"),
    *("Ilkley", "Jarrow", "Keswick", "Ludlow", "Malton", "Neston", "Oundle", "Penrith"),
    *("Ripley", "Selby", "Tenby", "Usk", "Ventnor", "Wells", "Yarm", "Zeal"),
)
QUESTION = "When was the library of {} founded?"


def test_questions_that_the_documents_answer_are_told_from_others(tmp_path, folder):
    rows = []
    for number, town in enumerate(TOWNS):
        year = str(1800 + 7 * number)
        text = f"The library of {town} was founded in {year}. It lends books and maps to everybody."
        (folder / f"{town}.txt").write_text(text)
        rows.append({"question": QUESTION.format(town), "answers": [year]})
    file = tmp_path / "questions.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    pinpoint = Pinpoint.open(tmp_path / "home")
    pinpoint.sync(folder)
    raw = pinpoint.ask(QUESTION.format("Selby"))
    found = pinpoint.calibrate(file, risk=0.15)
    assert (found.counts.file, found.counts.own_left_out, found.counts.foreign) == (24, 4, 4)
    assert (found.right, found.chosen.answered, found.chosen.wrong) == (24, 24, 0)
    answer = pinpoint.ask(QUESTION.format("Selby"))
    assert answer.text == raw.text
    assert answer.confidence >= found.chosen.confidence > 0.5
    assert answer.confidence != raw.confidence
    assert not pinpoint.ask(QUESTION.format("Whitby")).answered
    assert Pinpoint.open(tmp_path / "home").ask(QUESTION.format("Selby")) == answer
