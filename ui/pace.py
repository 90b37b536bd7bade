"""How fast something goes on, and how long it may still take."""

import time
from collections import deque
from collections.abc import Callable

_WINDOW_SECONDS = 15.0
_LEAST_SECONDS = 1.0  # of a shorter time nothing can be told


class Pace:
    """Measures over the last seconds, as long passages take longer than short ones.

    Args:
        clock: Seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._told: deque[tuple[float, int]] = deque()

    def begin(self) -> None:
        """Forget what was told."""
        self._told.clear()

    def tell(self, done: int) -> None:
        """Say how many are done by now."""
        now = self._clock()
        self._told.append((now, done))
        while now - self._told[0][0] > _WINDOW_SECONDS and len(self._told) > 2:  # noqa: PLR2004
            self._told.popleft()

    @property
    def rate(self) -> float | None:
        """How many a second, None while it cannot be told."""
        if not self._told:
            return None
        (start, before), (end, now) = self._told[0], self._told[-1]
        if end - start < _LEAST_SECONDS or now <= before:
            return None
        return (now - before) / (end - start)

    def seconds_left(self, todo: int) -> float | None:
        """How long as many more take, None while it cannot be told."""
        rate = self.rate
        return None if rate is None else todo / rate
