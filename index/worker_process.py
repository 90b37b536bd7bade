"""A process of its own for work that may crash, hang or take too much memory."""

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
        # Libraries that start a thread a core would only take address space.
        self._process = start_process(module, str(memory_mb), threads=1)

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
            pipe(self._process.stdin).write(json.dumps(header).encode() + b"\n" + content)
            pipe(self._process.stdin).flush()
            line = pipe(self._process.stdout).readline()
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
        how = how_ended(self._process.returncode)
        return {"error": f"its parser crashed ({how}); is it damaged? Leave it out"}

    def end(self) -> None:
        """End the process."""
        end_process(self._process)


def start_process(
    module: str, *arguments: str, threads: int, stderr: IO[bytes] | int = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:
    """Run a module of ours in a Python of its own, with pipes to and from it.

    Args:
        module: What it runs; what can be imported here can be imported there.
        arguments: Of its command line.
        threads: That numeric libraries may start in it.
        stderr: Where its standard error goes.
    """
    limits = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    return subprocess.Popen(  # noqa: S603 - a module of ours
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        env=os.environ
        | dict.fromkeys(limits, str(threads))
        | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )


def end_process(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and close the pipes."""
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        try:
            pipe(stream).close()
        except OSError:  # what was still to be written has nowhere to go
            continue


def how_ended(code: int) -> str:
    """Return in words how a process ended whose exit code this is."""
    return signal.Signals(-code).name if code < 0 else f"exit status {code}"


def pipe(stream: IO[bytes] | None) -> IO[bytes]:
    """Return the pipe of a process that was started with one."""
    assert stream is not None  # noqa: S101 - both are pipes
    return stream
