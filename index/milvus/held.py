"""The rows by which one process says that it wants to write, or writes, and that it lives.

Each sign of life is a row of its own, and the newest counts: a strong read may for a moment show an
older state of a row that is replaced, but not miss one that was written once.
"""

import json
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from index.errors import LeaseLostError, PinpointError
from index.lock import own_note
from index.milvus.table import Consistency, Table

KIND = "lease"

BEATS = 4
"""How often a living one counts within the seconds after which it would be taken for dead."""

_OWN_SHARE = 0.9
"""Of the seconds: when one takes itself for dead. Clocks need not run equally fast."""


class Held:
    """The rows of this process in the ledger; `check` says whether the lease is still its own."""

    def __init__(
        self,
        table: Table,
        seconds: float,
        clock: Callable[[], float],
        *,
        kind: str = KIND,
        note: Mapping[str, str] | None = None,
    ) -> None:
        self.pk = f"{kind}:{secrets.token_hex(8)}"
        self._kind = kind
        self.ticket = 0
        self._table = table
        self._beat_seconds = seconds / BEATS
        self._own_seconds = seconds * _OWN_SHARE
        self._clock = clock
        self._beats = 0
        self._keys: list[str] = []  # of all rows that there may be
        self._sent = clock()
        self._lost = False
        self._note = json.dumps(own_note() | dict(note or {}))
        self._writing = threading.Lock()

    def write(self) -> None:
        """Count once more; only what was sent in time counts.

        Raises:
            LeaseLostError: it is too late.
            StoreError: the server could not be asked.
        """
        with self._writing:
            sent = self._clock()
            if sent - self._sent >= self._own_seconds:
                self._lost = True
                raise _lost()
            self._beats += 1
            self._keys.append(f"{self.pk}:{self._beats}")
            row = {"pk": self._keys[-1], "kind": self._kind, "body": self._note}
            self._table.upsert([row | {"number": self.ticket, "vector": [0.0, 0.0]}])
            self._sent = sent
            self._table.delete(self._keys[:-1])
            del self._keys[:-1]

    @property
    def over(self) -> bool:
        """Whether others may take this one for dead; once they may, it is."""
        self._lost = self._lost or self._clock() - self._sent >= self._own_seconds
        return self._lost

    def stay(self) -> None:
        """Make sure by the clock alone that nobody may have taken over.

        Raises:
            LeaseLostError: somebody may have.
        """
        if self.over:
            raise _lost()

    def check(self) -> None:
        """Make sure that nobody took over.

        Raises:
            LeaseLostError: somebody did, or may have.
            StoreError: the server could not be asked.
        """
        self.stay()
        with self._writing:
            if not self._table.get(self._keys, ["number"]):
                self._lost = True
        self.stay()

    def beat(self) -> None:
        """Count if it is time.

        Raises:
            LeaseLostError: the lease is lost.
            StoreError: the server could not be asked.
        """
        if self._clock() - self._sent >= self._beat_seconds:
            self.check()
            self.write()

    def leave(self) -> None:
        """Let the next one in; where that fails, it waits until this one counts as dead."""
        with suppress(PinpointError):
            self._table.delete(self._keys)


@contextmanager
def beating(held: Held, seconds: float) -> Iterator[None]:
    """Count from a thread until the block ends, or until it is too late."""
    stop = threading.Event()

    def beat() -> None:
        while not held.over and not stop.wait(seconds / BEATS / 2):
            with suppress(PinpointError):  # tried again; after the seconds it is over
                held.beat()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def contenders(table: Table, consistency: Consistency = "strong") -> list[dict[str, Any]]:
    """Return the newest row of each process that wants to write; see `newest`.

    Raises:
        StoreError: the server could not be asked.
    """
    return newest(table.query(f'kind == "{KIND}"', ["number", "body"], consistency))


def newest(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the newest row of each process.

    Its `pk` is the process's, without the count, which is in `beat`; `keys` are those of all rows.
    """
    found: dict[str, dict[str, Any]] = {}
    keys: dict[str, list[str]] = {}
    for row in rows:
        pk, _, beat = row["pk"].rpartition(":")
        keys.setdefault(pk, []).append(row["pk"])
        if int(beat) > found.get(pk, {"beat": 0})["beat"]:
            found[pk] = row | {"pk": pk, "beat": int(beat)}
    return [row | {"keys": keys[pk]} for pk, row in found.items()]


def _lost() -> LeaseLostError:
    return LeaseLostError(
        "this process was held up for so long that another may have begun to write to the index; "
        "run `pinpoint index` again"
    )
