"""Several processes, on one machine or many, bring one index on a Milvus server up to date."""

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.embed import Embedder
from index.errors import IndexLockedError, InputError, LeaseLostError
from index.fan_out import fan_out
from index.report import SyncReport
from index.settings import Settings, store_address
from index.sync import sync

if TYPE_CHECKING:
    from index.milvus.connection import Connection


def work(
    home: Path,
    embedder: Embedder,
    settings: Settings,
    *,
    tell: Callable[[int], None] = lambda _: None,
    stop: threading.Event | None = None,
) -> None:
    """Embed for whoever changes the index, until told to stop; needs none of its files.

    Args:
        home: Folder whose settings name the server.
        embedder: The same model as that of the change.
        settings: Say how many processes embed.
        tell: Called with the number of chunks, each time that some are done.
        stop: Ends it when set, after what it has begun.

    Raises:
        InputError: the setting `store` names no server.
        ModelError: the index is changed with another model.
        StoreError: the server cannot be reached.
    """
    ended = stop or threading.Event()
    _help(_server(home), embedder, settings, ended.is_set, tell=tell, sleep=ended.wait)


def joined(
    home: Path,
    paths: Sequence[Path | str] | None,
    embedder: Embedder,
    settings: Settings,
    **how: Any,  # noqa: ANN401
) -> SyncReport:
    """Bring the index up to date; while another process does so, embed for it.

    If that one dies, this one or another that waits goes on in its place, with the vectors that
    were made. In the end each has looked at its own paths.

    Args:
        home: Folder of the index.
        paths: As for `sync`.
        embedder: The same model as that of the others.
        settings: As for `sync`; the wait for another writer has no end.
        how: As for `sync`.

    Raises:
        InputError: the setting `store` names no server, or as for `sync`.
        ModelError: the index is changed with another model.
    """
    connection = _server(home)
    at_once = settings.model_copy(update={"lock_timeout_seconds": 0.0})
    while True:
        try:
            return sync(home, paths, embedder, at_once, **how)
        except (IndexLockedError, LeaseLostError):
            _help(connection, embedder, settings, _vacant(connection))


def _help(
    connection: "Connection",
    embedder: Embedder,
    settings: Settings,
    over: Callable[[], bool],
    *,
    tell: Callable[[int], None] = lambda _: None,
    sleep: Callable[[float], object] = time.sleep,
) -> None:
    from index.milvus.worker import Worker

    with fan_out(embedder, settings) as fanned:
        Worker(connection, fanned, tell=tell, sleep=sleep).run(over)


def _vacant(connection: "Connection") -> Callable[[], bool]:
    from index.milvus.vacancy import Vacancy

    return Vacancy(connection.ledger)


def _server(home: Path) -> "Connection":
    address = store_address(home)
    if address is None or address.startswith("milvus+file:"):
        raise InputError(
            "work is shared through a Milvus server, and the index is in a file of this machine; "
            "name a server in the setting store: milvus+http://HOST:PORT/COLLECTION"
        )
    from index.milvus.connection import connect

    return connect(address)
