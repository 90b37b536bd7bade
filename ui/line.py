"""A line of those who wait: one at a time, in the order in which they came."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from ui.telling import in_thread

Made = TypeVar("Made")


class Line:
    """Lets one in at a time; for one event loop."""

    def __init__(self) -> None:
        self._places: list[asyncio.Event] = []

    def __len__(self) -> int:
        """Return how many are in the line, the one whose turn it is included."""
        return len(self._places)

    @contextmanager
    def place(self) -> Iterator[AsyncIterator[int]]:
        """Stand in the line during the block.

        Yields:
            How many are ahead, told again at each change; it ends when it is one's turn.
        """
        moved = asyncio.Event()
        self._places.append(moved)
        try:
            yield self._ahead(moved)
        finally:
            self._places.remove(moved)
            for place in self._places:
                place.set()

    async def run(self, work: Callable[[], Made]) -> Made:
        """Do something in a thread once all who came before are done."""
        with self.place() as ahead:
            async for _ in ahead:
                pass
            return await in_thread(work)

    async def _ahead(self, moved: asyncio.Event) -> AsyncIterator[int]:
        while ahead := self._places.index(moved):
            yield ahead
            await moved.wait()
            moved.clear()
