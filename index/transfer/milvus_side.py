"""An index on Milvus as one of the two sides of a migration.

A migration into Milvus commits one version after the other, so that what is copied stays copied,
and each bears a mark for which readers and syncs turn away. The last version has none.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from index.milvus.copying import MilvusCopy
from index.milvus.store import MilvusStore
from index.transfer.record import Listed, Record, Whole
from index.transfer.side import MIGRATING, Mark, unfinished

_REJECTED = "{}"


class MilvusSide:
    """An index whose lease this process has, so that nobody else changes it.

    Args:
        store: Inside the lease.
    """

    def __init__(self, store: MilvusCopy) -> None:
        self.name = store.connection.address
        self._store = store

    @classmethod
    @contextmanager
    def open(cls, home: Path, address: str, timeout_seconds: float) -> Iterator["MilvusSide"]:
        """Keep writers out until the block ends.

        Raises:
            IndexMissingError: there is no index.
            IndexLockedError: another process kept writing for longer than the timeout.
            StoreError: the server cannot be reached.
        """
        with MilvusStore.open(home, address):  # else a name with a slip would make collections
            pass
        with MilvusCopy.writing(home, address, timeout_seconds=timeout_seconds) as store:
            side = cls(store)
            if store.meta(MIGRATING) is not None:
                raise unfinished(side.name)
            yield side

    def whole(self) -> Whole:
        """Return what is kept besides the documents."""
        return self._store.whole()

    def listed(self) -> list[Listed]:
        """Return all documents by row id, as the server has them now."""
        return self._store.listed()

    def records(self, rowids: Sequence[int]) -> Iterator[Record]:
        """Yield these documents with all that belongs to them, by row id."""
        return self._store.records(rowids)

    def check_unchanged(self) -> None:
        """Make sure that the lease is still this process's, and the version the current one.

        Raises:
            LeaseLostError: the lease was lost.
            PinpointError: another process has changed the index.
        """
        self._store.check_unchanged()


class MilvusTarget(MilvusSide):
    """An index that is copied into, version by version, under one lease."""

    @classmethod
    @contextmanager
    def make(cls, home: Path, address: str, timeout_seconds: float) -> Iterator["MilvusTarget"]:
        """Keep writers out until the block ends; there need be no index yet.

        Raises:
            IndexLockedError: another process kept writing for longer than the timeout.
            StoreError: the server cannot be reached.
        """
        with MilvusCopy.writing(home, address, timeout_seconds=timeout_seconds) as store:
            yield cls(store)

    def present(self) -> Whole | None:
        """Return the finished index that is there."""
        if not self._store.version.number or self._store.meta(MIGRATING) is not None:
            return None
        return self.whole()

    def mark(self) -> Mark | None:
        """Return the mark of a migration that was not finished."""
        text = self._store.meta(MIGRATING)
        return None if text in {None, _REJECTED} else Mark.model_validate_json(text or "")

    def begin(self, mark: Mark, whole: Whole) -> None:
        """Delete the documents that are there, and note what is copied from now on."""
        mark = mark.model_copy(update={"replaces": self.whole().numbers})
        self._store.clear(**whole.meta, **{MIGRATING: mark.model_dump_json()})
        self._store.commit()

    def copied(self) -> set[int]:
        """Return the row ids of documents that an earlier call has copied."""
        return self._store.rowids()

    def keep(self, records: Iterable[Record]) -> None:
        """Write documents; they are kept when this returns."""
        self._store.put(records)
        self._store.commit()

    def complete(self, whole: Whole) -> None:
        """Write the rest."""
        self._store.put_whole(whole)
        self._store.commit()

    def reject(self) -> None:
        """Note that what was copied is not worth going on from."""
        self._store.set_meta(MIGRATING, _REJECTED)
        self._store.commit()

    def publish(self, whole: Whole) -> None:
        """Commit the version that bears no mark.

        The index is the copied one, unless another was here, with whose numbers it must not be
        confused.
        """
        self.check_unchanged()
        replaced = self.whole().numbers.generation
        if replaced:
            self._store.become(uuid4().hex, max(whole.numbers.generation, replaced) + 1)
        else:
            self._store.become(whole.index_id, whole.numbers.generation)
        self._store.commit()
