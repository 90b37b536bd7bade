"""The embedding model in smaller numbers and by another runtime: what is won, and what is lost.

    python -m bench.embedding_formats --data FOLDER [--documents N] [--questions N]

Prints a table for docs/embedding.md: milliseconds of one thread for a text of 190 word pieces (the
least of many runs that take turns), and, over whole contexts of the development file and its
questions, the least cosine to the vectors in fp32 and the share of each question's ten nearest
contexts that stay the same. In int8 the matrices are kept in 8 bits, one scale a column, and what
is multiplied with them is rounded by a scale fixed beforehand on contexts of the training file, so
that a vector does not depend on other texts. OpenVINO is measured where it is installed; it knows
bf16 on processors that compute with it.
"""

import importlib.util
import random
import time
from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from bench.export_embedder import DATA
from bench.qa_data import choose_contexts, data_argument, read_rows
from index.embed import Vectors
from index.model_folder import PACKAGED_MODELS, find_model_folder
from index.onnx_embedder import GRAPH, OnnxEmbedder

PIECES, SEED, CALIBRATED, TOP, RUNS = 190, 20261125, 96, 10, 40

Way = Callable[[Vectors], Vectors]
"""The sum of a text's three embeddings, shape `(pieces, dimension)`, to its vector."""


class Opened(OnnxEmbedder):
    """The model with its parts in reach."""

    def embedded(self, text: str) -> Vectors:
        """Return the sum of a text's three embeddings, shape `(pieces, dimension)`."""
        pieces = self._cut(self._tokenizer.encode(text).ids)
        return self._words[pieces] + self._places[: len(pieces)]

    def whole(self) -> ModelProto:
        """Return the graph with its weights inside."""
        model = onnx.load(str(DATA / GRAPH), load_external_data=False)
        for tensor in model.graph.initializer:
            if tensor.name in self._weights:
                tensor.CopyFrom(
                    numpy_helper.from_array(np.array(self._weights[tensor.name]), tensor.name)
                )
        return model


