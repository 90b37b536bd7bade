"""Write the graph of all-MiniLM-L6-v2 for ONNX Runtime, and what its vectors are checked against.

    python -m bench.export_embedder

The graph holds no weights: each is named as in the model's safetensors file, from which they are
given when it is loaded. It is the encoder of Devlin et al. 2019 (BERT), then the mean over the
word pieces, scaled to length 1, for one text without padding. The sum of the three embeddings is
its input, so that the table of words, half of the file, is never copied. All nodes are of the
ONNX standard.
"""

import json
from pathlib import Path

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, helper

from index.model_folder import PACKAGED_MODELS, find_model_folder
from index.onnx_embedder import GRAPH, REFERENCE
from index.safetensors import map_tensors
from index.sentence_transformer import SentenceTransformerEmbedder

DATA = Path(__file__).parents[1] / "index" / "data"
LAYERS, HEADS, EPSILON = 6, 12, 1e-12  # of the model's config.json
OPSET, IR_VERSION = 20, 9
TEXTS = (
    "How long does the Moon take to orbit the Earth?",
    "The harbour office of Lindsund opened in 1923. Ferries to the island leave every forty "
    "minutes from pier 6, and a return ticket costs 12 euros.",
)


class _Graph:
    """Nodes so far, and the weights that they name."""

    def __init__(self, shapes: dict[str, tuple[int, ...]]) -> None:
        self.nodes: list[NodeProto] = []
        self.weights: dict[str, TensorProto] = {}
        self._shapes = shapes

    def add(
        self, kind: str, inputs: list[str], output: str, **options: float | tuple[int, ...]
    ) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], **options))
        return output

    def transposed(self, value: str, order: tuple[int, ...]) -> str:
        return self.add("Transpose", [value], f"{value}.transposed", perm=order)

    def linear(self, value: str, name: str) -> str:
        weight, bias = self._named(name)
        return self.add("Gemm", [value, weight, bias], f"{name}.out", transB=1)

    def norm(self, value: str, name: str) -> str:
        weight, bias = self._named(name)
        inputs = [value, weight, bias]
        return self.add("LayerNormalization", inputs, f"{name}.out", axis=-1, epsilon=EPSILON)

    def _named(self, name: str) -> tuple[str, str]:
        for full in (f"{name}.weight", f"{name}.bias"):
            tensor = TensorProto(name=full, data_type=TensorProto.FLOAT, dims=self._shapes[full])
            tensor.data_location = TensorProto.EXTERNAL
            tensor.external_data.add(key="location", value="model.safetensors")
            self.weights[full] = tensor
        return f"{name}.weight", f"{name}.bias"


def build(shapes: dict[str, tuple[int, ...]]) -> ModelProto:
    """Return the graph: `embedded`, shape `(n, dimension)`, to `vector`, shape `(dimension,)`.

    Args:
        shapes: Of the model's tensors, by name.
    """
    graph = _Graph(shapes)
    value = graph.norm("embedded", "embeddings.LayerNorm")
    for number in range(LAYERS):
        value = _layer(graph, value, f"encoder.layer.{number}")
    graph.add("ReduceMean", [value, "first"], "mean", keepdims=0)
    graph.add("LpNormalization", ["mean"], "vector", axis=-1, p=2)
    (width,) = shapes["embeddings.LayerNorm.weight"]
    head = width // HEADS
    constants = [
        helper.make_tensor("first", TensorProto.INT64, [1], [0]),
        helper.make_tensor("by head", TensorProto.INT64, [3], [-1, HEADS, head]),
        helper.make_tensor("joined", TensorProto.INT64, [2], [-1, width]),
        helper.make_tensor("scale", TensorProto.FLOAT, [], [head**-0.5]),
    ]
    made = helper.make_graph(
        graph.nodes,
        "all-minilm-l6-v2",
        [helper.make_tensor_value_info("embedded", TensorProto.FLOAT, ["pieces", width])],
        [helper.make_tensor_value_info("vector", TensorProto.FLOAT, [width])],
        [*constants, *graph.weights.values()],
    )
    opsets = [helper.make_opsetid("", OPSET)]
    return helper.make_model(made, opset_imports=opsets, ir_version=IR_VERSION)


def _layer(graph: _Graph, value: str, name: str) -> str:
    """Add one layer: what the word pieces say to each other, then what each makes of it."""
    seen = graph.linear(_attention(graph, value, name), f"{name}.attention.output.dense")
    seen = graph.add("Add", [seen, value], f"{name}.attended")
    seen = graph.norm(seen, f"{name}.attention.output.LayerNorm")
    wide = graph.linear(seen, f"{name}.intermediate.dense")
    wide = graph.add("Gelu", [wide], f"{name}.gelu")
    narrow = graph.linear(wide, f"{name}.output.dense")
    narrow = graph.add("Add", [narrow, seen], f"{name}.added")
    return graph.norm(narrow, f"{name}.output.LayerNorm")


def _attention(graph: _Graph, value: str, name: str) -> str:
    """Add attention: softmax(QKᵀ / √width) V for every head, the heads side by side again."""
    heads = {
        part: graph.transposed(
            graph.add(
                "Reshape",
                [graph.linear(value, f"{name}.attention.self.{part}"), "by head"],
                f"{name}.{part}.heads",
            ),
            order,
        )
        for part, order in (("query", (1, 0, 2)), ("key", (1, 2, 0)), ("value", (1, 0, 2)))
    }
    query = graph.add("Mul", [heads["query"], "scale"], f"{name}.query.scaled")
    weights = graph.add("MatMul", [query, heads["key"]], f"{name}.scores")
    weights = graph.add("Softmax", [weights], f"{name}.weights", axis=-1)
    seen = graph.add("MatMul", [weights, heads["value"]], f"{name}.seen")
    return graph.add("Reshape", [graph.transposed(seen, (1, 0, 2)), "joined"], f"{name}.joined")


def main() -> None:
    """Write both files."""
    (name,) = PACKAGED_MODELS
    folder, _ = find_model_folder(name, None)
    shapes = {
        key: tensor.shape for key, tensor in map_tensors(folder / "model.safetensors").items()
    }
    model = build(shapes)
    DATA.mkdir(exist_ok=True)
    (DATA / GRAPH).write_bytes(model.SerializeToString(deterministic=True))
    embedder = SentenceTransformerEmbedder(folder, name=name)
    vectors = [[round(float(x), 8) for x in embedder.encode_query(text)] for text in TEXTS]
    reference = {"fingerprint": embedder.fingerprint, "texts": TEXTS, "vectors": vectors}
    (DATA / REFERENCE).write_text(json.dumps(reference) + "\n", encoding="utf-8")
    print(f"{DATA / GRAPH}: {len(model.graph.node)} nodes, {np.round(model.ByteSize() / 1000)} kB")


if __name__ == "__main__":
    main()
