"""Which version of an index is the current one, decided without transactions.

A sync takes a number, greater than any before, and says so (`begin`). Then it writes rows that
nobody sees, its commit row, and looks whether a greater number has begun (`commit`): if not, every
later sync finds this commit, whatever still happens; if so, only that one knows what came of it.
This is Lamport's Paxos over shared memory. It needs no clock, and holds however long a process
sleeps between two steps, because each row has one writer and is never changed.

Readers see a version once it is settled: after its commit, its sync marks the rows that died, which
must not be done sooner, as another sync could need them, and then writes a last row (`settle`).
"""

import json
import secrets
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import Any

from index.errors import LeaseLostError, PinpointError
from index.milvus.literal import literals
from index.milvus.table import Consistency, Table

BEGIN, COMMIT, SETTLED = "begin", "commit", "settled"

MOST_CLOSED = 1000
"""How many numbers of dead syncs are remembered; those before have had their rows removed often."""

_CHANCE_BITS = 32
"""The low bits of a number are drawn by lot: two syncs may take one at the same time."""


@dataclass(frozen=True)
class Version:
    """One state of an index.

    Attributes:
        number: Of the sync that made it, growing; 0 for an index that nothing was put into.
        generation: How many changes there were until then.
        closed: Numbers below this one of syncs that died: their rows do not count.
        state: Where the rest of the state is kept.
        mark: The number that rows bear which died with this state, from whoever marks them. It is
            that of the sync that made the state, and below `number` if another had to settle it.
    """

    number: int
    generation: int
    closed: tuple[int, ...]
    state: str
    mark: int


@dataclass(frozen=True)
class Attempt:
    """A sync under way: its number, the version it changes, and what is closed if it succeeds."""

    number: int
    base: Version
    closed: tuple[int, ...]


EMPTY = Version(0, 0, (), "", 0)


def current(table: Table, consistency: Consistency = "strong") -> Version:
    """Return the version that readers see; `EMPTY` before there is one."""
    rows = _read(table, (COMMIT, SETTLED), consistency)
    settled = _numbers(rows, SETTLED)
    return max((v for v in _versions(rows) if v.number in settled), key=_number, default=EMPTY)


def visible(version: Version) -> str:
    """Return the expression of the rows that belong to a version, by their `born` and `died`."""
    lives = f"born <= {version.number} and died > {version.number}"
    return f"{lives} and born not in {literals(version.closed)}" if version.closed else lives


def begin(table: Table, base: Version) -> Attempt:
    """Take a number for a change of this version; from here on, no sync before can succeed.

    Args:
        table: The ledger.
        base: What `recovered` returned, and what this change was found out from.

    Raises:
        LeaseLostError: another sync has begun or committed since.
        StoreError: the server could not be asked.
    """
    taken = _numbers(_read(table, (BEGIN, COMMIT)), BEGIN, COMMIT)
    sweep = (max(taken, default=0) >> _CHANCE_BITS) + 1
    number = (sweep << _CHANCE_BITS) + secrets.randbits(_CHANCE_BITS)
    table.upsert([_row(BEGIN, number)])
    rows = _read(table, (BEGIN, COMMIT))
    newest = max(_versions(rows), key=_number, default=EMPTY)
    if max(_numbers(rows, BEGIN, COMMIT), default=0) != number or newest.number != base.number:
        with suppress(PinpointError):  # nothing was written under this number: hinder nobody
            table.delete([f"{BEGIN}:{number}"])
        raise _lost()
    died = {taken for taken in _numbers(rows, BEGIN) if base.number < taken < number}
    return Attempt(number, base, tuple(sorted({*base.closed, *died}))[-MOST_CLOSED:])


def commit(table: Table, attempt: Attempt, state: str) -> Version:
    """Make the attempt the newest version, when all its rows are there. Readers do not see it yet.

    Args:
        table: The ledger.
        attempt: What `begin` returned.
        state: Where the rest of the state is kept, written before.

    Raises:
        LeaseLostError: another sync has begun since; it, or the next one, finds out what holds.
        StoreError: the server could not be asked; likewise.
    """
    number = attempt.number
    version = Version(number, attempt.base.generation + 1, attempt.closed, state, number)
    _decide(table, version)
    return version


def settle(table: Table, version: Version) -> None:
    """Show a committed version to readers, when its dead rows are marked; forget those before.

    Raises:
        StoreError: the server could not be asked; the next sync settles it.
    """
    table.upsert([_row(SETTLED, version.number)])
    rows = _read(table, (BEGIN, COMMIT, SETTLED))
    table.delete(row["pk"] for row in rows if row["number"] < version.number)


def recovered(table: Table, finish: Callable[[Version], None]) -> Version:
    """Return the newest version, which from here on is certain.

    If the sync that committed it died before it was settled, it is committed again, as a version of
    its own with the same state, and settled.

    Args:
        table: The ledger.
        finish: Marks the rows that died with the version it is given; they may be marked already.

    Raises:
        LeaseLostError: another sync has begun.
        StoreError: the server could not be asked.
    """
    rows = _read(table, (COMMIT, SETTLED))
    newest = max(_versions(rows), key=_number, default=EMPTY)
    if newest.number in _numbers(rows, SETTLED) | {0}:
        return newest
    attempt = begin(table, newest)
    again = replace(newest, number=attempt.number, closed=attempt.closed)
    _decide(table, again)
    finish(again)
    settle(table, again)
    return again


def _decide(table: Table, version: Version) -> None:
    body = {name: value for name, value in asdict(version).items() if name != "number"}
    table.upsert([_row(COMMIT, version.number, json.dumps(body))])
    rows = _read(table, (BEGIN, COMMIT))
    if max(_numbers(rows, BEGIN, COMMIT), default=0) != version.number:
        raise _lost()


def _read(
    table: Table, kinds: Sequence[str], consistency: Consistency = "strong"
) -> list[dict[str, Any]]:
    return table.query(f"kind in {literals(kinds)}", ["kind", "number", "body"], consistency)


def _numbers(rows: Iterable[dict[str, Any]], *kinds: str) -> set[int]:
    return {row["number"] for row in rows if row["kind"] in kinds}


def _versions(rows: Iterable[dict[str, Any]]) -> list[Version]:
    return [_version(row) for row in rows if row["kind"] == COMMIT]


def _version(row: dict[str, Any]) -> Version:
    body = json.loads(row["body"])
    return Version(**body | {"number": row["number"], "closed": tuple(body["closed"])})


def _row(kind: str, number: int, body: str = "{}") -> dict[str, Any]:
    pk = f"{kind}:{number}"
    return {"pk": pk, "kind": kind, "number": number, "body": body, "vector": [0.0, 0.0]}


def _number(version: Version) -> int:
    return version.number


def _lost() -> LeaseLostError:
    return LeaseLostError(
        "another process has begun to change this index since; what it left is found out by the "
        "next `pinpoint index`, so run it again"
    )