def by_onnx_runtime(model: ModelProto) -> Way:
    """Return a way to run a graph in one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = 1, 3
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    return lambda embedded: session.run(["vector"], {"embedded": embedded})[0]


def by_openvino(model: ModelProto, precision: str) -> Way:
    """Return a way to run a graph in one thread of OpenVINO."""
    import openvino

    options = {"INFERENCE_NUM_THREADS": 1, "INFERENCE_PRECISION_HINT": precision}
    core = openvino.Core()
    request = core.compile_model(
        core.read_model(model.SerializeToString()), "CPU", options
    ).create_infer_request()
    return lambda embedded: np.array(request.infer({0: embedded})[0]).ravel()


def ranges(model: ModelProto, inputs: Sequence[Vectors]) -> dict[str, tuple[float, float]]:
    """Return the least and the largest number that comes into each matrix product."""
    probe = ModelProto()
    probe.CopyFrom(model)
    names = sorted({node.input[0] for node in model.graph.node if node.op_type == "Gemm"})
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names]
    probe.graph.output.extend(outputs)
    session = onnxruntime.InferenceSession(
        probe.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    found: dict[str, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
    for embedded in inputs:
        for name, value in zip(names, session.run(names, {"embedded": embedded}), strict=True):
            low, high = found[name]
            found[name] = min(low, float(value.min())), max(high, float(value.max()))
    return dict(found)


def in_int8(
    model: ModelProto, seen: dict[str, tuple[float, float]], wanted: Callable[[str], bool]
) -> ModelProto:
    """Return the graph with the wanted matrix products, by weight, in 8 bits."""
    made = ModelProto()
    made.CopyFrom(model)
    weights = {tensor.name: tensor for tensor in made.graph.initializer}
    nodes: list[NodeProto] = []
    rounded: set[str] = set()
    for node in model.graph.node:
        if node.op_type != "Gemm" or not wanted(node.input[1]):
            nodes.append(node)
            continue
        value, name, bias = node.input
        if value not in rounded:
            rounded.add(value)
            nodes.append(_rounding(made, value, *seen[value]))
        matrix = numpy_helper.to_array(weights[name]).T
        scales = np.abs(matrix).max(axis=0) / 127
        small = np.round(matrix / scales).astype(np.int8)
        made.graph.initializer.remove(weights[name])
        made.graph.initializer.append(numpy_helper.from_array(small, name))
        made.graph.initializer.append(numpy_helper.from_array(scales, f"{name}.scales"))
        inputs = [f"{value}.8", name, f"{value}.scale", f"{name}.scales", f"{value}.zero", "", bias]
        kind, domain = "MatMulIntegerToFloat", "com.microsoft"
        nodes.append(helper.make_node(kind, inputs, [*node.output], domain=domain))
    del made.graph.node[:]
    made.graph.node.extend(nodes)
    made.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    return made


def _rounding(model: ModelProto, value: str, low: float, high: float) -> NodeProto:
    scale = (high - low) / 255
    model.graph.initializer.append(
        helper.make_tensor(f"{value}.scale", TensorProto.FLOAT, [], [scale])
    )
    model.graph.initializer.append(
        helper.make_tensor(f"{value}.zero", TensorProto.UINT8, [], [round(-low / scale)])
    )
    inputs = [value, f"{value}.scale", f"{value}.zero"]
    return helper.make_node("QuantizeLinear", inputs, [f"{value}.8"])


def nearest(documents: Vectors, questions: Vectors) -> npt.NDArray[np.int64]:
    """Return the numbers of the nearest documents of each question, shape `(n, TOP)`."""
    return np.argsort(-(questions @ documents.T), axis=1, kind="stable")[:, :TOP]


def least_milliseconds(ways: dict[str, Way], embedded: Vectors) -> dict[str, float]:
    """Return processor time of each way for one text; all take turns."""
    least = dict.fromkeys(ways, float("inf"))
    for _ in range(RUNS):
        for name, way in ways.items():
            started = time.process_time()
            way(embedded)
            least[name] = min(least[name], 1000 * (time.process_time() - started))
    return least


def main() -> None:
    """Measure and print."""
    parser = data_argument((__doc__ or "").splitlines()[0])
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("--questions", type=int, default=400)
    arguments = parser.parse_args()
    (name,) = PACKAGED_MODELS
    embedder = Opened(find_model_folder(name, None)[0], name=name, threads=1)
    asked = read_rows(arguments.data / "qa-dev.jsonl.gz")
    others = read_rows(arguments.data / "qa-train.jsonl.gz")
    texts = sorted({r["context"] for r in choose_contexts(asked, arguments.documents, SEED)})
    pool = sorted({row["question"] for row in asked})
    texts += random.Random(SEED).sample(pool, arguments.questions)
    calibrated = sorted({r["context"] for r in choose_contexts(others, CALIBRATED, SEED)})
    model = embedder.whole()
    seen = ranges(model, [embedder.embedded(text) for text in calibrated])
    ways = {
        "ONNX Runtime, fp32": by_onnx_runtime(model),
        "the same, int8": by_onnx_runtime(in_int8(model, seen, lambda _: True)),
        "the same, int8 but in attention": by_onnx_runtime(
            in_int8(model, seen, lambda weight: "attention" not in weight)
        ),
    }
    if importlib.util.find_spec("openvino"):
        ways["OpenVINO, fp32"] = by_openvino(model, "f32")
        ways["OpenVINO, bf16"] = by_openvino(model, "bf16")
    inputs = [embedder.embedded(text) for text in texts]
    least = least_milliseconds(ways, next(e[:PIECES] for e in inputs if len(e) >= PIECES))
    cut = len(texts) - arguments.questions
    print(f"{cut} contexts, {arguments.questions} questions\n")
    print("| | ms a text | least cosine | top-10 overlap |\n| --- | ---: | ---: | ---: |")
    exact = None
    for name, way in ways.items():
        found = np.stack([way(embedded) for embedded in inputs])
        exact = found if exact is None else exact
        before, after = (nearest(v[:cut], v[cut:]) for v in (exact, found))
        same = [
            len({*a} & {*b}) / TOP for a, b in zip(before.tolist(), after.tolist(), strict=True)
        ]
        cosine = (found * exact).sum(axis=1).min()
        print(f"| {name} | {least[name]:.1f} | {cosine:.4f} | {np.mean(same):.3f} |", flush=True)


if __name__ == "__main__":
    main()
