"""Whether nobody seems to change an index any more, so that it is worth while to try it oneself."""

import time
from collections.abc import Callable
from contextlib import suppress

from index.errors import StoreError
from index.milvus.held import contenders
from index.milvus.lease import SECONDS
from index.milvus.table import Table
from index.milvus.watch import Watch

_LOOK_SECONDS = 2.0
_SHARE = 0.75  # of the seconds after which one counts as dead; the lease itself waits for these


class Vacancy:
    """Tells, when called, whether the place of the writer may be free.

    It asks at most every two seconds, and reads what may be some seconds old: being wrong costs no
    more than a try.

    Args:
        table: The ledger.
        seconds: After how long without a sign a writer is dead.
        clock: Seconds that only grow.
    """

    def __init__(
        self,
        table: Table,
        *,
        seconds: float = SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._table = table
        self._clock = clock
        self._watch = Watch(_SHARE * seconds, clock)
        self._next = clock()
        self._free = False

    def __call__(self) -> bool:
        """Look, if it is time; what cannot be seen is not free."""
        if self._clock() >= self._next:
            self._free = False
            with suppress(StoreError):
                self._free = not self._watch.living(lambda: contenders(self._table, "bounded"))
            self._next = self._clock() + _LOOK_SECONDS
        return self._free
