"""A whole copy of an index in one file, made while it is in use, and the way back."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from index.check import check
from index.database import FILE_NAME, SCHEMA_VERSION, connection, pragma
from index.database import check as check_schema
from index.derived import save_derived
from index.errors import IndexDamagedError, IndexTooOldError, InputError, PinpointError
from index.exchange import Numbers, held, put_file, put_index
from index.findings import CheckReport
from index.migrate import OLDEST
from index.settings import Settings
from index.sqlite_store import SqliteStore
from index.sqlite_writer import SqliteWriter

_PAGES = 1000  # at a time: a writer gets in between, and the copy then begins anew
_BEGINNINGS = 4  # then it is copied in one go, and the writer waits
_TIMEOUT_SECONDS = 30.0
_RESTORING = "restoring"


def backup(home: Path, file: Path, *, force: bool = False) -> int:
    """Copy the index into one file: one whole generation, whoever asks or writes meanwhile.

    The file appears when it is complete. The settings file is not in it.

    Args:
        home: Folder of the index.
        file: Where to; its folder must exist.
        force: Replace the file if there is one.

    Returns:
        The generation that was copied.

    Raises:
        InputError: there is such a file already, or no such folder.
        IndexMissingError: there is no index.
        PinpointError: it cannot be written.
    """
    with SqliteStore.open(home):
        pass
    if file.exists() and file.samefile(home / FILE_NAME):
        raise InputError(f"{file}: is the index itself; name another file")
    if file.exists() and not force:
        raise InputError(f"{file}: exists already; name another file, or use --force")
    if not file.absolute().parent.is_dir():
        raise InputError(f"{file.absolute().parent}: no such folder; make it, or name another file")
    temporary = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    try:
        with connection(home / FILE_NAME, "ro", _TIMEOUT_SECONDS) as source:
            _copy(source, temporary)
        with connection(temporary, "ro", _TIMEOUT_SECONDS) as copy:
            generation = SqliteStore(copy, home).generation()
        put_file(temporary, file)
    except (OSError, sqlite3.Error) as error:
        raise PinpointError(f"{file}: cannot be written ({error}); nothing was changed") from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
    return generation


def restore(home: Path, file: Path, settings: Settings) -> CheckReport:
    """Put a backup in the place of the index, or where there is none yet.

    It is copied, brought to this schema, checked, and then takes the index's place in one step;
    who reads the old one reads it to the end. It counts as a generation above all that either has
    had, so that nobody takes it for one that is known. An index that cannot be read is put aside
    under the name `index.exchange.DAMAGED`.

    Args:
        home: Folder of the index.
        file: A backup.
        settings: How long to wait for a writer.

    Returns:
        What a check of the restored index found, and made anew where it could.

    Raises:
        InputError: there is no such file.
        IndexDamagedError: it is no backup, or damaged; the index is as it was.
        IndexTooOldError, IndexTooNewError: this Pinpoint cannot read it.
        IndexLockedError: another process kept writing.
    """
    if not file.is_file():
        raise InputError(f"{file}: no such file; name one that pinpoint backup made")
    try:
        home.mkdir(parents=True, exist_ok=True)
        with held(home, settings.lock_timeout_seconds) as old, _workshop(home) as made:
            _copy_backup(file, made / FILE_NAME)
            report = _made_whole(made, file, old or Numbers(), settings)
            put_index(made, home, damaged=old is None)
    except (OSError, sqlite3.Error) as error:
        raise PinpointError(f"{home}: cannot be written ({error}); see --home") from error
    return report


@contextmanager
def _workshop(home: Path) -> Iterator[Path]:
    """Yield an empty folder in the home, of which nothing is left in the end."""
    made = home / _RESTORING
    shutil.rmtree(made, ignore_errors=True)  # one that was killed left it
    made.mkdir()
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _copy(source: sqlite3.Connection, target: Path) -> None:
    """Copy a database, of which others may read and write, to a new file."""
    target.unlink(missing_ok=True)
    left, beginnings = 0, 0

    def progress(_status: int, remaining: int, _total: int) -> None:
        nonlocal left, beginnings
        beginnings += remaining >= left
        left = remaining
        if beginnings > _BEGINNINGS:
            raise InterruptedError

    with closing(sqlite3.connect(target)) as copy:
        copy.execute("PRAGMA synchronous = OFF")  # it is no backup until it was written to disk
        try:
            source.backup(copy, pages=_PAGES, progress=progress, sleep=0.01)
        except InterruptedError:
            source.backup(copy)


def _copy_backup(file: Path, target: Path) -> None:
    """Copy a backup after a look at what it is."""
    try:
        with connection(file, "ro", _TIMEOUT_SECONDS) as source:
            with suppress(IndexTooOldError):
                check_schema(source, file)
            version = pragma(source, "user_version")
            if version < OLDEST:
                raise IndexTooOldError(
                    f"{file}: made by an older Pinpoint (schema {version}, this one reads "
                    f"{OLDEST} to {SCHEMA_VERSION}); index your documents anew"
                )
            _copy(source, target)
    except IndexDamagedError as error:
        raise IndexDamagedError(
            f"{file}: no backup of an index, or damaged; name another one; the index is as it was"
        ) from error


def _made_whole(made: Path, file: Path, old: Numbers, settings: Settings) -> CheckReport:
    """Bring the copy forward, number it above the old index, and check it."""
    with SqliteWriter.writing(made) as store:
        store.take_place(*old)
    save_derived(made)
    report = check(made, settings)
    lost = next((p for p in report.problems if not p.repaired and not p.remade), None)
    if lost is not None:
        raise IndexDamagedError(f"{file}: is damaged ({lost.what}); the index is as it was")
    return report
