"""Train the reader and export it.

    python -m bench.train_reader --data FOLDER --base MODEL --out FOLDER

`--base` is a folder or hub name of the model to start from: an encoder, or a question-answering
model. The run is written to `--out` and goes on from there when the command is given again; at
its end the model, averaged over its last steps, is exported to `--out`/onnx.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from sklearn.metrics import roc_auc_score
from tokenizers import Tokenizer
from transformers import AutoModelForQuestionAnswering, AutoTokenizer, PreTrainedModel

from bench.qa_data import data_argument, read_rows
from bench.reader_edits import Editor
from bench.reader_rows import Encoder, Example, Phase, Planner, Row, split_by_title, to_row
from qa.squad import exact_match, f1

PHASES = (Phase(window=(48, 128), sentences=0.4), Phase(window=(96, 240), sentences=0.25))
SEED = 20261123
HELD_OUT = 0.02
MAX_ANSWER_TOKENS = 30


@dataclass(frozen=True)
class Recipe:
    """The numbers of a training run."""

    steps: int
    batch_tokens: int
    learning_rate: float
    warmup: int = 100
    layer_decay: float = 0.9
    weight_decay: float = 0.01
    average: float = 0.998
    check_every: int = 600

    def rate(self, step: int) -> float:
        """Return the factor of the learning rate: a rise, then a straight line down to 0."""
        if step < self.warmup:
            return (step + 1) / self.warmup
        return max(self.steps - step, 0) / max(self.steps - self.warmup, 1)


def tensors(batch: Sequence[Example], device: str) -> dict[str, torch.Tensor]:
    """Return a batch as the model takes it; [CLS] question [SEP] context [SEP], padded by 0."""
    shape = len(batch), max(len(example) for example in batch)
    ids, mask, types = (np.zeros(shape, np.int64) for _ in range(3))
    for number, example in enumerate(batch):
        size, split = len(example), len(example.question) + 2
        ids[number, :size] = [101, *example.question, 102, *example.context, 102]
        mask[number, :size] = 1
        types[number, split:size] = 1
    starts = np.array([example.start for example in batch])
    ends = np.array([example.end for example in batch])
    named = {
        "input_ids": ids,
        "attention_mask": mask,
        "token_type_ids": types,
        "start_positions": starts,
        "end_positions": ends,
    }
    return {name: torch.from_numpy(array).to(device) for name, array in named.items()}


def best_span(starts: np.ndarray, ends: np.ndarray, first: int) -> tuple[int, int, float]:
    """Return the best span's first and last token and its score above "no answer".

    Args:
        starts: Start logits of one row without padding, "no answer" at 0; shape `(n,)`.
        ends: End logits, likewise.
        first: The context's first token.
    """
    size = len(starts) - 1
    scores = starts[first:size, None] + ends[None, first:size]
    allowed = np.triu(np.ones_like(scores, dtype=bool))
    allowed &= ~np.triu(np.ones_like(scores, dtype=bool), MAX_ANSWER_TOKENS)
    start, end = np.unravel_index(np.argmax(np.where(allowed, scores, -np.inf)), scores.shape)
    return int(start), int(end), float(scores[start, end] - starts[0] - ends[0])


@torch.inference_mode()
def predict(
    model: PreTrainedModel, rows: Sequence[Row], encode: Encoder, device: str
) -> list[tuple[str, float]]:
    """Return each row's best answer and its score above "no answer"; whole contexts, cut at 384."""
    model.eval()
    examples = []
    for row in rows:
        question = encode(row.question)[0][:64]
        examples.append(Example(question, encode(row.context)[0][: 381 - len(question)], 0, 0))
    order = sorted(range(len(rows)), key=lambda n: len(examples[n]))
    answers: list[tuple[str, float]] = [("", 0.0)] * len(rows)
    for first in range(0, len(order), 16):
        numbers = order[first : first + 16]
        inputs = tensors([examples[n] for n in numbers], device)
        del inputs["start_positions"], inputs["end_positions"]
        found = model(**inputs)
        starts, ends = found.start_logits.cpu().numpy(), found.end_logits.cpu().numpy()
        for place, n in enumerate(numbers):
            size, offsets = len(examples[n]), encode(rows[n].context)[1]
            begin, end, score = best_span(
                starts[place, :size], ends[place, :size], len(examples[n].question) + 2
            )
            answers[n] = rows[n].context[offsets[begin][0] : offsets[end][1]], score
    return answers


