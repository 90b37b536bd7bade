"""The command that embeds for those who change an index on a server."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import typer

from qa.api import Pinpoint
from ui.options import Home


def add(app: typer.Typer) -> None:
    """Add the command to the application."""

    @app.command()
    def worker(home: Home = None) -> None:
        """Embed for every process that changes the index, until interrupted.

        The setting store has to name a Milvus server. The files are not needed here. An interrupt
        ends it after the chunks in hand; a second one at once.
        """
        done = 0

        def tell(count: int) -> None:
            nonlocal done
            done += count
            typer.echo(f"{done} chunks embedded", err=True)

        with _told_to_stop() as stop:
            typer.echo("waiting for chunks to embed", err=True)
            Pinpoint.open(home).work(tell=tell, stop=stop)
        typer.echo(f"stopped after {done} chunks")


@contextmanager
def _told_to_stop() -> Iterator[threading.Event]:
    """Set the event when the process is interrupted or terminated; the second time, let it end."""
    stop = threading.Event()

    def first(_signal: int, _frame: FrameType | None) -> None:
        stop.set()
        put_back()

    before = {each: signal.signal(each, first) for each in (signal.SIGINT, signal.SIGTERM)}

    def put_back() -> None:
        for each, handler in before.items():
            signal.signal(each, handler)

    try:
        yield stop
    finally:
        put_back()
