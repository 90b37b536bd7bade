"""Turn the exported reader back into a folder that training can go on from.

    python -m bench.restore_reader --reader qa/data/reader --output FOLDER

The weights come back in the 16 bits that they were exported in.
"""

import argparse
import shutil
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from transformers import AutoConfig, AutoModelForQuestionAnswering


def restore(reader: Path, output: Path) -> None:
    """Write a model folder of the transformers library from `model.onnx` and its configuration.

    Raises:
        ValueError: a weight of the model is not in the file.
    """
    graph = onnx.load(str(reader / "model.onnx")).graph
    stored = {t.name.removesuffix(".half"): numpy_helper.to_array(t) for t in graph.initializer}
    weights = {name.removeprefix("_model."): value for name, value in stored.items()}
    # The exporter turns matrices over and names them by number; the node says whose they are.
    for node in graph.node:
        if node.op_type == "MatMul" and node.input[1] in stored:
            module = node.name.removeprefix("/_model/").removesuffix("/MatMul")
            weights[f"{module.replace('/', '.')}.weight"] = stored[node.input[1]].T
    model = AutoModelForQuestionAnswering.from_config(AutoConfig.from_pretrained(reader))
    missing = model.state_dict().keys() - weights.keys()
    if missing:
        raise ValueError(f"{reader}: no weights {', '.join(sorted(missing))}")
    model.load_state_dict(
        {
            name: torch.from_numpy(np.array(weights[name], dtype=np.float32))
            for name in model.state_dict()
        }
    )
    model.save_pretrained(output)
    shutil.copyfile(reader / "tokenizer.json", output / "tokenizer.json")


def main() -> None:
    """Restore."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--reader", type=Path, required=True, help="folder of the exported reader")
    parser.add_argument("--output", type=Path, required=True, help="folder to write")
    arguments = parser.parse_args()
    restore(arguments.reader, arguments.output)


if __name__ == "__main__":
    main()
