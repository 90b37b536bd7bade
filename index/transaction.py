"""The writer's place: one process at a time may change an index, and the others learn who it is."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.database import FILE_NAME, connection
from index.errors import IndexLockedError, PinpointError
from index.lock import LONGEST_KNOCK_SECONDS, announced, holder, knocking

_GAP_TIMEOUT_SECONDS = 0.5
_CACHE_KIB = 1_000_000
"""What a change may keep in memory. Beyond, SQLite writes to the file before the commit, and
nobody can read from then on."""


@contextmanager
def writers_place(
    home: Path, timeout_seconds: float, *, mode: str = "rwc"
) -> Iterator[sqlite3.Connection]:
    """Yield a connection in a transaction that no other writer can begin; readers go on.

    Nothing is committed unless the caller does it.

    Args:
        home: Folder of the index.
        timeout_seconds: How long to wait for another writer.
        mode: `rwc` makes a missing file, `rw` does not.

    Raises:
        IndexLockedError: another process kept writing for longer than the timeout.
        PinpointError: the folder cannot be made or written.
    """
    path = home / FILE_NAME
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PinpointError(f"{home}: cannot be made ({error}); name another --home") from error
    while True:
        before = _number(path)
        with connection(path, mode, timeout_seconds) as db:
            before = before or _number(path)
            db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            _begin(db, home)
            if before != _number(path):  # another file was restored in its place meanwhile
                continue
            with announced(home):
                yield db
            return


def _begin(db: sqlite3.Connection, home: Path) -> None:
    try:
        db.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        who = holder(home)
        if "locked" in str(error) and who:
            raise IndexLockedError(
                f"{home / FILE_NAME}: {who} is writing to this index; try again when it is done"
            ) from error
        raise


def commit(db: sqlite3.Connection, home: Path) -> None:
    """Commit when nobody reads; where there is no such moment, ask for one."""
    _set_timeout(db, _GAP_TIMEOUT_SECONDS)
    try:
        db.execute("COMMIT")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
        # Readers end soon; giving up would throw the whole change away.
        _set_timeout(db, LONGEST_KNOCK_SECONDS)
        with knocking(home):
            db.execute("COMMIT")


def _set_timeout(db: sqlite3.Connection, seconds: float) -> None:
    db.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")


def _number(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
