"""Opens the store that a home's settings name: SQLite in the home, or Milvus elsewhere."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TypeVar

from index import sqlite_store
from index.derived import save_derived
from index.errors import InputError
from index.settings import store_address
from index.sqlite_store import SqliteStore
from index.sqlite_writer import SqliteWriter
from index.store import Store, StoreWriter
from index.transfer.side import MIGRATING, unfinished

_Opened = TypeVar("_Opened", bound=Store)


def open_store(home: Path) -> AbstractContextManager[Store]:
    """Open a home's index for reading; the whole block sees one generation.

    Raises:
        IndexMissingError, IndexDamagedError, IndexTooNewError.
        SettingsError: the settings file cannot be read.
        PinpointError: the server cannot be reached.
    """
    address = store_address(home)
    if address is None:
        return SqliteStore.open(home)
    from index.milvus.store import MilvusStore  # most go without its library

    return _whole(MilvusStore.open(home, address), address)


def open_writer(home: Path, timeout_seconds: float) -> AbstractContextManager[StoreWriter]:
    """Open a home's index for one change, committed at the end of the block; makes a missing one.

    Raises:
        IndexLockedError: another process kept writing for longer than the timeout.
    """
    address = store_address(home)
    if address is None:
        return _sqlite_writer(home, timeout_seconds)
    from index.milvus.writer import MilvusWriter

    return _whole(MilvusWriter.writing(home, address, timeout_seconds=timeout_seconds), address)


@contextmanager
def _whole(opened: AbstractContextManager[_Opened], address: str) -> Iterator[_Opened]:
    """Turn away from an index that a migration has copied in part."""
    with opened as store:
        if store.meta(MIGRATING) is not None:
            raise unfinished(address)
        yield store


@contextmanager
def _sqlite_writer(home: Path, timeout_seconds: float) -> Iterator[StoreWriter]:
    with SqliteWriter.writing(home, timeout_seconds=timeout_seconds) as store:
        yield store
    save_derived(home)


def check_exists(home: Path) -> None:
    """Refuse a home without an index, so that none is made.

    Raises:
        IndexMissingError.
    """
    if store_address(home) is None:
        sqlite_store.check_exists(home)
    else:
        with open_store(home):
            pass


def check_is_sqlite(home: Path, doing: str) -> None:
    """Refuse what only the store in the home can do.

    Raises:
        InputError: another one is set.
    """
    if store_address(home) is not None:
        raise InputError(
            f"{doing} is of the store in the home, and another one is set; copy the index with: "
            "pinpoint migrate --from milvus --to sqlite"
        )
