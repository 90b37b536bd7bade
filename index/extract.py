"""Takes texts out of files in worker processes, within limits of time and memory."""

import os
import queue
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

from index.document import Extracted, LoadOptions
from index.errors import LoadError
from index.kind import PLAIN, media_type
from index.load import load
from index.settings import Settings
from index.worker import from_json, one_cause
from index.worker_process import WorkerProcess

# A shorter plain text is read here: it is only decoded and its lines looked at, and a process
# takes a moment to start.
_OWN_BYTES = 1_000_000
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
        self._idle: queue.SimpleQueue[WorkerProcess | None] = queue.SimpleQueue()
        self._started: list[WorkerProcess] = []

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
                worker = WorkerProcess(self._module, self._memory_mb)
                self._started.append(worker)
            request = {"path": str(path), "options": asdict(self._options)}
            answer = worker.ask(request, content, self._seconds)
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
