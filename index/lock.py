"""Who is writing to an index, so that another process can say whom it waits for.

SQLite's lock is what excludes; this note only names its holder.
"""

import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

FILE_NAME = "writer.json"


@contextmanager
def announced(home: Path) -> Iterator[None]:
    """Leave a note while this process writes; where it cannot be written, nobody is told."""
    path = home / FILE_NAME
    note = {
        "process": os.getpid(),
        "host": socket.gethostname(),
        "command": Path(sys.argv[0]).name,
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    with suppress(OSError):
        path.write_text(json.dumps(note), encoding="utf-8")
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink()


def holder(home: Path) -> str | None:
    """Return who left the note last, in words; None if nobody did or that process is gone."""
    try:
        note = json.loads((home / FILE_NAME).read_text("utf-8"))
        process, host = int(note["process"]), str(note["host"])
        told = f"process {process} ({note['command']}) on {host}, since {note['since']},"
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
