import pytest
from evaluations import OTHER, quote, record, setup

from index.errors import InputError, PinpointError
from qa.evaluation.outcome import columns, outcome
from qa.evaluation.record import Asked, Stage
from qa.evaluation.score import compared, read_scores, score

RECORDS = [
    # Right; the second quote is of another document and says something else.
    record(
        "1",
        "o2 g9 o",
        (quote("Cats purr.", answer="Cats"), quote(supports=False, in_gold=False)),
        confidence=0.9,
        best=("Cats", True),
        seconds=0.1,
        set="pets",
    ),
    # Silent although the best candidate, "the cats nap", is right: F1 2/3.
    record("2", "g3 o1", confidence=0.3, best=("the cats nap", True), seconds=0.3, set="pets"),
    # Nothing that answers was retrieved.
    record(
        "3",
        "o6 o d",
        (quote("Dogs", supports=False, in_gold=False),),
        confidence=0.6,
        best=("Dogs", False),
        seconds=0.2,
    ),
    record("4", "o1", asked=Asked.UNANSWERABLE, confidence=0.1, best=("x", False), gold=()),
    record("1", "o8", (quote("x", supports=False, in_gold=False),), asked=Asked.WITHHELD,
           confidence=0.8, best=("x", False), seconds=9.0),
]  # fmt: skip


def figures(records, **arguments):
    return {f.name: f for f in score(records, setup(), rounds=20, **arguments).total.figures}


def test_figures_worked_out_by_hand():
    found = {name: (each.value, each.n) for name, each in figures(RECORDS).items()}
    expected = {
        "recall@1": (1 / 3, 3),
        "recall@5": (2 / 3, 3),
        "MRR": ((1 / 2 + 1) / 3, 3),
        "nDCG@10": ((0.63093 + 1) / 3, 3),
        "recall@1 after reading": (2 / 3, 3),
        "MRR after reading": (2 / 3, 3),
        # The document stands second, first and second; after reading first, first and second.
        "document recall@1": (1 / 3, 3),
        "document recall@5": (1, 3),
        "document recall@1 after reading": (2 / 3, 3),
        "EM": (1 / 3, 3),
        "F1": (1 / 3, 3),
        "best EM": (1 / 3, 3),
        "best F1": ((1 + 2 / 3) / 3, 3),
        "right": (1 / 3, 3),
        "best right": (2 / 3, 3),
        "answered": (2 / 3, 3),
        "right when answered": (1 / 2, 2),
        "citation precision": (1 / 3, 3),
        "citations in gold documents": (1 / 3, 3),
        "exactness": (1, 4),
        "abstention precision": (1 / 2, 2),
        "abstention recall": (1 / 2, 2),
        # Of six pairs of an answerable and another: 0.9 and 0.6 and 0.3 over 0.1; 0.9 over 0.8.
        "AUROC": (4 / 6, 5),
        # Would be right: 0.9 and 0.3; wrong: 0.8, 0.6, 0.1. Right over wrong: 3 and 1 of 6.
        "AUROC right": (4 / 6, 5),
        # Risks from the surest on: 0, 1/2, 2/3, 2/4, 3/5.
        "AURC": ((1 / 2 + 2 / 3 + 2 / 4 + 3 / 5) / 5, 5),
        "risk": (2 / 3, 3),
        "coverage": (3 / 5, 5),
        # Each alone in its bin: |0.9-1|, |0.8-0|, |0.6-0|, |0.3-1|, |0.1-0|.
        "calibration error": ((0.1 + 0.8 + 0.6 + 0.7 + 0.1) / 5, 5),
        # 0.1, 0.3, 0.2 and 0.1; what was asked without the documents is left out.
        "seconds p50": (0.15, 4),
        "seconds p95": (0.285, 4),
    }
    for name, (value, n) in expected.items():
        assert found[name] == (pytest.approx(value, abs=1e-5), n), name


def test_counts_sets_and_stages():
    found = score(RECORDS, setup(), rounds=5)
    assert (found.known, found.exact, found.total.name) == (3, True, "all")
    assert found.total.asked == {"answerable": 3, "unanswerable": 1, "withheld": 1}
    assert found.total.stages == {
        Stage.RIGHT: 1,
        Stage.SILENT_WRONGLY: 1,
        Stage.NOT_RETRIEVED: 1,
        Stage.SILENT_RIGHTLY: 1,
        Stage.NOT_SILENT: 1,
    }
    assert [(part.name, part.asked) for part in found.sets] == [("pets", {"answerable": 2})]
    assert found.sets[0].score("right").value == 0.5
    missing = found.sets[0].score("abstention recall")
    assert (missing.value, missing.low, missing.high, missing.n) == (None, None, None, 0)


def test_what_is_not_exact_is_told():
    wrong = record("1", "g9", (quote(exact=False), quote()), confidence=0.9)
    found = score([wrong, RECORDS[1]], setup(), rounds=5)
    assert (found.exact, found.total.score("exactness").value) == (False, 0.5)
    fault = record("2", stage=Stage.FAULT, fault="a.txt: changed")
    found = score([fault, RECORDS[1]], setup(), rounds=5)
    assert (found.exact, found.total.score("exactness").value) == (False, 0.0)


def test_without_a_known_document_there_is_no_rank_of_it():
    found = outcome(record("1", "o1 g", gold=()))
    assert (found.document_ranks, found.in_gold, found.ranks) == (None, None, (2,))
    table = columns([found])
    assert str(table["document recall@1"][0]) == "nan"
    assert table["recall@5"].tolist() == [1]


def test_intervals_hold_the_figure():
    found = figures(RECORDS)
    for each in found.values():
        if each.value is not None and each.name not in {"seconds p50", "seconds p95"}:
            assert each.low <= each.value <= each.high, each.name
    assert found["recall@1"].low < found["recall@1"].high
    assert found == figures(RECORDS)  # the draws are fixed


def test_scores_are_read_back(tmp_path):
    file = tmp_path / "old.json"
    made = score(RECORDS, setup(), rounds=5)
    file.write_text(made.model_dump_json())
    assert read_scores(file) == made
    file.write_text("{}")
    with pytest.raises(InputError, match=r"old.json: is no evaluation \(setup: Field required\)"):
        read_scores(file)
    with pytest.raises(PinpointError, match="cannot be read"):
        read_scores(tmp_path / "none.json")


def test_a_comparison_is_added():
    made = score(RECORDS, setup(), rounds=5)
    found = compared(made, score(RECORDS[:2], setup(program="q"), rounds=5), rounds=5).comparison
    assert (found.questions, found.only_this, found.only_other) == (2, 3, 0)
    assert found.differs == ("program",)
    assert OTHER not in found.model_dump_json()
