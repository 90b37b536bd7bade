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

from index.errors import ModelError
from index.model_folder import find_model_folder
from index.openmp import load_torch_first

PACKAGED_READER = "pinpoint-reader"
"""The model that ships with Pinpoint."""

_WAY_OUT = (
    "set reader (in pinpoint.toml, or PINPOINT_READER) to another, or ask without a model: "
    "pinpoint ask --reader sentences"
)
# Their positions are counted from the padding's number on.
_FROM_PADDING = {
    "roberta",
    "xlm-roberta",
    "camembert",
    "longformer",
    "mpnet",
    "roberta-prelayernorm",
}
_LEAST_ROOM = 16  # word pieces of text that a model must take beside the longest question
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
        return self._max_pieces - int(special) - min(asked, self._max_question)

    def offsets(self, text: str) -> list[tuple[int, int]]:
        """Return the `[start, end)` characters of every word piece of a text, uncut."""
        with self._lock:
            found = self._tokenizer.encode(text, add_special_tokens=False).offsets
        return [_without_space(text, start, end) for start, end in found]

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
                found[n] = _of_text(pairs[n][1], encoding, start, end)
        return [found[n] for n in range(len(pairs))]

    def _cut(self, question: str) -> str:
        pieces = self._tokenizer.encode(question, add_special_tokens=False).offsets
        return question[: pieces[: self._max_question][-1][1]] if pieces else question

    def _run(self, ids: Ints, mask: Ints, types: Ints) -> tuple[Floats, Floats]:
        raise NotImplementedError

    @cached_property
    def _tokenizer(self) -> Any:  # noqa: ANN401 - the library has no types
        from tokenizers import Tokenizer

        try:
            tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        except Exception as error:  # the library raises its base class
            raise ModelError(
                f"reader {self.name}: broken tokenizer.json: {error}; {_WAY_OUT}"
            ) from error
        tokenizer.encode_special_tokens = True  # "[SEP]" in a document is text
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
        if not isinstance(config, dict):
            raise ModelError(f"reader {self.name}: config.json holds no object; {_WAY_OUT}")
        return config

    @cached_property
    def _pad(self) -> int:
        pad = self._config.get("pad_token_id")
        return 0 if pad is None else int(pad)

    @cached_property
    def _max_pieces(self) -> int:
        known = int(self._config.get("max_position_embeddings") or _LONGEST)
        if self._config.get("model_type") in _FROM_PADDING:
            known -= self._pad + 1
        if known < 2 * _LEAST_ROOM:
            raise ModelError(
                f"reader {self.name}: takes {known} word pieces at once, too few for a question "
                f"and a text; {_WAY_OUT}"
            )
        return min(known, _LONGEST)

    @property
    def _max_question(self) -> int:
        return min(_MAX_QUESTION_PIECES, self._max_pieces // 2 - 4)


class OnnxSpanModel(_TokenizedModel):
    """A model exported to ONNX: `model.onnx`, `tokenizer.json` and `config.json` in a folder.

    Args:
        folder: Where the files are.
        name: What the settings call the model.

    Raises:
        ModelError: a file is missing or broken.
    """

    def __init__(self, folder: Path, name: str) -> None:
        super().__init__(folder, name)
        weights = folder / "model.onnx"
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
        load_torch_first()
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
    folder = reader_folder(name, revision)
    if name == PACKAGED_READER:
        _check_packaged(folder)
        return OnnxSpanModel(folder, name)
    if (folder / "model.onnx").is_file():
        return OnnxSpanModel(folder, name)
    return TransformersSpanModel(folder, name)


def reader_folder(name: str, revision: str | None = None) -> Path:
    """Return the folder of a question-answering model, found as `load_span_model` does.

    Raises:
        ModelError: there is no such model.
    """
    if name == PACKAGED_READER:
        return Path(str(files("qa") / "data" / "reader"))
    return find_model_folder(name, revision)[0]


def _check_packaged(folder: Path) -> None:
    """Compare the packaged files with their checksums.

    Raises:
        ModelError: one is missing or damaged.
    """
    checksums = json.loads((folder / "sha256.json").read_text("utf-8"))
    for name, expected in checksums.items():
        try:
            found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        except OSError as error:
            raise ModelError(f"reader {PACKAGED_READER}: {error}; {_WAY_OUT}") from error
        if found != expected:
            raise ModelError(
                f"reader {PACKAGED_READER}: {folder / name} is damaged (its SHA-256 is {found}); "
                f"install pinpoint-qa again, or {_WAY_OUT}"
            )


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


def _without_space(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a word piece's characters without the space that some tokenizers count to it."""
    while start < end - 1 and text[start].isspace():
        start += 1
    return start, end


def _of_text(text: str, encoding: Any, starts: Floats, ends: Floats) -> Logits:  # noqa: ANN401
    """Return what was said of the second text of a pair."""
    places = [n for n, sequence in enumerate(encoding.sequence_ids) if sequence == 1]
    spans = [_without_space(text, *encoding.offsets[n]) for n in places]
    offsets = np.array(spans, dtype=np.int64).reshape(-1, 2)
    none = float(starts[0]) + float(ends[0])
    return Logits(offsets, starts[places], ends[places], none)
