"""Models that point at an answer: extractive question answering, by ONNX Runtime or transformers.

A model gives every word piece of a text a start and an end logit, and its first word piece stands
for "no answer" (Devlin et al. 2019, section 4.3).
"""

import hashlib
import json
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from index.embed import find_model_folder
from index.errors import ModelError

PACKAGED_READER = "pinpoint-reader"
"""The model that ships with Pinpoint."""

_WAY_OUT = "name another reader, or use the one without a model: --reader sentences"
_MAX_QUESTION_PIECES = 64
_BATCH = 8
_LONGEST = 512

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Logits:
    """What a model says of one text.

    Attributes:
        offsets: `[start, end)` characters of each word piece of the text, shape `(n, 2)`.
        starts: Start logits, shape `(n,)`.
        ends: End logits, shape `(n,)`.
        none: Start logit plus end logit of "no answer".
    """

    offsets: Ints
    starts: Floats
    ends: Floats
    none: float


class SpanModel(Protocol):
    """What the reader needs of a model."""

    @property
    def name(self) -> str:
        """What the settings call it."""

    def room(self, question: str) -> int:
        """Return how many word pieces of text fit beside a question."""

    def offsets(self, text: str) -> list[tuple[int, int]]:
        """Return the `[start, end)` characters of every word piece of a text, uncut."""

    def logits(self, pairs: Sequence[tuple[str, str]]) -> list[Logits]:
        """Read pairs of question and text; what is said of one does not depend on the others."""


