"""A disk that is full, or slow, for a while: what `bench.soak` does to the folder of the index.

    python -m bench.soak_disk FLAG pinpoint-arguments...

runs the command with a disk that is slow while the file FLAG is there: every statement of SQLite,
and every file that is made durable, waits.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SLOW_SECONDS = 0.02


@contextmanager
def small_disk(folder: Path, size_mb: int) -> Iterator[str | None]:
    """Mount a file system of its own over a folder; yield why not where that is not allowed."""
    folder.mkdir()
    mount = shutil.which("mount")
    if sys.platform != "linux" or mount is None:
        yield "there is no mount of a small file system on this machine"
        return
    command = [mount, "-t", "tmpfs", "-o", f"size={size_mb}m", "tmpfs", str(folder)]
    mounted = subprocess.run(command, capture_output=True, text=True, check=False)
    if mounted.returncode:
        yield f"mounting needs rights that are not given here: {mounted.stderr.strip()}"
        return
    try:
        yield None
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Fill a file system to its last byte; return the file that does."""
    filler = folder / "filler"
    found = os.statvfs(folder)
    filler.write_bytes(bytes(found.f_bavail * found.f_frsize))
    return filler


def slow_while(flag: Path) -> None:
    """From now on, let this process's disk be slow while a file is there."""

    def wait() -> None:
        if flag.exists():
            time.sleep(SLOW_SECONDS)

    class Slow(sqlite3.Connection):
        def execute(self, *arguments: Any) -> sqlite3.Cursor:  # noqa: ANN401
            wait()
            return super().execute(*arguments)

    def connected(*arguments: Any, **keywords: Any) -> sqlite3.Connection:  # noqa: ANN401
        return connect(*arguments, factory=Slow, **keywords)

    def durable(file: int) -> None:
        wait()
        fsync(file)

    connect: Callable[..., sqlite3.Connection] = sqlite3.connect
    fsync = os.fsync
    sqlite3.connect = connected  # type: ignore[assignment]
    os.fsync = durable


def main() -> None:
    """Run from the command line."""
    from ui.cli import main as pinpoint

    slow_while(Path(sys.argv.pop(1)))
    pinpoint()


if __name__ == "__main__":
    main()
