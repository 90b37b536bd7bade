"""The end of the server: what runs is finished, and nothing new is taken."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn


class Closing:
    """Whether the end has begun."""

    def __init__(self) -> None:
        self.begun = False


class Server(uvicorn.Server):  # type: ignore[misc]
    """A server that says when it was told to end."""

    def __init__(self, config: uvicorn.Config, closing: Closing) -> None:
        super().__init__(config)
        self._closing = closing

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin the end; a second interrupt from the keyboard cuts everything off."""
        self._closing.begun = True
        super().handle_exit(sig, frame)


@contextmanager
def terminated_as_interrupted() -> Iterator[None]:
    """Let a request to terminate end the block as an interrupt from the keyboard does.

    The server takes the signal first; once it has ended in order, the signal is raised again.
    """
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
