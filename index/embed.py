"""Texts to vectors: what the index needs of an embedding model, and which class runs which."""

import logging
from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

from index.errors import ModelError
from index.model_folder import PACKAGED_MODELS, find_model_folder
from index.settings import Runtime

Vectors = npt.NDArray[np.float32]
"""Shape `(n, dimension)`, or `(dimension,)` for one; unit length."""

_log = logging.getLogger(__name__)


class ModelInfo(BaseModel):
    """The embedding model as it is written into the index.

    `fingerprint` is the SHA-256 over the model's weight, tokenizer and configuration files: two
    models of the same width have different ones.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    revision: str | None
    fingerprint: str
    dimension: int
    pooling: str
    prompts: dict[str, str]
    max_tokens: int


class Embedder(Protocol):
    """What the index needs of an embedding model."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the model's files; equal fingerprints give comparable vectors."""

    @property
    def max_tokens(self) -> int:
        """Longest input in word pieces, special tokens included."""

    @property
    def special_tokens(self) -> int:
        """Special tokens that the model adds to one input."""

    def info(self) -> ModelInfo:
        """Describe the model; may load it."""

    def token_offsets(self, text: str) -> list[tuple[int, int]]:
        """Return the character span of every word piece, special tokens left out, uncut."""

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Embed passages: shape `(len(texts), dimension)`, unit length."""

    def encode_query(self, text: str) -> Vectors:
        """Embed one question: shape `(dimension,)`, unit length."""


def load_embedder(
    model: str,
    *,
    revision: str | None = None,
    batch_size: int = 32,
    runtime: Runtime = "auto",
    threads: int | None = None,
) -> Embedder:
    """Find an embedding model: a packaged one, a folder, or a hub name (downloaded once).

    A packaged model is run by ONNX Runtime, without PyTorch; every other one, and a packaged one
    whose files or vectors are not the known ones, by sentence-transformers.

    Args:
        model: Package, folder or hub name.
        revision: Of a hub model.
        batch_size: Texts in a forward pass of sentence-transformers.
        runtime: `sentence-transformers` runs a packaged model by it, too.
        threads: Texts that ONNX Runtime embeds at the same time; None means one a core.

    Raises:
        ModelError: no such package, folder or hub model.
    """
    from index.onnx_embedder import OnnxEmbedder
    from index.sentence_transformer import SentenceTransformerEmbedder

    folder, found = find_model_folder(model, revision)
    if model in PACKAGED_MODELS and runtime == "auto":
        try:
            return OnnxEmbedder(folder, name=model, threads=threads)
        except ModelError as error:
            _log.warning("%s; sentence-transformers runs it instead, which is slower", error)
    return SentenceTransformerEmbedder(folder, name=model, revision=found, batch_size=batch_size)
