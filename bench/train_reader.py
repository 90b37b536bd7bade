"""Train the reader and export it: one command from the data to the exported model.

    python -m bench.train_reader --data FOLDER --base MODEL --out FOLDER

`--base` is a folder or hub name of the model to start from: an encoder, or a question-answering
model. The run is written to `--out` and goes on from there when the command is given again; at
its end the model, averaged over its last steps, is in `--out`/model, the last weights are in
`--out`/model-last, and the exported model is in `--out`/onnx.
"""

import argparse
import random
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from transformers import AutoModelForQuestionAnswering, AutoTokenizer, PreTrainedModel

from bench.export_reader import export
from bench.qa_data import data_argument
from bench.reader_edits import Editor
from bench.reader_rows import HARD, Encoder, Example, Phase, Planner, Row, read_data, split_by_title
from bench.reader_run import Recipe, Run, tensors
from qa.squad import exact_match, f1

PLANS = {
    "first": (Phase(window=(48, 128), sentences=0.4), Phase(window=(96, 240), sentences=0.25)),
    # As the reader is used: short windows, many of passages that a search found.
    "found": (Phase((64, 144), sentences=0.15, other=0.4, found=0.75, removed=0.06, edited=0.12),),
    "again": (Phase(window=(80, 224), sentences=0.25, other=0.25, edited=0.15),) * 2,
}
SEED = 20261123
HELD_OUT = 0.02
MAX_ANSWER_TOKENS = 30


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
    model: PreTrainedModel, rows: Sequence[Row], encode: Encoder
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
        inputs = tensors([examples[n] for n in numbers], encode.special, str(model.device))
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
    model: PreTrainedModel, rows: Sequence[Row], planner: Planner, encode: Encoder
) -> dict[str, float]:
    """Return EM, F1, and AUROC against passages that do not answer.

    These are another passage of the title, the hardest of several, and the own passage with the
    question edited.
    """
    rng = random.Random(SEED)
    own = [row for row in rows if row.answers]
    negatives = {
        "other": [planner.other_passage(row, rng, among=1) for row in own],
        "hard_other": [planner.other_passage(row, rng, among=HARD) for row in own],
        "edited": [planner.edited(row, rng) for row in own],
    }
    found = predict(model, own, encode)
    answers = [(text, row.texts) for (text, _), row in zip(found, own, strict=True)]
    scores = {
        "em": 100 * float(np.mean([exact_match(*answer) for answer in answers])),
        "f1": 100 * float(np.mean([f1(*answer) for answer in answers])),
    }
    for name, rows_without in negatives.items():
        asked = [row for row in rows_without if row is not None]
        if not asked:
            continue
        low = [score for _, score in predict(model, asked, encode)]
        high = [s for (_, s), row in zip(found, rows_without, strict=True) if row is not None]
        scores[f"{name}_auroc"] = float(roc_auc_score([1] * len(high) + [0] * len(low), high + low))
    return {name: round(value, 4) for name, value in scores.items()}


def arguments() -> argparse.Namespace:
    """Return what the command was given."""
    parser = data_argument((__doc__ or "").splitlines()[0])
    parser.add_argument("--base", required=True, help="folder or hub name of the first weights")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument("--steps", type=int, help="stop after so many; default: the whole plan")
    parser.add_argument("--plan", choices=PLANS, default="first", help="what it goes over")
    parser.add_argument("--rows", type=int, help="train on a fixed sample of so many rows")
    parser.add_argument("--batch-tokens", type=int, default=2400)
    parser.add_argument("--learning-rate", type=float, default=1.2e-4)
    parser.add_argument("--frozen", type=int, default=0, help="lowest layers left as they are")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--check-rows", type=int, default=150, help="held-out rows of a check")
    parser.add_argument("--check-every", type=int, default=600, help="steps between checks")
    parser.add_argument("--report-dev", action="store_true", help="measure qa-dev at the end")
    return parser.parse_args()


def main() -> None:
    """Train, measure on the held-out titles, export."""
    given = arguments()
    torch.manual_seed(given.seed)
    # Dropout costs a third of the time on a CPU, and few passes over the data need none.
    model = AutoModelForQuestionAnswering.from_pretrained(
        given.base,
        dtype=torch.float32,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    pretrained = AutoTokenizer.from_pretrained(given.base)
    tokenizer = pretrained.backend_tokenizer
    tokenizer.no_padding()
    tokenizer.no_truncation()
    rows, held = split_by_title(read_data(given.data / "qa-train.jsonl.gz"), HELD_OUT, SEED)
    if given.rows is not None:
        rows = random.Random(SEED).sample(rows, min(given.rows, len(rows)))
    editor = Editor([row.context for row in rows[::9]])
    planner = Planner(rows, tokenizer, editor, given.seed)
    phases = PLANS[given.plan]
    steps = given.steps
    if steps is None:
        steps = sum(1 for _ in planner.batches(phases, given.batch_tokens))
    recipe = Recipe(
        base=given.base,
        plan=given.plan,
        rows=len(rows),
        seed=given.seed,
        steps=steps,
        batch_tokens=given.batch_tokens,
        learning_rate=given.learning_rate,
        check_every=given.check_every,
        frozen=given.frozen,
    )
    encode = Encoder(tokenizer)

    held = [row for row in held if row.set != "qamr"]
    few = held[:: max(len(held) // given.check_rows, 1)]
    others = Planner(held, tokenizer, editor, SEED)

    def check(model: PreTrainedModel) -> dict[str, float]:
        return measure(model, few, others, encode)

    device = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        run = Run(model, recipe, given.out, encode.special, device)
    except ValueError as error:
        raise SystemExit(str(error)) from error
    run.train(planner.batches(phases, given.batch_tokens), check)
    for name in ("model-last", "model"):
        if name == "model":
            run.use_average()
        run.log(**{name: 1.0}, **check(model))
        model.save_pretrained(given.out / name)
        pretrained.save_pretrained(given.out / name)
    if given.report_dev:
        dev = read_data(given.data / "qa-dev.jsonl.gz")
        run.log(dev=1.0, **measure(model, dev, Planner(dev, tokenizer, editor, SEED), encode))
    export(given.out / "model", given.out / "onnx")
    print(given.out / "onnx", file=sys.stderr)


if __name__ == "__main__":
    main()
