"""A watch beside the web server, in a thread that leaves the processor to the questions."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from index.errors import PinpointError
from index.report import WatchEvent
from qa.api import Pinpoint
from ui import logs, show

_NICENESS = 10  # on Linux of this thread and those it starts; elsewhere threads share as equals
_ENDING_SECONDS = 5.0


@contextmanager
def watched(pinpoint: Pinpoint) -> Iterator[None]:
    """Follow the index's folders during the block; what happens is told on stderr.

    Questions are answered from the last whole generation while a sync goes on, which takes
    what processor time they leave.

    Args:
        pinpoint: For the watch alone, as its model is busy while chunks are embedded.
    """
    stop = threading.Event()
    thread = threading.Thread(target=_watch, args=(pinpoint, stop), name="watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        # A sync that takes longer is given up, and taken up again the next time.
        thread.join(_ENDING_SECONDS)


def give_way() -> None:
    """Let this thread, and those that it starts, leave the processor to others."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)


def _watch(pinpoint: Pinpoint, stop: threading.Event) -> None:
    give_way()
    try:
        pinpoint.watch(tell=_tell, stop=stop)
    except PinpointError as error:
        _say(f"no longer watching: {error}")


def _tell(event: WatchEvent) -> None:
    _say(show.event(event))
    for failure in event.report.failed if event.report else ():
        _say(f"failed: {failure.path}: {failure.cause}")


def _say(line: str) -> None:
    logs.tell(show.printable(line))
