"""Which rows still change, seen from here."""

from collections.abc import Callable
from typing import Any


class Watch:
    """Tells the living from the dead by whether their rows change, with no clock but its own.

    Args:
        seconds: For how long a row must stay as it is until its owner counts as dead.
        clock: Seconds that only grow.
    """

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self._seconds = seconds
        self._clock = clock
        self._last: dict[str, tuple[object, float]] = {}
        self._changed: set[str] = set()
        self.dead: list[dict[str, Any]] = []

    def living(self, read: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]]:
        """Look once more; return the rows whose owners may live.

        Args:
            read: Returns all rows; each has `pk`, `number` and `beat`.
        """
        before = self._clock()  # the rows are at least as new as this, and no newer than after
        rows = read()
        after = self._clock()
        self.dead = [row for row in rows if self._end(row, after) <= before]
        return [row for row in rows if row not in self.dead]

    def seen_alive(self, row: dict[str, Any]) -> bool:
        """Whether the row was seen to change, so that waiting longer will not free its place."""
        return row["pk"] in self._changed

    def _end(self, row: dict[str, Any], now: float) -> float:
        """Return when the row's owner counts as dead if nothing changes until then."""
        pk, content = row["pk"], (row["number"], row["beat"])
        last = self._last.get(pk)
        if last is None or last[0] != content:
            if last is not None:
                self._changed.add(pk)
            self._last[pk] = last = (content, now)
        return last[1] + self._seconds