def measure(
    model: PreTrainedModel, rows: Sequence[Row], planner: Planner, encode: Encoder, device: str
) -> dict[str, float]:
    """Return EM, F1, and AUROC against other passages of the title and edited questions."""
    import random

    rng = random.Random(SEED)
    own = [row for row in rows if row.answers]
    others = [planner.other_passage(row, rng) for row in own]
    edited = [planner.edited(row, rng) for row in own]
    pairs = [(row, other, edit) for row, other, edit in zip(own, others, edited, strict=True)]
    found = predict(model, own, encode, device)
    scores = {
        "em": 100 * float(np.mean([exact_match(a, r.texts) for (a, _), r in zip(found, own, strict=True)])),
        "f1": 100 * float(np.mean([f1(a, r.texts) for (a, _), r in zip(found, own, strict=True)])),
    }
    for name, column in (("other_auroc", 1), ("edited_auroc", 2)):
        negatives = [pair[column] for pair in pairs if pair[column] is not None]
        low = [score for _, score in predict(model, negatives, encode, device)]
        high = [s for (_, s), pair in zip(found, pairs, strict=True) if pair[column] is not None]
        scores[name] = float(roc_auc_score([1] * len(high) + [0] * len(low), high + low))
    return {name: round(value, 4) for name, value in scores.items()}


