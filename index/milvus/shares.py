"""Who embeds which batches of a job; nothing is sent here."""

from collections import deque
from collections.abc import Iterable

_AHEAD = 2  # orders that a worker has, so that it never waits for the next
_MOST_AHEAD = 32


class Shares:
    """The batches that are still to be embedded, in shares of several that are given out whole.

    A share that was given out and did not come back is given to another one, or done here. So one
    may be done twice; its vectors are the same.

    Args:
        batches: How many there are.
        size: Batches a share.

    Attributes:
        left: Share to its batches that are not embedded yet.
    """

    def __init__(self, batches: int, size: int) -> None:
        firsts = range(0, batches, size)
        self.left = {
            number: list(range(first, min(first + size, batches)))
            for number, first in enumerate(firsts)
        }
        self._waiting = deque(self.left)
        self._given: dict[int, str] = {}
        self._ahead: dict[str, int] = {}

    def here(self) -> int | None:
        """Return the share to do here next: one that nobody has, else the one given out last."""
        while self._waiting:
            number = self._waiting.popleft()
            if number in self.left:
                self._given[number] = ""
                return number
        return next((n for n in reversed(self._given) if n in self.left), None)

    def give(self, workers: Iterable[str]) -> list[tuple[int, str]]:
        """Give shares that nobody has to these workers, and return which to whom.

        Those of workers who are not among them wait for somebody again. Who had done all by now
        gets twice as many.
        """
        here = sorted(workers)
        self._take_back({number for number, who in self._given.items() if who not in {"", *here}})
        busy = {who: sum(who == other for other in self._given.values()) for who in here}
        for who in here:
            if not busy[who]:
                self._ahead[who] = min(2 * self._ahead.get(who, _AHEAD // 2), _MOST_AHEAD)
        given = []
        while self._waiting and (free := [w for w in here if busy[w] < self._ahead[w]]):
            who = min(free, key=lambda worker: busy[worker])
            number = self._waiting.popleft()
            if number in self.left:
                self._given[number] = who
                busy[who] += 1
                given.append((number, who))
        return given

    def done(self, batch: int, number: int) -> bool:
        """Note that a batch of a share is embedded; return whether it was not before."""
        if batch not in self.left.get(number, ()):
            return False
        self.left[number].remove(batch)
        if not self.left[number]:
            del self.left[number]
            self._given.pop(number, None)
        return True

    def again(self, number: int) -> None:
        """Let a share wait that came back without all of its vectors."""
        if number in self.left:
            self._take_back({number})

    def _take_back(self, numbers: set[int]) -> None:
        for number in sorted(numbers & self._given.keys()):
            del self._given[number]
            if number in self.left:
                self._waiting.append(number)
