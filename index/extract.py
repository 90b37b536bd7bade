"""Takes texts out of files in worker processes, within limits of time and memory."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, TypeVar

from index.document import Extracted, LoadOptions
from index.errors import LoadError
from index.kind import PLAIN, media_type
from index.load import load
from index.settings import Settings
from index.worker import NEEDS_MEMORY, OUT_OF_MEMORY, from_json, one_cause

# A shorter plain text is read here: it is only decoded and its lines looked at, and a process
# takes a moment to start.
_OWN_BYTES = 1_000_000
_ENDING_SECONDS = 2
_WAITING = 4  # results a process
_T = TypeVar("_T")
_R = TypeVar("_R")


class Extractor:
    """A few worker processes, started when first needed and ended with the `with` block.

    Args:
        settings: `extract_processes`, `extract_seconds`, `extract_memory_mb` and those of
            `LoadOptions`.
        module: What a worker runs.
    """

    def __init__(self, settings: Settings, module: str = "index.worker") -> None:
        self._module = module
        self._seconds = settings.extract_seconds
        self._memory_mb = settings.extract_memory_mb
        self._options = load_options(settings)
        self._processes = settings.extract_processes or os.cpu_count() or 1
        self._idle: queue.SimpleQueue[_Worker | None] = queue.SimpleQueue()
        self._started: list[_Worker] = []

    def __enter__(self) -> "Extractor":
        for _ in range(self._processes):
            self._idle.put(None)
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._started:
            worker.end()

    def map(self, work: Callable[[_T], _R], items: Iterable[_T]) -> Iterator[_R]:
        """Do some work, which may call `extract`, for several items at once; results in order.

        Only a few results wait to be taken, so that they do not fill the memory.
        """
        with ThreadPoolExecutor(self._processes) as threads:
            waiting: deque[Future[_R]] = deque()
            for item in items:
                waiting.append(threads.submit(work, item))
                if len(waiting) > _WAITING * self._processes:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    def extract(self, path: Path, content: bytes) -> Extracted:
        """Return the document of a file.

        Args:
            path: Where the bytes come from.
            content: The file's bytes.

        Raises:
            LoadError: it cannot be read, or a parser crashed, took too long or needed too much.
        """
        if _is_own(path, content):
            with one_cause():
                return load(path, content, self._options)
        worker = self._idle.get()
        try:
            if worker is None or not worker.alive:
                worker = _Worker(self._module, self._memory_mb)
                self._started.append(worker)
            answer = worker.ask(path, content, self._options, self._seconds)
        finally:
            self._idle.put(worker)
        if "error" in answer:
            raise LoadError(answer["error"])
        return from_json(answer["document"])


def load_options(settings: Settings) -> LoadOptions:
    """Return what the settings say to the loaders."""
    return LoadOptions(
        seconds=settings.extract_seconds,
        max_pages=settings.max_pages,
        json_fields=settings.json_fields or (),
        ocr_language=settings.ocr_language if settings.ocr else None,
    )


def _is_own(path: Path, content: bytes) -> bool:
    # An archive is no text, and only looking at its list of entries may take much memory.
    short = len(content) <= _OWN_BYTES and not content.startswith(b"PK")
    return short and media_type(path, content) == PLAIN


class _Worker:
    """One process."""

    def __init__(self, module: str, memory_mb: int) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - a module of ours
            [sys.executable, "-m", module, str(memory_mb)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Libraries that start a thread a core would only take address space.
            env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
            | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )  # fmt: skip

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(
        self, path: Path, content: bytes, options: LoadOptions, seconds: float
    ) -> dict[str, Any]:
        late = threading.Event()

        def stop() -> None:
            late.set()
            self._process.kill()

        timer = threading.Timer(seconds, stop)
        timer.start()
        try:
            header = {"path": str(path), "size": len(content), "options": asdict(options)}
            _pipe(self._process.stdin).write(json.dumps(header).encode() + b"\n" + content)
            _pipe(self._process.stdin).flush()
            line = _pipe(self._process.stdout).readline()
        except OSError:  # it died while it was written to
            line = b""
        finally:
            timer.cancel()
        if line.endswith(b"\n"):
            answer: dict[str, Any] = json.loads(line)
            return answer
        with suppress(subprocess.TimeoutExpired):  # it closes its output a moment before it ends
            self._process.wait(_ENDING_SECONDS)
        self.end()
        if late.is_set():
            return {
                "error": f"took longer than {seconds:g} seconds; raise extract_seconds, or "
                "leave it out"
            }
        if self._process.returncode == OUT_OF_MEMORY:
            return {"error": NEEDS_MEMORY}
        return {"error": f"its parser crashed ({self._how()}); is it damaged? Leave it out"}

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            try:
                _pipe(stream).close()
            except OSError:  # what was still to be written has nowhere to go
                continue

    def _how(self) -> str:
        code = self._process.returncode
        return signal.Signals(-code).name if code < 0 else f"exit status {code}"


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None  # noqa: S101 - both are pipes
    return stream
