"""The seeds and the real models on questions whose answers are known."""

from pathlib import Path

import pytest

from qa.api import Pinpoint
from qa.evaluation.collection import evaluate_collection
from qa.evaluation.questions import read_questions
from qa.evaluation.record import Asked

ROOT = Path(__file__).parents[1]
QUESTIONS = ROOT / "tests" / "data" / "seed_questions.jsonl"


@pytest.mark.model
def test_the_seeds_are_found_read_cited_and_left_out(seeds_home):
    pinpoint = Pinpoint.open(seeds_home)
    file = read_questions(QUESTIONS, QUESTIONS.read_bytes())
    found = evaluate_collection(pinpoint, file, withhold=True)
    total = found.scores.total
    assert total.asked == {Asked.ANSWERABLE: 12, Asked.WITHHELD: 11, Asked.UNANSWERABLE: 3}
    assert found.scores.exact
    assert total.score("recall@5 after reading").value == 1
    assert total.score("right").value >= 0.9
    assert total.score("citations in gold documents").value >= 0.9
    assert total.score("AUROC").value >= 0.9
    assert [part.name for part in found.scores.sets] == ["briefing", "handbook", "nowhere"]
