"""One process that embeds, seen from the process that started it."""

import json
import math
import subprocess
import tempfile
from contextlib import suppress
from typing import Any

import numpy as np

from index.embed import Vectors
from index.embed_source import EmbedSource
from index.errors import ModelError
from index.tidy import one_line
from index.worker import OUT_OF_MEMORY
from index.worker_process import end_process, how_ended, pipe, start_process

_ENDING_SECONDS = 2
_LAST_BYTES = 4000  # of what it wrote on standard error


class ProcessDiedError(Exception):
    """The process ended amid its work; the message says how."""


class EmbedProcess:
    """A process that embeds batches, one after the other. It loads the model for the first one.

    Args:
        source: How it loads the model.
    """

    def __init__(self, source: EmbedSource) -> None:
        self._source = source
        self._loaded = False
        self._words = tempfile.TemporaryFile()  # noqa: SIM115 - closed by end
        self._process = start_process(
            "index.embed_worker", threads=source.threads, stderr=self._words
        )

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._process.pid

    def encode(self, texts: list[str]) -> Vectors:
        """Embed passages: shape `(len(texts), dimension)`, unit length.

        Raises:
            ProcessDiedError: the process ended before it answered.
            ModelError: the process cannot load the model or embed with it.
        """
        try:
            if not self._loaded:
                self._ask(self._source.model_dump(mode="json"))
                self._loaded = True
            shape = self._ask(texts)["shape"]
            numbers = pipe(self._process.stdout).read(math.prod(shape) * 4)
            return np.frombuffer(numbers, dtype="<f4").reshape(shape)
        except (OSError, ValueError, EOFError) as error:  # a pipe that broke, or an answer cut off
            raise ProcessDiedError(self._how()) from error

    def kill(self) -> None:
        """Kill the process; whoever waits for its answer is told that it died."""
        self._process.kill()

    def end(self) -> None:
        """Kill the process and close what leads to it."""
        end_process(self._process)
        self._words.close()

    def _ask(self, request: object) -> dict[str, Any]:
        requests = pipe(self._process.stdin)
        requests.write(json.dumps(request).encode() + b"\n")
        requests.flush()
        line = pipe(self._process.stdout).readline()
        if not line.endswith(b"\n"):
            raise EOFError
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise ModelError(answer["error"])
        return answer

    def _how(self) -> str:
        with suppress(subprocess.TimeoutExpired):  # it closes its output a moment before it ends
            self._process.wait(_ENDING_SECONDS)
        self._process.kill()
        code = self._process.wait()
        if code == OUT_OF_MEMORY:
            return "it had no memory left"
        return ": ".join(filter(None, (how_ended(code), self._last_words())))

    def _last_words(self) -> str:
        self._words.seek(0)
        lines = self._words.read()[-_LAST_BYTES:].decode(errors="replace").split("\n")
        return one_line(next((line for line in reversed(lines) if line.strip()), ""))
