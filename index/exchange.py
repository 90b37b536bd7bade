"""A finished index takes the place of another in a home, in one step, when nobody writes there."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from index.database import FILE_NAME, pragma
from index.derived import FAISS_NAMES, TANTIVY_NAMES, remove_derived
from index.errors import IndexDamagedError
from index.transaction import writers_place

DAMAGED = f"{FILE_NAME}.damaged"
"""What an index that cannot be read is called after a backup took its place."""


class Numbers(NamedTuple):
    """The generation of an index, and the last ids that it gave to documents and chunks."""

    generation: int = 0
    document: int = 0
    chunk: int = 0


@contextmanager
def held(home: Path, timeout_seconds: float) -> Iterator[Numbers | None]:
    """Keep all other writers out, and yield the numbers of the index; None if it is damaged."""
    if not (home / FILE_NAME).is_file():
        yield Numbers()
        return
    with ExitStack() as stack:
        numbers = None
        with suppress(IndexDamagedError):
            place = writers_place(home, timeout_seconds, mode="rw")
            numbers = _numbers(stack.enter_context(place))
        yield numbers


def put_index(made: Path, home: Path, *, damaged: bool) -> None:
    """Put a finished index, with what is derived from it, in the place of the home's.

    Args:
        made: Folder of the finished one, on the same disk.
        home: Held by `held`, if it has an index.
        damaged: The home's index cannot be read; it is put aside under the name `DAMAGED`.
    """
    if damaged:
        _put_aside(home)
    put_file(made / FILE_NAME, home / FILE_NAME)
    names = (*FAISS_NAMES, *TANTIVY_NAMES)
    remove_derived(home, names)
    for name in names:
        with suppress(OSError):
            (made / name).replace(home / name)


def put_file(temporary: Path, file: Path) -> None:
    """Rename a complete file, so that it survives a power cut from then on."""
    _sync(temporary)
    temporary.replace(file)
    with suppress(OSError):  # not every system can do this for a folder
        _sync(file.absolute().parent)


def _numbers(db: sqlite3.Connection) -> Numbers | None:
    try:
        if pragma(db, "schema_version") == 0:  # a first writer died before its commit
            return Numbers()
        (generation,) = db.execute(
            "SELECT coalesce(max(CAST(value AS INTEGER)), 0) FROM meta WHERE key = 'generation'"
        ).fetchone()
        given = dict(db.execute("SELECT name, seq FROM sqlite_sequence"))
    except sqlite3.DatabaseError:
        return None
    return Numbers(generation, given.get("documents", 0), given.get("chunks", 0))


def _put_aside(home: Path) -> None:
    """Keep an index that cannot be read; its journal would be applied to the new one."""
    for end in ("", "-journal"):
        with suppress(FileNotFoundError):
            (home / f"{FILE_NAME}{end}").replace(home / f"{DAMAGED}{end}")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
