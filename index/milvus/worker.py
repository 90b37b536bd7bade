"""A process that embeds for whoever changes the index, and needs none of its files."""

import json
import logging
import time
from collections.abc import Callable
from contextlib import nullcontext

from index.embed import Embedder
from index.errors import IndexDamagedError, LeaseLostError, ModelError, StoreError
from index.fan_out import in_batches
from index.milvus import parts
from index.milvus.connection import Connection
from index.milvus.held import Held, beating
from index.milvus.lease import SECONDS
from index.milvus.orders import WORKER, Order, orders_for, send_receipt
from index.milvus.unfinished import ServerVectors
from index.store import input_sha256

SHORTEST_WAIT_SECONDS = 0.25
LONGEST_WAIT_SECONDS = 2.0
"""Between two questions for orders: each is a bounded query of one key, some milliseconds."""

_log = logging.getLogger(__name__)


class Worker:
    """Embeds what it is told to, and keeps the vectors where an interrupted change leaves its own.

    It may be killed at any time: what it has not done is given to another one, and vectors that two
    have made are one row.

    Args:
        connection: To the server.
        embedder: The model; another one than that of the change is refused.
        tell: Called with the number of chunks after each order.
        seconds: After how long without a sign it counts as dead.
        clock: Seconds that only grow.
        sleep: Waits.
        in_background: Give signs of life from a thread; else between two questions for orders.

    Raises:
        StoreError: the server cannot be reached.
    """

    def __init__(
        self,
        connection: Connection,
        embedder: Embedder,
        *,
        tell: Callable[[int], None] = lambda _: None,
        seconds: float = SECONDS,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
        in_background: bool = True,
    ) -> None:
        self._connection = connection
        self._ledger = connection.ledger
        self._embedder = embedder
        self._tell = tell
        self._seconds = seconds
        self._clock = clock
        self._sleep = sleep
        self._in_background = in_background
        self._done: set[str] = set()

    def run(self, over: Callable[[], bool]) -> None:
        """Work until it is over; an order that was begun is finished.

        A server that does not answer is asked again.

        Raises:
            ModelError: the change is made with another model, or this one fails.
        """
        while not over():
            note = {"fingerprint": self._embedder.fingerprint}
            held = Held(self._ledger, self._seconds, self._clock, kind=WORKER, note=note)
            try:
                held.write()
                with beating(held, self._seconds) if self._in_background else nullcontext():
                    self._serve(held, over)
            except LeaseLostError:  # held up for so long that it counts as dead: it comes anew
                pass
            except StoreError as error:
                _log.warning("%s; this is tried again and again", error)
                self._sleep(LONGEST_WAIT_SECONDS)
            finally:
                held.leave()

    def _serve(self, held: Held, over: Callable[[], bool]) -> None:
        wait = SHORTEST_WAIT_SECONDS
        while not over() and not held.over:
            orders = orders_for(self._connection, held.pk)
            order = next((each for each in orders if each.pk not in self._done), None)
            if order is None:
                self._sleep(wait)
                wait = min(2 * wait, LONGEST_WAIT_SECONDS)
            else:
                self._follow(held.pk, order)
                wait = SHORTEST_WAIT_SECONDS
            if not self._in_background:
                held.beat()

    def _follow(self, worker: str, order: Order) -> None:
        if order.refused:
            raise ModelError(
                f"{order.refused}, this worker with {self._embedder.fingerprint[:12]}; install the "
                "same model on every machine, or name a model_revision"
            )
        try:
            batches = json.loads(parts.read(self._connection.parts, order.texts))
        except IndexDamagedError:  # the job has ended, or somebody else was faster
            self._done.add(order.pk)
            return
        vectors: dict[bytes, bytes] = {}
        for number, rows in in_batches(self._embedder, batches):
            keys = map(input_sha256, batches[number])
            vectors |= dict(zip(keys, (row.tobytes() for row in rows), strict=True))
        ServerVectors(self._connection, self._embedder.fingerprint).write(vectors)
        send_receipt(self._connection, worker, order)
        self._done.add(order.pk)
        self._tell(len(vectors))
