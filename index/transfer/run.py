"""Copies an index from one store to the other, in batches that stay copied, and compares both."""

import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from index.errors import IndexDamagedError, InputError
from index.report import Progress
from index.settings import Settings, checked_store, store_address
from index.transfer.compare import (
    CHUNKS_AT_ONCE,
    DOCUMENTS_AT_ONCE,
    Account,
    account,
    differences,
    portions,
)
from index.transfer.record import Listed, Record, Whole
from index.transfer.side import Mark, Side, Target
from index.transfer.sqlite_side import SqliteSource, SqliteTarget

Kind = Literal["sqlite", "milvus"]

_DOCUMENTS_KEPT_AT_ONCE = 10_000
_CHUNKS_KEPT_AT_ONCE = 50_000
"""What is copied again after a kill, at most."""


class MigrationReport(BaseModel):
    """What a migration copied, and whether both indexes hold the same.

    Attributes:
        source: Name of the index that was read.
        target: Name of the index that was written, or compared.
        copied: Documents copied by this call.
        resumed: Documents that an earlier call had copied.
        counts: `documents`, `chunks`, `copies`, `failed` and `partial` of the source.
        digest: SHA-256 over all documents, passages and vectors of the source.
        differences: What differs; nothing was published then.
        seconds: How long it took.
    """

    model_config = ConfigDict(frozen=True)

    source: str
    target: str
    copied: int = 0
    resumed: int = 0
    counts: dict[str, int]
    digest: str
    differences: tuple[str, ...] = ()
    seconds: float = 0.0


def migrate(
    home: Path,
    source: Kind,
    target: Kind,
    settings: Settings,
    *,
    address: str | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> MigrationReport:
    """Copy an index from one store to the other; a call that was killed is gone on with.

    Nothing is embedded or extracted again. Nobody reads the copy before it is whole and was
    compared with the source; the source stays as it is.

    Args:
        home: Folder of the SQLite index, and of the settings.
        source: Which store is read.
        target: Which one is written.
        settings: How long to wait for a writer.
        address: Of the Milvus index; None means that of the setting `store`.
        force: Replace an index that is in the target.
        progress: Called as documents are copied and compared.

    Raises:
        InputError: the stores are the same one, no address is known, or the target holds an index.
        IndexMissingError: there is nothing to copy.
        IndexLockedError: another process is writing to one of the two.
        PinpointError: one of the two was changed meanwhile.
    """
    started = time.monotonic()
    where = _address(home, source, target, address)
    wait = settings.lock_timeout_seconds
    with _source(source, home, where, wait) as old, _target(target, home, where, wait) as new:
        whole = old.whole()
        _prepare(new, source, whole, force=force)
        listed, there = old.listed(), new.copied()
        left = [document for document in listed if document.rowid not in there]
        _copy(old, new, left, len(listed), progress)
        new.complete(whole)
        one, other = _accounts(old, new, progress)
        found = differences(one, other)
        if found:
            new.reject()
        else:
            old.check_unchanged()
            new.publish(whole)
        return _report(old, new, one, found, started).model_copy(
            update={"copied": len(left), "resumed": len(listed) - len(left)}
        )


def compare(
    home: Path,
    source: Kind,
    target: Kind,
    settings: Settings,
    *,
    address: str | None = None,
    progress: Progress | None = None,
) -> MigrationReport:
    """Compare two indexes without changing either; see `migrate`.

    Raises:
        InputError, IndexMissingError, IndexLockedError.
    """
    started = time.monotonic()
    where = _address(home, source, target, address)
    wait = settings.lock_timeout_seconds
    with _source(source, home, where, wait) as one, _source(target, home, where, wait) as other:
        first, second = _accounts(one, other, progress)
        return _report(one, other, first, differences(first, second), started)


def _address(home: Path, source: Kind, target: Kind, address: str | None) -> str:
    if source == target:
        raise InputError(f"{source} to {target}: nothing to do; name sqlite and milvus")
    found = checked_store(address) if address else store_address(home)
    if found is None:
        raise InputError(
            "where on Milvus is not known; name it with --address "
            "milvus+http://HOST:PORT/COLLECTION, or in the setting `store`"
        )
    return found


def _source(
    kind: Kind, home: Path, address: str, timeout_seconds: float
) -> AbstractContextManager[Side]:
    if kind == "sqlite":
        return SqliteSource.open(home, timeout_seconds)
    from index.transfer.milvus_side import MilvusSide

    return MilvusSide.open(home, address, timeout_seconds)


def _target(
    kind: Kind, home: Path, address: str, timeout_seconds: float
) -> AbstractContextManager[Target]:
    if kind == "sqlite":
        return SqliteTarget.make(home, timeout_seconds)
    from index.transfer.milvus_side import MilvusTarget

    return MilvusTarget.make(home, address, timeout_seconds)


def _prepare(target: Target, kind: Kind, whole: Whole, *, force: bool) -> None:
    """Go on from what an earlier call has left, or begin."""
    mark = target.mark()
    if mark is not None and mark.is_of(kind, whole):
        return
    if not force:
        present = target.present()
        foreign = mark is not None and mark.index_id != whole.index_id
        if foreign or (present is not None and not present.empty):
            what = "the unfinished copy of another index" if foreign else "an index"
            raise InputError(
                f"{target.name}: holds {what}; replace it with --force, or see with --verify "
                "whether it is the same"
            )
    number = whole.numbers.generation
    target.begin(Mark(source=kind, index_id=whole.index_id, generation=number), whole)


def _copy(
    source: Side, target: Target, left: Sequence[Listed], total: int, progress: Progress | None
) -> None:
    done = total - len(left)
    for batch in portions(left, _DOCUMENTS_KEPT_AT_ONCE, _CHUNKS_KEPT_AT_ONCE):
        target.keep(_told(source, batch, done, total, progress))
        done += len(batch)


def _told(
    source: Side,
    batch: Sequence[Listed],
    done: int,
    total: int,
    progress: Progress | None,
) -> Iterator[Record]:
    """Yield the records of a batch, read in small portions.

    Raises:
        IndexDamagedError: one does not fit together.
    """
    for some in portions(batch, DOCUMENTS_AT_ONCE, CHUNKS_AT_ONCE):
        for record in source.records([document.rowid for document in some]):
            faults = record.faults()
            if faults:
                raise IndexDamagedError(
                    f"{source.name}: {record.document.path}: {faults[0]}; mend it first with: "
                    "pinpoint check"
                )
            yield record
        done += len(some)
        if progress:
            progress("copying documents", done, total)


def _accounts(one: Side, other: Side, progress: Progress | None) -> tuple[Account, Account]:
    return account(one, "hashing the one", progress), account(other, "hashing the other", progress)


def _report(
    one: Side, other: Side, first: Account, found: Sequence[str], started: float
) -> MigrationReport:
    return MigrationReport(
        source=one.name,
        target=other.name,
        counts=first.counts,
        digest=first.digest,
        differences=tuple(found),
        seconds=round(time.monotonic() - started, 3),
    )
