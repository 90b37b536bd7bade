"""Documents embedded by several processes of this machine."""

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice

from index.embed import Embedder, Vectors
from index.embed_process import EmbedProcess, ProcessDiedError
from index.embed_source import EmbedSource
from index.errors import ModelError
from index.fan_out import Batches, Done, FanOut

MOST_DEATHS = 3
"""Processes that may die at the same batch; a batch whose process died is done by a new one."""

_WAITING = 2  # batches a process that are given out


class ProcessEmbedder(FanOut):
    """An embedder whose documents are embedded by processes of this machine.

    They are started when first needed, and stay until `close`, or until this process ends. Once
    closed, or once something was raised, it embeds no more.
    """

    def __init__(
        self,
        inner: Embedder,
        source: Callable[[], EmbedSource],
        *,
        processes: int,
        batch_size: int,
    ) -> None:
        super().__init__(inner, source, processes=processes, batch_size=batch_size)
        self._threads: ThreadPoolExecutor | None = None  # each waits for one process
        self._idle: queue.SimpleQueue[EmbedProcess | None] = queue.SimpleQueue()
        self._running: set[EmbedProcess] = set()
        self._lock = threading.Lock()
        self._closed = False
        self._made_source: EmbedSource | None = None

    def close(self) -> None:
        """Kill the processes."""
        with self._lock:
            self._closed = True
            for process in self._running:
                process.kill()
        if self._threads is not None:
            self._threads.shutdown(cancel_futures=True)
        with self._lock:
            for process in self._running:
                process.end()
            self._running.clear()

    @property
    def pids(self) -> list[int]:
        """Numbers of the processes that run."""
        with self._lock:
            return sorted(process.pid for process in self._running)

    def _spread(self, batches: Batches) -> Done:
        if self._threads is None:
            self._made_source = self._source()
            self._threads = ThreadPoolExecutor(self._processes)
            for _ in range(self._processes):
                self._idle.put(None)
        coming = iter(enumerate(batches))
        waiting: dict[Future[Vectors], int] = {}
        try:
            while True:
                room = _WAITING * self._processes - len(waiting)
                for number, batch in islice(coming, room):
                    waiting[self._threads.submit(self._encode, batch)] = number
                if not waiting:
                    return
                done = wait(waiting, return_when=FIRST_COMPLETED).done
                for future in sorted(done, key=_has_failed):  # last, so that the rest is kept
                    yield waiting.pop(future), future.result()
        except BaseException:  # also Ctrl-C: nobody waits for what is still being done
            self.close()
            raise

    def _encode(self, batch: Sequence[str]) -> Vectors:
        process = self._idle.get()
        try:
            for _ in range(MOST_DEATHS):
                process = process or self._start()
                try:
                    return process.encode(list(batch))
                except ProcessDiedError as died:
                    self._remove(process)
                    process, cause = None, died
        finally:
            self._idle.put(process)
        raise ModelError(
            f"{MOST_DEATHS} processes died embedding the same {len(batch)} chunks; the last one: "
            f"{cause}. If memory ran out, lower embed_processes or embed_batch"
        )

    def _start(self) -> EmbedProcess:
        with self._lock:
            if self._closed or self._made_source is None:
                raise ModelError("the processes that embed are ended")
            try:
                process = EmbedProcess(self._made_source)
            except OSError as error:
                raise ModelError(f"no process to embed with can be started: {error}") from error
            self._running.add(process)
        return process

    def _remove(self, process: EmbedProcess) -> None:
        with self._lock:
            self._running.discard(process)
        process.end()


def _has_failed(future: Future[Vectors]) -> bool:
    return future.exception() is not None
