"""Pages of PDF files as pictures, drawn in a process of its own within limits."""

import base64
import threading
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from index.errors import LoadError
from index.formats.layout import Rectangle
from index.settings import Settings
from index.worker_process import WorkerProcess

_SECONDS = 20.0  # a page takes a fraction of one
_IDLE_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class PageShape:
    """A page as it is shown, turned and cropped as the file says.

    Attributes:
        number: Counted from 1.
        count: How many pages the file has.
        width: In points.
        height: In points.
        boxes: Left, top, width and height of rectangles on it, as shares of the page from its
            upper left corner.
    """

    number: int
    count: int
    width: float
    height: float
    boxes: tuple[tuple[float, ...], ...]


class PageImages:
    """Draws pages, one at a time, in one process that keeps the last file open.

    The process starts when it is first needed, and ends after some idle time or with this object.

    Args:
        settings: `extract_seconds` and `extract_memory_mb`.
        module: What the process runs.
    """

    def __init__(self, settings: Settings, module: str = "index.render_worker") -> None:
        self._module = module
        self._seconds = min(settings.extract_seconds, _SECONDS)
        self._memory_mb = settings.extract_memory_mb
        self._lock = threading.Lock()
        self._held: str | None = None
        self._processes: list[WorkerProcess] = []
        self._idle: threading.Timer | None = None
        weakref.finalize(self, _end, self._processes)  # at the interpreter's end too

    def shape(
        self,
        sha256: str,
        read: Callable[[], bytes],
        number: int,
        rectangles: Sequence[Rectangle] = (),
    ) -> PageShape:
        """Return how a page is shown, and where rectangles of it are.

        Args:
            sha256: Of the file.
            read: Returns the file's bytes, where the process does not hold them.
            number: The page's, from 1.
            rectangles: In points of the page's own coordinates; those on other pages are left out.

        Raises:
            LoadError: there is no such page, or it cannot be read within the limits.
        """
        wanted = [[r.left, r.bottom, r.right, r.top] for r in rectangles if r.page == number]
        answer = self._ask(sha256, read, {"number": number, "width": None, "rectangles": wanted})
        boxes = tuple(map(tuple, answer.pop("boxes")))
        return PageShape(number=number, boxes=boxes, **answer)

    def picture(self, sha256: str, read: Callable[[], bytes], number: int, width: int) -> bytes:
        """Return a page as a PNG, `width` pixels wide, or less where it would be too large.

        Raises:
            LoadError: as `shape`.
        """
        answer = self._ask(sha256, read, {"number": number, "width": width})
        return base64.b64decode(answer["png"])

    def close(self) -> None:
        """End the process; the next question starts another one."""
        with self._lock:
            self._held = None
            _end(self._processes)

    def _ask(
        self, sha256: str, read: Callable[[], bytes], request: dict[str, Any]
    ) -> dict[str, Any]:
        with self._lock:
            if not (self._processes and self._processes[0].alive):
                self._held = None
                _end(self._processes)
                self._processes.append(WorkerProcess(self._module, self._memory_mb))
            content = b"" if self._held == sha256 else read()
            self._held = None  # until it has answered
            answer = self._processes[0].ask(request, content, self._seconds)
            self._wait()
            if "error" in answer:
                # What is wrong may be the page alone; a file that was not opened is sent again.
                raise LoadError(answer["error"])
            self._held = sha256
            return answer

    def _wait(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        self._idle = threading.Timer(_IDLE_SECONDS, _close, (weakref.ref(self),))
        self._idle.daemon = True
        self._idle.start()


def _close(images: "weakref.ref[PageImages]") -> None:
    found = images()
    if found is not None:
        found.close()


def _end(processes: list[WorkerProcess]) -> None:
    while processes:
        processes.pop().end()
