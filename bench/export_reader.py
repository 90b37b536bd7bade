"""Export a trained reader to ONNX, and measure how well it agrees with the weights it came from.

    python -m bench.export_reader --model FOLDER --output FOLDER [--data FOLDER]

The matrices are stored in 16 bits and widened to 32 when the model is loaded, so the file is half
as large and runs as fast, and no activation is rounded: what is said of one text does not depend
on the others in its batch.
"""

import argparse
import hashlib
import json
import shutil
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from transformers import AutoModelForQuestionAnswering, PreTrainedModel

from bench.qa_data import read_rows
from qa.span_model import OnnxSpanModel, SpanModel, TransformersSpanModel
from qa.spans import best_spans

OPSET = 17
SMALL = 1024  # tensors of fewer numbers stay in 32 bits; they weigh nothing
FILES = ("tokenizer.json", "config.json")


class _Positional(torch.nn.Module):
    """The model with inputs by position and logits alone, as the exporter wants them."""

    def __init__(self, model: PreTrainedModel) -> None:
        super().__init__()
        self._model = model

    def forward(
        self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        found = self._model(input_ids=ids, attention_mask=mask, token_type_ids=types)
        return found.start_logits, found.end_logits


def export(folder: Path, output: Path) -> None:
    """Write `model.onnx`, its tokenizer, configuration and checksums.

    Args:
        folder: A BERT-like question-answering model of the transformers library.
        output: Made if it is not there; its files are replaced.
    """
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as kept:
        whole = Path(kept) / "model.onnx"
        _to_onnx(folder, whole)
        model = onnx.load(str(whole))
    halve(model)
    onnx.checker.check_model(model)
    onnx.save(model, str(output / "model.onnx"))
    for name in FILES:
        shutil.copyfile(folder / name, output / name)
    checksums = {
        name: hashlib.sha256((output / name).read_bytes()).hexdigest()
        for name in ("model.onnx", *FILES)
    }
    (output / "sha256.json").write_text(json.dumps(checksums, indent=1) + "\n", encoding="utf-8")


def _to_onnx(folder: Path, file: Path) -> None:
    model = AutoModelForQuestionAnswering.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager"
    ).eval()
    example = torch.ones(2, 16, dtype=torch.int64)
    axes = {0: "batch", 1: "pieces"}
    inputs = ("input_ids", "attention_mask", "token_type_ids")
    outputs = ("start_logits", "end_logits")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the exporter about itself
        torch.onnx.export(
            _Positional(model),
            (example, example, torch.zeros_like(example)),
            str(file),
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes=dict.fromkeys((*inputs, *outputs), axes),
            opset_version=OPSET,
            dynamo=False,
        )


def halve(model: onnx.ModelProto) -> None:
    """Store the large tensors in 16 bits; a cast that is run once, at loading, widens them."""
    casts = []
    for tensor in model.graph.initializer:
        if tensor.data_type != TensorProto.FLOAT or np.prod(tensor.dims) < SMALL:
            continue
        name = tensor.name
        half = numpy_helper.to_array(tensor).astype(np.float16)
        tensor.CopyFrom(numpy_helper.from_array(half, f"{name}.half"))
        casts.append(helper.make_node("Cast", [f"{name}.half"], [name], to=TensorProto.FLOAT))
    for number, node in enumerate(casts):
        model.graph.node.insert(number, node)


def agreement(one: SpanModel, other: SpanModel, pairs: list[tuple[str, str]]) -> float:
    """Return the share of pairs of question and text for which both give the same best span."""
    same = 0
    for first in range(0, len(pairs), 64):
        part = pairs[first : first + 64]
        for (_, text), a, b in zip(part, one.logits(part), other.logits(part), strict=True):
            found, wanted = best_spans(a, text), best_spans(b, text)
            same += [(s.start, s.end) for s in found] == [(s.start, s.end) for s in wanted]
    return same / len(pairs)


def main() -> None:
    """Export; with `--data`, print the agreement over the development file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--model", type=Path, required=True, help="folder of the trained model")
    parser.add_argument("--output", type=Path, required=True, help="folder of the exported one")
    parser.add_argument("--data", type=Path, help="folder of qa-*.jsonl.gz")
    arguments = parser.parse_args()
    export(arguments.model, arguments.output)
    size = (arguments.output / "model.onnx").stat().st_size
    print(f"{size / 1e6:.1f} MB", file=sys.stderr)
    if arguments.data:
        rows = read_rows(arguments.data / "qa-dev.jsonl.gz")
        fast = OnnxSpanModel(arguments.output, "exported")
        whole = TransformersSpanModel(arguments.model, "fp32")
        pairs = [(row["question"], row["context"]) for row in rows]
        pairs = [(q, text) for q, text in pairs if len(whole.offsets(text)) <= whole.room(q)]
        share = agreement(fast, whole, pairs)
        print(f"same best span in {share:.4f} of {len(pairs)} rows")


if __name__ == "__main__":
    main()
