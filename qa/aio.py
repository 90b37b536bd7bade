"""`AsyncPinpoint`: what `Pinpoint` does, awaited, in threads of its own."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import partial, wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from qa.api import Pinpoint

Given = ParamSpec("Given")
Made = TypeVar("Made")
Method = Callable[Concatenate[Pinpoint, Given], Made]
Awaited = Callable[Concatenate["AsyncPinpoint", Given], Coroutine[Any, Any, Made]]


def _reading(method: Method[Given, Made]) -> Awaited[Given, Made]:
    return _awaited(method, lambda self: self._readers)


def _changing(method: Method[Given, Made]) -> Awaited[Given, Made]:
    return _awaited(method, lambda self: self._writer)


def _awaited(
    method: Method[Given, Made], pool: "Callable[[AsyncPinpoint], ThreadPoolExecutor]"
) -> Awaited[Given, Made]:
    @wraps(method)
    async def call(self: "AsyncPinpoint", /, *args: Given.args, **kwargs: Given.kwargs) -> Made:
        work = partial(method, self.pinpoint, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(pool(self), work)

    return call


class AsyncPinpoint:
    """A `Pinpoint` for asynchronous programs, with the same arguments, results and errors.

    Questions run in a few threads, changes of the index one after the other in another, so that
    no question waits for a sync. What runs goes on to its end when the task that awaits it is
    cancelled. Use it as a context, or call `close` in the end.

    Args:
        pinpoint: What is asked.
        workers: Questions at once; more than there are cores makes no answer faster.
    """

    def __init__(self, pinpoint: Pinpoint, *, workers: int = 2) -> None:
        self.pinpoint = pinpoint
        self._readers = ThreadPoolExecutor(workers, "pinpoint")
        self._writer = ThreadPoolExecutor(1, "pinpoint-sync")

    @classmethod
    def open(
        cls,
        home: Path | str | None = None,
        *,
        workers: int = 2,
        **arguments: Any,  # noqa: ANN401
    ) -> Self:
        """Open a home as `Pinpoint.open` does."""
        return cls(Pinpoint.open(home, **arguments), workers=workers)

    ask = _reading(Pinpoint.ask)
    search = _reading(Pinpoint.search)
    claims = _reading(Pinpoint.claims)
    claim = _reading(Pinpoint.claim)
    calibrate = _reading(Pinpoint.calibrate)
    calibration = _reading(Pinpoint.calibration)
    remove_calibration = _reading(Pinpoint.remove_calibration)
    receipt = _reading(Pinpoint.receipt)
    phrase = _reading(Pinpoint.phrase)
    check_phrasing = _reading(Pinpoint.check_phrasing)
    documents = _reading(Pinpoint.documents)
    document = _reading(Pinpoint.document)
    text = _reading(Pinpoint.text)
    place = _reading(Pinpoint.place)
    folders = _reading(Pinpoint.folders)
    kinds = _reading(Pinpoint.kinds)
    examples = _reading(Pinpoint.examples)
    exists = _reading(Pinpoint.exists)
    status = _reading(Pinpoint.status)
    sync = _changing(Pinpoint.sync)
    plan = _changing(Pinpoint.plan)
    remove = _changing(Pinpoint.remove)
    check = _changing(Pinpoint.check)
    backup = _changing(Pinpoint.backup)
    restore = _changing(Pinpoint.restore)
    migrate = _changing(Pinpoint.migrate)

    def close(self) -> None:
        """Wait for what runs, and end the threads."""
        self._readers.shutdown()
        self._writer.shutdown()

    async def __aenter__(self) -> Self:
        """Return itself."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close it, without keeping other tasks from running."""
        await asyncio.to_thread(self.close)
