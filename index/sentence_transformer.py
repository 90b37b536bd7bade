"""Any sentence-transformers model, run by PyTorch on the processor or a GPU."""

import os
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.embed import ModelInfo, Vectors
from index.errors import ModelError
from index.model_folder import ModelFolder
from index.openmp import load_torch_first

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


class SentenceTransformerEmbedder(ModelFolder):
    """A sentence-transformers model in a folder. Weights are loaded at the first encoding.

    Args:
        folder: Holds `modules.json`, `tokenizer.json` and `*.safetensors`.
        name: What the settings call the model.
        revision: The hub's revision, if it came from there.
        batch_size: Texts in a forward pass.

    Raises:
        ModelError: the folder lacks weights without pickle, or a tokenizer with offsets.
    """

    def __init__(
        self, folder: Path, *, name: str, revision: str | None = None, batch_size: int = 32
    ) -> None:
        super().__init__(folder, name)
        load_torch_first()
        self._revision = revision
        self._batch_size = batch_size
        self._lock = threading.Lock()  # the library changes its tokenizer while it encodes

    def info(self) -> ModelInfo:
        """Describe the model; loads it."""
        model = self._model
        return ModelInfo(
            name=self.name,
            revision=self._revision,
            fingerprint=self.fingerprint,
            dimension=int(model.get_embedding_dimension() or 0),
            pooling=str(getattr(model[1], "pooling_mode", "unknown")),
            prompts={key: value for key, value in model.prompts.items() if value},
            max_tokens=self.max_tokens,
        )

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Embed passages: shape `(len(texts), dimension)`, unit length."""
        return self._encode(self._model.encode_document, list(texts))

    def encode_query(self, text: str) -> Vectors:
        """Embed one question: shape `(dimension,)`, unit length."""
        return self._encode(self._model.encode_query, text)

    def _encode(self, encode: Any, texts: str | list[str]) -> Vectors:  # noqa: ANN401
        with self._lock:
            vectors: Vectors = encode(
                texts,
                batch_size=self._batch_size,
                normalize_embeddings=True,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
        return np.asarray(vectors, dtype=np.float32)

    @cached_property
    def _model(self) -> "SentenceTransformer":
        # Everything is on disk by now, so the library has no reason to call the hub.
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            model = SentenceTransformer(
                str(self._folder), local_files_only=True, model_kwargs={"use_safetensors": True}
            )
        except Exception as error:  # the libraries raise many types for a broken folder
            raise ModelError(f"model {self.name}: cannot load {self._folder}: {error}") from error
        model.max_seq_length = self.max_tokens
        return model