class _TokenizedModel:
    """Tokenizes pairs and batches them by length. A subclass runs the model."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self._folder = folder
        self._lock = threading.Lock()  # fast tokenizers cannot be used by two threads at once
        if not (folder / "tokenizer.json").is_file():
            raise ModelError(
                f"reader {name}: no tokenizer.json in {folder}, so word pieces cannot be traced "
                f"to characters; {_WAY_OUT}"
            )

    def room(self, question: str) -> int:
        """Return how many word pieces of text fit beside a question."""
        with self._lock:
            special = self._tokenizer.num_special_tokens_to_add(True)
            asked = len(self._tokenizer.encode(question, add_special_tokens=False).ids)
        return self._max_pieces - int(special) - min(asked, _MAX_QUESTION_PIECES)

    def offsets(self, text: str) -> list[tuple[int, int]]:
        """Return the `[start, end)` characters of every word piece of a text, uncut."""
        with self._lock:
            found: list[tuple[int, int]] = self._tokenizer.encode(
                text, add_special_tokens=False
            ).offsets
        return found

    def logits(self, pairs: Sequence[tuple[str, str]]) -> list[Logits]:
        """Read pairs of question and text; what is said of one does not depend on the others."""
        with self._lock:
            asked = {question: self._cut(question) for question, _ in pairs}
            encoded = self._tokenizer.encode_batch([(asked[q], text) for q, text in pairs])
        order = sorted(range(len(pairs)), key=lambda n: len(encoded[n].ids))
        found: dict[int, Logits] = {}
        for first in range(0, len(order), _BATCH):
            numbers = order[first : first + _BATCH]
            batch = [encoded[n] for n in numbers]
            starts, ends = self._run(*_padded(batch, self._pad))
            for n, encoding, start, end in zip(numbers, batch, starts, ends, strict=True):
                found[n] = _of_text(encoding, start, end)
        return [found[n] for n in range(len(pairs))]

    def _cut(self, question: str) -> str:
        pieces = self._tokenizer.encode(question, add_special_tokens=False).offsets
        return question[: pieces[:_MAX_QUESTION_PIECES][-1][1]] if pieces else question

    def _run(self, ids: Ints, mask: Ints, types: Ints) -> tuple[Floats, Floats]:
        raise NotImplementedError

    @cached_property
    def _tokenizer(self) -> Any:  # noqa: ANN401 - the library has no types
        from tokenizers import Tokenizer

        try:
            tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        except Exception as error:  # the library raises its base class
            raise ModelError(f"reader {self.name}: broken tokenizer.json: {error}") from error
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def _config(self) -> dict[str, Any]:
        try:
            config: dict[str, Any] = json.loads((self._folder / "config.json").read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise ModelError(
                f"reader {self.name}: no readable config.json in {self._folder}; {_WAY_OUT}"
            ) from error
        return config

    @cached_property
    def _pad(self) -> int:
        pad = self._config.get("pad_token_id")
        return 0 if pad is None else int(pad)

    @cached_property
    def _max_pieces(self) -> int:
        # RoBERTa and its kin count positions from the padding's number on.
        known = int(self._config.get("max_position_embeddings") or _LONGEST)
        return min(known - (self._pad + 1 if self._pad else 0), _LONGEST)


class OnnxSpanModel(_TokenizedModel):
    """A model exported to ONNX: `model.onnx`, `tokenizer.json` and `config.json` in a folder.

    Args:
        folder: Where the files are.
        name: What the settings call the model.
        sha256: What `model.onnx` must be; None takes any.

    Raises:
        ModelError: a file is missing or broken.
    """

    def __init__(self, folder: Path, name: str, sha256: str | None = None) -> None:
        super().__init__(folder, name)
        weights = folder / "model.onnx"
        try:
            found = hashlib.sha256(weights.read_bytes()).hexdigest()
        except OSError as error:
            raise ModelError(f"reader {name}: {error}; {_WAY_OUT}") from error
        if sha256 is not None and found != sha256:
            raise ModelError(
                f"reader {name}: {weights} is damaged (its SHA-256 is {found}); install "
                f"pinpoint-qa again, or {_WAY_OUT}"
            )
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                str(weights), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # the library raises many types for a broken file
            raise ModelError(
                f"reader {name}: cannot load {weights}: {error}; {_WAY_OUT}"
            ) from error
        self._inputs = {node.name for node in self._session.get_inputs()}
        outputs = [node.name for node in self._session.get_outputs()]
        if not {"start_logits", "end_logits"} <= set(outputs):
            raise ModelError(
                f"reader {name}: {weights} gives {', '.join(outputs)}, not start_logits and "
                f"end_logits; it is no question-answering model; {_WAY_OUT}"
            )

    def _run(self, ids: Ints, mask: Ints, types: Ints) -> tuple[Floats, Floats]:
        named = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
        given = {name: array for name, array in named.items() if name in self._inputs}
        starts, ends = self._session.run(["start_logits", "end_logits"], given)
        return starts, ends


class TransformersSpanModel(_TokenizedModel):
    """Any model of the transformers library with a question-answering head, in a folder.

    Args:
        folder: Holds `config.json`, `tokenizer.json` and `*.safetensors`.
        name: What the settings call the model.

    Raises:
        ModelError: a file is missing or broken, or the model is made for another task.
    """

    def __init__(self, folder: Path, name: str) -> None:
        super().__init__(folder, name)
        made = self._config.get("architectures") or ["a model of unknown kind"]
        if not made[0].endswith("ForQuestionAnswering"):
            raise ModelError(
                f"reader {name}: {folder} holds {made[0]}, not a question-answering model "
                f"(…ForQuestionAnswering); {_WAY_OUT}"
            )
        if not any(folder.glob("*.safetensors")):  # pickled weights can run code when loaded
            raise ModelError(f"reader {name}: no *.safetensors in {folder}; {_WAY_OUT}")
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        from transformers import AutoModelForQuestionAnswering
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            self._model, report = AutoModelForQuestionAnswering.from_pretrained(
                str(folder),
                local_files_only=True,
                use_safetensors=True,
                output_loading_info=True,
                dtype="float32",
            )
        except Exception as error:  # the library raises many types for a broken folder
            raise ModelError(f"reader {name}: cannot load {folder}: {error}; {_WAY_OUT}") from error
        if report["missing_keys"]:
            raise ModelError(
                f"reader {name}: {folder} lacks the weights "
                f"{', '.join(sorted(report['missing_keys'])[:3])}; {_WAY_OUT}"
            )
        self._model.eval()

    def _run(self, ids: Ints, mask: Ints, types: Ints) -> tuple[Floats, Floats]:
        import torch

        inputs = {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)}
        if self._config.get("type_vocab_size", 0) > 1:
            inputs["token_type_ids"] = torch.from_numpy(types)
        with torch.inference_mode():
            found = self._model(**inputs)
        return found.start_logits.numpy(), found.end_logits.numpy()


def load_span_model(name: str, revision: str | None = None) -> SpanModel:
    """Find a question-answering model: the packaged one, a folder, or a hub name.

    A folder with `model.onnx` is run by ONNX Runtime, any other by transformers.

    Raises:
        ModelError: there is no such model, or it is broken or made for another task.
    """
    if name == PACKAGED_READER:
        folder = Path(str(files("qa") / "data" / "reader"))
        expected = json.loads((folder / "sha256.json").read_text("utf-8"))["model.onnx"]
        return OnnxSpanModel(folder, name, expected)
    folder, _ = find_model_folder(name, revision)
    if (folder / "model.onnx").is_file():
        return OnnxSpanModel(folder, name)
    return TransformersSpanModel(folder, name)


def _padded(batch: Sequence[Any], pad: int) -> tuple[Ints, Ints, Ints]:
    shape = len(batch), max(len(encoding.ids) for encoding in batch)
    ids, mask, types = (
        np.full(shape, pad, np.int64),
        np.zeros(shape, np.int64),
        np.zeros(shape, np.int64),
    )
    for row, encoding in enumerate(batch):
        size = len(encoding.ids)
        ids[row, :size], mask[row, :size], types[row, :size] = encoding.ids, 1, encoding.type_ids
    return ids, mask, types


def _of_text(encoding: Any, starts: Floats, ends: Floats) -> Logits:  # noqa: ANN401
    """Return what was said of the second text of a pair."""
    places = [n for n, sequence in enumerate(encoding.sequence_ids) if sequence == 1]
    offsets = np.array([encoding.offsets[n] for n in places], dtype=np.int64).reshape(-1, 2)
    none = float(starts[0]) + float(ends[0])
    return Logits(offsets, starts[places], ends[places], none)