def optimiser(model: PreTrainedModel, recipe: Recipe) -> torch.optim.AdamW:
    """Return AdamW with lower rates for lower layers; the word embeddings stay as they are."""
    layers = model.config.num_hidden_layers
    groups: dict[tuple[float, float], list[torch.nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if "word_embeddings" in name:
            parameter.requires_grad_(False)
            continue
        layer = next((n for n in range(layers) if f"layer.{n}." in name), -1 if "embeddings" in name else layers)
        scale = recipe.layer_decay ** (layers - layer)
        decay = recipe.weight_decay if parameter.ndim > 1 else 0.0
        groups.setdefault((scale, decay), []).append(parameter)
    settings = [
        {"params": parameters, "lr": recipe.learning_rate * scale, "weight_decay": decay}
        for (scale, decay), parameters in groups.items()
    ]
    return torch.optim.AdamW(settings, betas=(0.9, 0.98), fused=True)


class Run:
    """A training run in a folder; goes on from its last checkpoint.

    Args:
        model: To train.
        recipe: Numbers of the run.
        folder: For checkpoints.
        device: `cpu` or `cuda`.
    """

    def __init__(self, model: PreTrainedModel, recipe: Recipe, folder: Path, device: str) -> None:
        self.model = model.to(device)
        self._recipe, self._folder, self._device = recipe, folder, device
        self._optimiser = optimiser(model, recipe)
        self._rates = [group["lr"] for group in self._optimiser.param_groups]
        self._trained = {n: p for n, p in model.named_parameters() if p.requires_grad}
        self.average = {name: p.detach().clone() for name, p in self._trained.items()}
        self.step = 0
        if (folder / "state.safetensors").exists():
            self._load()

    def train(self, batches: Iterator[list[Example]], check: "Check") -> None:
        """Train on the batches that are left and keep a checkpoint each `check_every` steps."""
        recipe, losses, started, pieces = self._recipe, [], time.monotonic(), 0
        for number, batch in enumerate(batches):
            if number < self.step:
                continue
            if number >= recipe.steps:
                break
            losses.append(self._learn(batch))
            pieces += sum(map(len, batch))
            if self.step % 50 == 0:
                seconds = time.monotonic() - started
                self.log(loss=round(float(np.mean(losses)), 4), pieces_per_second=round(pieces / seconds))
                losses = []
            if self.step % recipe.check_every == 0:
                self.save()
                self.log(**check(self.model))
        self.save()

    def _learn(self, batch: list[Example]) -> float:
        for group, rate in zip(self._optimiser.param_groups, self._rates, strict=True):
            group["lr"] = rate * self._recipe.rate(self.step)
        self.model.train()
        loss = self.model(**tensors(batch, self._device)).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._trained.values(), 1.0)
        self._optimiser.step()
        self._optimiser.zero_grad()
        self.step += 1
        keep = min(self._recipe.average, self.step / (self.step + 10))
        torch._foreach_lerp_(  # noqa: SLF001 - torch's own optimisers use it
            list(self.average.values()), [p.detach() for p in self._trained.values()], 1 - keep
        )
        return float(loss.detach())

    def log(self, **values: float) -> None:
        """Write a line of the run's log and of stderr."""
        line = json.dumps({"step": self.step, **values})
        with (self._folder / "log.jsonl").open("a", encoding="utf-8") as stream:
            stream.write(line + "\n")
        print(line, file=sys.stderr, flush=True)

    def save(self) -> None:
        """Keep weights, their average and the optimiser's state."""
        state = {"step": torch.tensor(self.step)}
        for name, parameter in self._trained.items():
            state[f"weight/{name}"] = parameter.detach()
            state[f"average/{name}"] = self.average[name]
            kept = self._optimiser.state.get(parameter, {})
            state |= {f"{key}/{name}": value for key, value in kept.items()}
        partial = self._folder / "state.partial"
        save_file({name: value.contiguous() for name, value in state.items()}, partial)
        partial.replace(self._folder / "state.safetensors")

    def _load(self) -> None:
        state = load_file(self._folder / "state.safetensors", device=self._device)
        self.step = int(state["step"])
        for name, parameter in self._trained.items():
            parameter.data.copy_(state[f"weight/{name}"])
            self.average[name] = state[f"average/{name}"]
            self._optimiser.state[parameter] = {
                key: state[f"{key}/{name}"] for key in ("step", "exp_avg", "exp_avg_sq")
            }

    def use_average(self) -> None:
        """Put the averaged weights in place of the last ones."""
        for name, parameter in self._trained.items():
            parameter.data.copy_(self.average[name])


def main() -> None:
    """Train, measure on the held-out titles, export."""
    parser = data_argument(__doc__.splitlines()[0])
    parser.add_argument("--base", required=True, help="folder or hub name of the first weights")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument("--steps", type=int, help="stop after so many; default: the whole plan")
    parser.add_argument("--batch-tokens", type=int, default=2400)
    parser.add_argument("--learning-rate", type=float, default=1.2e-4)
    parser.add_argument("--check-rows", type=int, default=150)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    # Dropout costs a third of the time on a CPU, and few passes over the data need none.
    model = AutoModelForQuestionAnswering.from_pretrained(
        arguments.base,
        dtype=torch.float32,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    tokenizer = AutoTokenizer.from_pretrained(arguments.base)._tokenizer
    tokenizer.no_padding()
    tokenizer.no_truncation()
    rows = [to_row(row) for row in read_rows(arguments.data / "qa-train.jsonl.gz")]
    rows, held = split_by_title(rows, HELD_OUT, SEED)
    planner = Planner(rows, tokenizer, Editor([row.context for row in rows[::9]]), SEED)
    steps = arguments.steps
    if steps is None:
        steps = sum(1 for _ in planner.batches(PHASES, arguments.batch_tokens))
    recipe = Recipe(steps, arguments.batch_tokens, arguments.learning_rate)
    print(recipe, len(rows), len(held), file=sys.stderr)
    held = [row for row in held if row.set != "qamr"]
    held_planner = Planner(held, tokenizer, planner._editor, SEED)
    chosen = held[:: max(len(held) // arguments.check_rows, 1)]
    encode = Encoder(tokenizer)

    def check(model: PreTrainedModel) -> dict[str, float]:
        return measure(model, chosen, held_planner, encode, device)

    run = Run(model, recipe, arguments.out, device)
    run.train(planner.batches(PHASES, arguments.batch_tokens), check)
    run.log(last=1, **check(model))
    run.use_average()
    run.log(averaged=1, **check(model))
    model.save_pretrained(arguments.out / "model")
    AutoTokenizer.from_pretrained(arguments.base).save_pretrained(arguments.out / "model")


if __name__ == "__main__":
    main()
