"""The packaged model by ONNX Runtime: no PyTorch, and no vector that depends on another text.

The graph lies in `index/data`, written by `bench/export_embedder.py` without weights; those are
mapped from the package's own file. Each text is run alone, in one thread, and several texts at
once in several threads: there is no padding to compute, no core waits for another, and a text's
vector has the same bits whatever is embedded with it.
"""

import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.embed import ModelInfo, Vectors
from index.errors import ModelError
from index.model_folder import ModelFolder
from index.safetensors import map_tensors

GRAPH, REFERENCE = "all-minilm-l6-v2.onnx", "all-minilm-l6-v2.json"
"""Files of `index/data`: the graph; the fingerprint it is made for, and texts with vectors."""

TOLERANCE = 1e-5
"""Largest difference of a number from the vector that sentence-transformers gave."""

_IN_GRAPH = ("encoder.", "embeddings.LayerNorm.")  # weights by their names in the file

_Pieces = npt.NDArray[np.int64]


class OnnxEmbedder(ModelFolder):
    """all-MiniLM-L6-v2, loaded and checked at once.

    Args:
        folder: The model's folder, as it is packaged.
        name: What the settings call the model.
        threads: Texts embedded at the same time; None means one a core.

    Raises:
        ModelError: the files are not those that the graph is made for, or the vectors of the
            reference texts are not those of sentence-transformers.
    """

    def __init__(self, folder: Path, *, name: str, threads: int | None = None) -> None:
        super().__init__(folder, name)
        self._threads = cores() if threads is None else threads
        reference = _reference()
        if self.fingerprint != reference["fingerprint"]:
            raise ModelError(f"model {name}: {folder} holds other files than the known ones")
        tensors = map_tensors(folder / "model.safetensors")
        self._words = tensors["embeddings.word_embeddings.weight"]
        self._places = (
            tensors["embeddings.position_embeddings.weight"]
            + tensors["embeddings.token_type_embeddings.weight"][0]
        )
        self._weights = {n: t for n, t in tensors.items() if n.startswith(_IN_GRAPH)}
        self._session = open_session(self._weights)
        for text, expected in zip(reference["texts"], reference["vectors"], strict=True):
            difference = np.abs(self.encode_query(text) - np.array(expected)).max()
            if not difference <= TOLERANCE:  # nor may it be no number
                raise ModelError(
                    f"model {name}: ONNX Runtime gives other vectors here than it should (off by "
                    f"{difference:.1e})"
                )

    def info(self) -> ModelInfo:
        """Describe the model."""
        return ModelInfo(
            name=self.name,
            revision=None,
            fingerprint=self.fingerprint,
            dimension=self._words.shape[1],
            pooling="mean",
            prompts={},
            max_tokens=self.max_tokens,
        )

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Embed passages: shape `(len(texts), dimension)`, unit length."""
        found = np.empty((len(texts), self._words.shape[1]), dtype=np.float32)
        pieces = [self._cut(e.ids) for e in self._tokenizer.encode_batch(list(texts))]
        # The longest first, so that the threads end at nearly the same time.
        order = sorted(range(len(pieces)), key=lambda n: -len(pieces[n]))
        with ThreadPoolExecutor(self._threads) as pool:
            vectors = pool.map(self._run, [pieces[n] for n in order])
            for n, vector in zip(order, vectors, strict=True):
                found[n] = vector
        return found

    def encode_query(self, text: str) -> Vectors:
        """Embed one question: shape `(dimension,)`, unit length."""
        return self._run(self._cut(self._tokenizer.encode(text).ids))

    def _cut(self, ids: list[int]) -> _Pieces:
        """Cut to the longest input; the last word piece is the special one that ends a text."""
        kept = ids if len(ids) <= self.max_tokens else [*ids[: self.max_tokens - 1], ids[-1]]
        return np.array(kept, dtype=np.int64)

    def _run(self, pieces: _Pieces) -> Vectors:
        embedded = self._words[pieces] + self._places[: len(pieces)]
        vector: Vectors = self._session.run(None, {"embedded": embedded})[0]
        return vector


def open_session(weights: dict[str, Vectors], threads: int = 1) -> Any:  # noqa: ANN401 - untyped
    """Load the graph with these weights, which must be kept as long as the session is used.

    Args:
        weights: Tensors by the names that the graph gives them.
        threads: That work at one text.

    Raises:
        ModelError: ONNX Runtime refuses the graph or the weights.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    values = [onnxruntime.OrtValue.ortvalue_from_numpy(tensor) for tensor in weights.values()]
    options.add_external_initializers(list(weights), values)
    graph = (files("index") / "data" / GRAPH).read_bytes()
    try:
        return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the library raises many types
        raise ModelError(f"ONNX Runtime cannot load {GRAPH}: {error}") from error


@cache
def _reference() -> dict[str, Any]:
    source = files("index") / "data" / REFERENCE
    found: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return found


def cores() -> int:
    """Return how many processors this process may use; at least 1."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
