"""The files that are derived from the store: vectors for FAISS, and words for Tantivy."""

import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from index import dense, lexical
from index.errors import IndexLockedError
from index.sqlite_writer import SqliteWriter

FAISS_NAMES = (dense.FILE_NAME, dense.STAMP_NAME)
TANTIVY_NAMES = (lexical.FOLDER, lexical.STAMP_NAME)
"""Files and folders in the home, each stamp behind what it describes."""


def save_derived(home: Path) -> None:
    """Bring the files that are derived from the store up to its generation.

    Done as a writer that writes nothing: others wait for their turn, and readers go on, which a
    long read would hold up as soon as somebody wants to commit.
    """
    try:
        with SqliteWriter.writing(home, timeout_seconds=0) as store:
            dense.save_if_behind(store)
            lexical.save_if_behind(store)
    except IndexLockedError:
        return  # who is writing now does it after that


def remove_derived(home: Path, names: Iterable[str]) -> None:
    """Delete derived files, as far as that goes; nothing is lost."""
    for name in names:
        with suppress(OSError):
            if (home / name).is_dir():
                shutil.rmtree(home / name)
            else:
                (home / name).unlink(missing_ok=True)
