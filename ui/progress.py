"""Progress bars on stderr."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from index.report import Progress

_QUIET_SECONDS = 0.5


@contextmanager
def progress_bars() -> Iterator[Progress]:
    """Show how much is done, the rate and the time left; nothing where nothing takes long."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with ExitStack() as stack:
        bars = Bars(*columns, console=Console(stderr=True))

        started = time.monotonic()

        def progress(stage: str, done: int, total: int) -> None:
            if not bars.tasks:
                if done == total or time.monotonic() - started < _QUIET_SECONDS:
                    return
                stack.enter_context(bars)
            if not any(task.description == stage for task in bars.tasks):
                bars.add_task(stage, total=total, rate="")
            task = next(task for task in bars.tasks if task.description == stage)
            rate = f"{task.speed:.0f}/s" if task.speed else ""
            bars.update(task.id, completed=done, rate=rate)

        yield progress
