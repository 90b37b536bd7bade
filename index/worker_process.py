"""A process of its own for work on files that may crash, hang or take too much memory."""

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from typing import IO, Any

from index.worker import NEEDS_MEMORY, OUT_OF_MEMORY

_ENDING_SECONDS = 2


class WorkerProcess:
    """A process that answers each request with a line of JSON.

    Args:
        module: What it runs, with the memory as its argument; see `index.worker`.
        memory_mb: Memory that it may take.
    """

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
        """Whether it can still be asked."""
        return self._process.poll() is None

    def ask(self, request: dict[str, Any], content: bytes, seconds: float) -> dict[str, Any]:
        """Return the answer, `{"error": cause}` where the process crashed or took too long.

        Args:
            request: What is asked, in types that JSON has.
            content: Bytes that go with it.
            seconds: Time after which the process is killed.
        """
        late = threading.Event()

        def stop() -> None:
            late.set()
            self._process.kill()

        timer = threading.Timer(seconds, stop)
        timer.start()
        try:
            header = request | {"size": len(content)}
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
        """End the process."""
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
