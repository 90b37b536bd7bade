import gzip
import json

import pytest
from late import Late
from span_models import save_tiny_model

from bench.reader_rows import Example
from qa.evaluate import ReadingRow, best_answers
from qa.span_model import OnnxSpanModel

pytestmark = pytest.mark.model

torch = Late("torch")
Recipe, Run = Late("bench.reader_run", "Recipe"), Late("bench.reader_run", "Run")
NAMES = ["anna", "bert", "carl", "dora", "emil", "fred"]


@pytest.fixture
def data(tmp_path):
    """Who does what, six things to a title; the last title is held out."""
    rows = []
    for title in range(30):
        for number, name in enumerate(NAMES):
            verb = f"s{(title + number) % 7}"
            rest = " ".join(f"{other} naps." for other in NAMES if other != name)
            context = f"{name} {verb}. {rest}"
            answer = {"text": name, "start": 0}
            rows.append(
                {
                    "set": "toy",
                    "title": f"t{title}",
                    "context": context,
                    "question": f"who {verb}?",
                    "answers": [answer],
                }
            )
    with gzip.open(tmp_path / "qa-train.jsonl.gz", "wt") as stream:
        stream.writelines(json.dumps(row) + "\n" for row in rows)
    return tmp_path


@pytest.fixture
def base(tmp_path):
    save_tiny_model(tmp_path / "base")
    return tmp_path / "base"


def load(base):
    from transformers import AutoModelForQuestionAnswering

    torch.manual_seed(1)
    return AutoModelForQuestionAnswering.from_pretrained(
        base, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
    )


def recipe(steps=8, **changes):
    given = {
        "base": "b",
        "plan": "p",
        "rows": 1,
        "seed": 1,
        "batch_tokens": 64,
        "learning_rate": 1e-2,
    }
    return Recipe(**given | changes, steps=steps, warmup=2, check_every=4)


BATCHES = [[Example([5, 6], [7, 8, 9 + n, 10], 5, 5), Example([6], [8, 7], 0, 0)] for n in range(8)]


def weights(model):
    return {name: value.clone() for name, value in model.state_dict().items()}


def test_a_run_that_was_stopped_ends_like_one_that_was_not(base, tmp_path):
    whole = Run(load(base), recipe(), tmp_path / "whole", (2, 3))
    whole.train(iter(BATCHES), lambda _: {})

    def stop(_):
        raise KeyboardInterrupt

    stopped = Run(load(base), recipe(), tmp_path / "stopped", (2, 3))
    with pytest.raises(KeyboardInterrupt):
        stopped.train(iter(BATCHES), stop)  # at the first check, after 4 steps
    resumed = Run(load(base), recipe(), tmp_path / "stopped", (2, 3))
    assert resumed.step == 4
    resumed.train(iter(BATCHES), lambda _: {})
    for run in (whole, resumed):
        assert run.step == 8
    for get in (lambda run: weights(run.model), lambda run: run.average):
        one, other = get(whole), get(resumed)
        assert one.keys() == other.keys()
        assert all(torch.equal(one[name], other[name]) for name in one)
    resumed.use_average()
    assert not torch.equal(
        weights(whole.model)["qa_outputs.weight"], weights(resumed.model)["qa_outputs.weight"]
    )


def test_word_embeddings_stay_and_lower_layers_learn_slower(base, tmp_path):
    model = load(base)
    before = weights(model)
    Run(model, recipe(), tmp_path / "run", (2, 3)).train(iter(BATCHES), lambda _: {})
    after = weights(model)
    changed = {n: (after[n] - before[n]).abs().max().item() for n in before if before[n].ndim > 1}
    assert changed.pop("bert.embeddings.word_embeddings.weight") == 0
    assert all(value > 0 for name, value in changed.items() if "token_type" not in name)


def test_frozen_layers_stay(base, tmp_path):
    model = load(base)
    before = weights(model)
    Run(model, recipe(frozen=1), tmp_path / "run", (2, 3)).train(iter(BATCHES), lambda _: {})
    after = weights(model)
    stayed = {name for name in before if torch.equal(before[name], after[name])}
    lowest = {n for n in before if "embeddings" in n or "layer.0." in n}
    assert lowest <= stayed
    assert "qa_outputs.weight" not in stayed
    assert not any("layer.1." in n and "dense.weight" in n for n in stayed)


def test_a_folder_with_another_recipe_is_refused(base, tmp_path):
    Run(load(base), recipe(), tmp_path / "run", (2, 3))
    with pytest.raises(ValueError, match=r"run holds a run with another steps, learning_rate; go"):
        Run(load(base), recipe(9, learning_rate=1e-3), tmp_path / "run", (2, 3))


def test_from_data_to_the_exported_model(data, base, monkeypatch, capsys):
    out = data / "run"
    arguments = f"train --data {data} --base {base} --out {out} --steps 60 --batch-tokens 200"
    more = " --learning-rate 5e-3 --check-rows 12 --check-every 40"
    monkeypatch.setattr("sys.argv", (arguments + more).split())
    Late("bench.train_reader", "main")()
    capsys.readouterr()
    lines = [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]
    (loss,) = [line["loss"] for line in lines if "loss" in line]
    checked = [line for line in lines if "em" in line]
    assert [line["step"] for line in checked] == [40, 60, 60]
    assert loss < 3.6  # of about 40 places: ln 40 = 3.7
    assert {"model", "model-last", "onnx", "recipe.json"} <= {path.name for path in out.iterdir()}
    model = OnnxSpanModel(out / "onnx", "toy")
    ((text, _),) = best_answers(model, [ReadingRow("who s1?", "anna s1. bert naps.", ())])
    assert text.strip()
