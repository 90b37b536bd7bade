"""One writer at a time, by rows that say who wants to write: Lamport's bakery.

Whoever comes writes a row (the doorway, ticket 0), reads the others' tickets, takes the next one,
and waits for all with a lower one and all in the doorway. Who writes counts in new rows, as
long as he lives. Whose count did not change for `seconds` of the observer's own clock is dead; who
could not count for that long by his own clock takes himself for dead.

This keeps syncs from undoing each other's work. That none of them can damage the index when it
sleeps and wakes up at the wrong moment is the ledger's doing, and needs no clock.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from index.errors import IndexLockedError, LeaseLostError
from index.lock import in_words
from index.milvus.held import BEATS, Held, beating, contenders
from index.milvus.table import Table
from index.milvus.watch import Watch

SECONDS = 20.0

_LOOK_SECONDS = 0.5


@contextmanager
def lease(
    table: Table,
    *,
    seconds: float = SECONDS,
    timeout_seconds: float,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    in_background: bool = True,
) -> Iterator[Held]:
    """Wait for the place of the writer and keep it until the block ends.

    Args:
        table: The ledger.
        seconds: After how long without a sign the place is taken from its holder.
        timeout_seconds: How long to wait for a holder who lives; that one does is seen after a
            quarter of `seconds` or, if it does not, after `seconds`, and waited for anyway.
        clock: Seconds that only grow.
        sleep: Waits.
        in_background: Count from a thread; else the caller calls `beat`.

    Raises:
        IndexLockedError: another process kept the place.
        StoreError: the server could not be asked.
    """
    held = _acquired(table, seconds, timeout_seconds, clock, sleep)
    try:
        with beating(held, seconds) if in_background else nullcontext():
            yield held
    finally:
        held.leave()


def _acquired(
    table: Table,
    seconds: float,
    timeout_seconds: float,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
) -> Held:
    end = clock() + timeout_seconds
    watch = Watch(seconds, clock)
    while True:
        held = Held(table, seconds, clock)
        try:
            _take_ticket(held, table)
            while not _first(held, table, watch, late=clock() >= end):
                sleep(min(_LOOK_SECONDS, seconds / BEATS / 2))
                held.beat()
        except LeaseLostError:  # held up meanwhile: the others may not have waited
            held.leave()
        except BaseException:
            held.leave()
            raise
        else:
            return held


def _take_ticket(held: Held, table: Table) -> None:
    held.write()
    held.ticket = 1 + max((row["number"] for row in contenders(table)), default=0)
    held.write()


def _first(held: Held, table: Table, watch: Watch, *, late: bool) -> bool:
    mine = (held.ticket, held.pk)
    living = watch.living(lambda: contenders(table))
    held.stay()
    ahead = [row for row in living if row["pk"] != held.pk and _turn(row) < mine]
    kept = sorted((row for row in ahead if watch.seen_alive(row)), key=_turn)
    if kept and late:
        raise _locked(kept[0])
    if not ahead:
        table.delete(key for row in watch.dead for key in row["keys"])
        held.stay()
    return not ahead


def _turn(row: dict[str, Any]) -> tuple[int, str]:
    return row["number"], row["pk"]


def _locked(row: dict[str, Any]) -> IndexLockedError:
    who = in_words(json.loads(row["body"]))
    return IndexLockedError(f"{who} is writing to this index; try again when it is done")
