"""The index in a home as one of the two sides of a migration."""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from pydantic import ValidationError

from index.atomic import replacing
from index.database import FILE_NAME, check, pragma
from index.derived import save_derived
from index.errors import IndexMissingError, PinpointError
from index.exchange import Numbers, held, put_index
from index.sqlite_store import check_exists
from index.transaction import writers_place
from index.transfer.record import Listed, Record, Whole
from index.transfer.side import Mark
from index.transfer.sqlite_copy import ReadableCopy, SqliteCopy

FOLDER = "migrating"
"""Holds, in the home, what was copied so far: only a whole index takes the home's place."""

_MARK_NAME = "migration.json"
_REJECTED = "{}"


class SqliteSource:
    """The index of a home, which nobody changes meanwhile; others read on."""

    def __init__(self, store: ReadableCopy) -> None:
        self.name = str(store.home / FILE_NAME)
        self._store = store
        self._generation = store.generation()

    @classmethod
    @contextmanager
    def open(cls, home: Path, timeout_seconds: float) -> Iterator["SqliteSource"]:
        """Keep writers out until the block ends.

        Raises:
            IndexMissingError, IndexDamagedError, IndexTooOldError, IndexTooNewError.
            IndexLockedError: another process kept writing for longer than the timeout.
        """
        check_exists(home)
        with writers_place(home, timeout_seconds, mode="rw") as db:
            if pragma(db, "schema_version") == 0:  # a first writer died before its commit
                raise IndexMissingError(f"no index in {home}; make one with: pinpoint index PATH")
            check(db, home / FILE_NAME)
            yield cls(ReadableCopy(db, home))

    def whole(self) -> Whole:
        """Return what is kept besides the documents."""
        return self._store.whole()

    def listed(self) -> list[Listed]:
        """Return all documents by row id."""
        return self._store.listed()

    def records(self, rowids: Sequence[int]) -> Iterator[Record]:
        """Yield these documents with all that belongs to them, by row id."""
        return self._store.records(rowids)

    def check_unchanged(self) -> None:
        """Make sure that this is still the home's index; it is locked, but its file may be moved.

        Raises:
            PinpointError: it is another one.
        """
        with ReadableCopy.open(self._store.home) as now:
            mine = (self._generation, self._store.meta("index_id"))
            if (now.generation(), now.meta("index_id")) != mine:
                raise PinpointError(f"{self.name}: was changed meanwhile; run the command again")


class SqliteTarget:
    """A new index that is built in a folder of the home, and put in place when it is whole.

    Args:
        home: Where it comes in the end.
        timeout_seconds: How long to wait for a writer there.
    """

    def __init__(self, home: Path, timeout_seconds: float) -> None:
        self.name = str(home / FILE_NAME)
        self._home = home
        self._timeout_seconds = timeout_seconds
        self._made = home / FOLDER

    @classmethod
    @contextmanager
    def make(cls, home: Path, timeout_seconds: float) -> Iterator["SqliteTarget"]:
        """Yield the target; writers in the home are kept out only when it is put in place."""
        yield cls(home, timeout_seconds)

    def present(self) -> Whole | None:
        """Return the finished index in the home."""
        try:
            with ReadableCopy.open(self._home) as store:
                return store.whole()
        except IndexMissingError:
            return None

    def mark(self) -> Mark | None:
        """Return the mark of a migration that was not finished; None if the home has changed."""
        mark = self._noted()
        with held(self._home, self._timeout_seconds) as found:
            return mark if mark and mark.replaces == found else None

    def _noted(self) -> Mark | None:
        with suppress(FileNotFoundError, ValidationError):
            return Mark.model_validate_json((self._made / _MARK_NAME).read_bytes())
        return None

    def begin(self, mark: Mark, whole: Whole) -> None:  # noqa: ARG002 - all of it comes at the end
        """Throw away what was copied before, and note what is copied from now on."""
        with held(self._home, self._timeout_seconds) as replaces:
            mark = mark.model_copy(update={"replaces": replaces})
        shutil.rmtree(self._made, ignore_errors=True)
        self._made.mkdir(parents=True)
        self._note(mark.model_dump_json())

    def _note(self, text: str) -> None:
        with replacing(self._made / _MARK_NAME) as stream:
            stream.write(text.encode())

    def copied(self) -> set[int]:
        """Return the row ids of documents that an earlier call has copied."""
        return {document.rowid for document in self.listed()}

    def listed(self) -> list[Listed]:
        """Return all documents that were copied, by row id."""
        try:
            with ReadableCopy.open(self._made) as store:
                return store.listed()
        except IndexMissingError:
            return []

    def keep(self, records: Iterable[Record]) -> None:
        """Write documents; they are kept when this returns."""
        with SqliteCopy.writing(self._made, timeout_seconds=self._timeout_seconds) as store:
            for record in records:
                store.put(record)

    def complete(self, whole: Whole) -> None:
        """Write the rest."""
        with SqliteCopy.writing(self._made, timeout_seconds=self._timeout_seconds) as store:
            store.put_whole(whole)

    def whole(self) -> Whole:
        """Return what was written besides the documents."""
        with ReadableCopy.open(self._made) as store:
            return store.whole()

    def records(self, rowids: Sequence[int]) -> Iterator[Record]:
        """Yield documents as they were written, by row id."""
        with ReadableCopy.open(self._made) as store:
            yield from store.records(rowids)

    def check_unchanged(self) -> None:
        """Make sure that nobody has made another index in the home meanwhile.

        Raises:
            PinpointError: somebody has.
        """
        with held(self._home, self._timeout_seconds) as found:
            self._check(found)

    def _check(self, found: Numbers | None) -> None:
        mark = self._noted()
        if mark is None or found != mark.replaces:
            raise PinpointError(
                f"{self.name}: was changed during the migration; run the command again, with "
                "--force if this index may be replaced"
            )

    def reject(self) -> None:
        """Note that what was copied is not worth going on from."""
        self._note(_REJECTED)

    def publish(self, whole: Whole) -> None:
        """Make what is derived from the index, and put both in place."""
        mark = self._noted()
        replaced = (mark and mark.replaces) or Numbers()
        with SqliteCopy.writing(self._made, timeout_seconds=self._timeout_seconds) as store:
            store.become(whole, replaced)
        save_derived(self._made)
        with held(self._home, self._timeout_seconds) as found:
            self._check(found)
            put_index(self._made, self._home, damaged=found is None)
        shutil.rmtree(self._made, ignore_errors=True)
