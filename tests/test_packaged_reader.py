"""The model that ships with Pinpoint, as users get it."""

import hashlib
import json
from importlib.resources import files

import pytest

from qa.evaluate import ReadingRow, best_answers, evaluate
from qa.span_model import PACKAGED_READER, load_span_model

pytestmark = pytest.mark.model
FOLDER = files("qa") / "data" / "reader"
CONTEXT = (
    "The harbour office of Lindsund opened in 1923 under Greta Moberg. Ferries to the island leave "
    "every forty minutes from pier 6, and a return ticket costs 12 euros. Bicycles travel free."
)
ASKED = {
    "When did the harbour office open?": "1923",
    "Who led the harbour office at first?": "Greta Moberg",
    "How often do ferries leave?": "every forty minutes",
    "What does a return ticket cost?": "12 euros",
    "What travels free?": "Bicycles",
}
NOT_THERE = ["Who painted the church ceiling?", "Which king was crowned in Uppsala?"]


@pytest.fixture(scope="module")
def model():
    return load_span_model(PACKAGED_READER)


def test_its_files_are_whole_and_small():
    for name, expected in json.loads((FOLDER / "sha256.json").read_text("utf-8")).items():
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == expected
    assert len((FOLDER / "model.onnx").read_bytes()) <= 48_000_000


def test_it_points_at_answers(model):
    rows = [ReadingRow(question, CONTEXT, (gold,)) for question, gold in ASKED.items()]
    assert evaluate(model, rows).f1 >= 80


def test_it_is_less_sure_where_there_is_no_answer(model):
    own = best_answers(model, [ReadingRow(question, CONTEXT, ()) for question in ASKED])
    other = best_answers(model, [ReadingRow(question, CONTEXT, ()) for question in NOT_THERE])
    assert min(score for _, score in own) > max(score for _, score in other)
