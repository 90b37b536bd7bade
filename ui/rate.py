"""How often a client may do something: a bucket of tokens for each."""

import time
from collections import OrderedDict
from collections.abc import Callable

_MOST = 10_000  # clients; the one that was longest away is forgotten
_MINUTE_SECONDS = 60.0


class Rate:
    """Lets each client do something so many times at once, and then as fast as so many a minute.

    Args:
        a_minute: How often in the long run.
        at_once: How often after a pause; None for as often as in a minute.
        clock: Seconds that never go back.
    """

    def __init__(
        self,
        a_minute: float,
        at_once: int | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._a_second = a_minute / _MINUTE_SECONDS
        self._most = float(a_minute if at_once is None else at_once)
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_seconds(self, client: str) -> float:
        """Take one, and return 0; where none is left, how long it takes until there is one."""
        left = self._left(client)
        if left < 1:
            return (1 - left) / self._a_second
        self._keep(client, left - 1)
        return 0.0

    def give_back(self, client: str) -> None:
        """Put back one that was taken."""
        self._keep(client, min(self._most, self._left(client) + 1))

    def _left(self, client: str) -> float:
        left, then = self._buckets.get(client, (self._most, self._clock()))
        return min(self._most, left + (self._clock() - then) * self._a_second)

    def _keep(self, client: str, left: float) -> None:
        self._buckets[client] = (left, self._clock())
        self._buckets.move_to_end(client)
        while len(self._buckets) > _MOST:
            self._buckets.popitem(last=False)
