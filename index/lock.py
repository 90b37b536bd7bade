"""Who is writing to an index, so that another process can say whom it waits for.

SQLite's lock is what excludes; this note only names its holder. Files beside the index, which are
read and then replaced, have a lock of their own.
"""

import json
import os
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FILE_NAME = "writer.json"
KNOCK_NAME = "committing.json"

LONGEST_KNOCK_SECONDS = 60.0
"""How long a writer asks at most; an older note is of one that was killed, perhaps elsewhere."""

_LONGEST_WAIT_SECONDS = 5.0
_LOOK_SECONDS = 0.01


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keep other threads and processes out that would change a file, until the block ends.

    The lock is on a file beside it, which stays: the file itself is replaced.

    Raises:
        OSError: nothing can be written there.
    """
    with path.with_name(f".{path.name}.lock").open("ab") as stream:
        _lock(stream.fileno())  # until it is closed, by a killed process too
        yield


def _lock(file: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file, msvcrt.LK_LOCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX)


@contextmanager
def announced(home: Path) -> Iterator[None]:
    """Leave a note while this process writes; where it cannot be written, nobody is told."""
    with _noted(home / FILE_NAME):
        yield


def holder(home: Path) -> str | None:
    """Return who left the note last, in words; None if nobody did or that process is gone."""
    return _who(home / FILE_NAME)


@contextmanager
def knocking(home: Path) -> Iterator[None]:
    """Ask those who would begin to read to wait a moment, for a commit that finds no gap.

    The threads of one process share its lock, so that together they could hold it for good.
    """
    with _noted(home / KNOCK_NAME):
        yield


def let_in(home: Path) -> None:
    """Before reading: wait while a writer knocks, but not for long."""
    path = home / KNOCK_NAME
    end = time.monotonic() + _LONGEST_WAIT_SECONDS
    while _knocks(path) and time.monotonic() < end:
        time.sleep(_LOOK_SECONDS)


def _knocks(path: Path) -> bool:
    try:
        age_seconds = time.time() - path.stat().st_mtime
    except OSError:
        return False
    return age_seconds < LONGEST_KNOCK_SECONDS and _who(path) is not None


def own_note() -> dict[str, Any]:
    """Say who this process is, for a note that others read."""
    return {
        "process": os.getpid(),
        "host": socket.gethostname(),
        "command": Path(sys.argv[0]).name,
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def in_words(note: Mapping[str, Any]) -> str:
    """Say whose note this is.

    Raises:
        KeyError: it is no such note.
    """
    return (
        f"process {note['process']} ({note['command']}) on {note['host']}, since {note['since']},"
    )


@contextmanager
def _noted(path: Path) -> Iterator[None]:
    with suppress(OSError):
        path.write_text(json.dumps(own_note()), encoding="utf-8")
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink()


def _who(path: Path) -> str | None:
    try:
        note = json.loads(path.read_text("utf-8"))
        process, host = int(note["process"]), str(note["host"])
        told = in_words(note)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return told if host != socket.gethostname() or _runs(process) else None


def _runs(process: int) -> bool:
    if os.name == "nt":  # there, signal 0 is no question but an interrupt
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it runs, but is somebody else's
        return True
    return True
