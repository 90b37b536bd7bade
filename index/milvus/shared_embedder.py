"""Documents embedded here, and by whoever runs `pinpoint worker` for the same index."""

import logging
import time
from collections.abc import Callable, Set
from itertools import chain

import numpy as np

from index.embed import Embedder
from index.errors import StoreError
from index.fan_out import Batches, Done, Spread, in_batches
from index.milvus.connection import Connection
from index.milvus.lease import SECONDS
from index.milvus.orders import Job
from index.milvus.shares import Shares
from index.milvus.unfinished import ServerVectors
from index.store import input_sha256

SHARE_TEXTS = 256
"""Given out at once, in whole batches: some seconds of work, against milliseconds of asking."""

LOOK_SECONDS = 2.0
"""How often is looked for workers and what they have done."""

_log = logging.getLogger(__name__)


class SharedEmbedder(Spread):
    """An embedder that workers on other machines help.

    Leave it as a context, so that no orders are left.
    All is embedded here if there is no worker or it dies: nothing ever waits for one. What a worker
    has done is read from the unfinished vectors, where it would survive this process.

    Args:
        inner: The embedding model, loaded here.
        connection: To the server.
        unfinished: Where workers keep their vectors.
        still: Raises if this process is no longer the one that changes the index.
        seconds: After how long without a sign a worker is given no more.
        clock: Seconds that only grow.
    """

    def __init__(
        self,
        inner: Embedder,
        connection: Connection,
        unfinished: ServerVectors,
        *,
        still: Callable[[], None] = lambda: None,
        seconds: float = SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(inner)
        self._connection = connection
        self._unfinished = unfinished
        self._still = still
        self._seconds = seconds
        self._clock = clock
        self._jobs: list[Job] = []

    def __enter__(self) -> "SharedEmbedder":
        return self

    def __exit__(self, *_: object) -> None:
        for job in self._jobs:
            job.close()

    def encode_batches(self, batches: Batches) -> Done:
        """Embed batches, and give the number and the vectors of each as soon as it is done.

        What one share holds is embedded here, without a question to the server.
        """
        size = max(1, SHARE_TEXTS // len(batches[0])) if batches else 1
        if len(batches) <= size:
            return in_batches(self._inner, batches)
        return self._shared(batches, Shares(len(batches), size))

    def _shared(self, batches: Batches, shares: Shares) -> Done:
        job = Job(self._connection, self.fingerprint, self._seconds, self._clock)
        self._jobs.append(job)
        yield from self._elsewhere(batches, shares, job)
        looked = self._clock()
        while (number := shares.here()) is not None:
            for done in self._here(batches, shares, number):
                yield done
                if self._clock() - looked >= LOOK_SECONDS and shares.left:
                    self._still()
                    yield from self._elsewhere(batches, shares, job)
                    looked = self._clock()

    def _here(self, batches: Batches, shares: Shares, number: int) -> Done:
        """Embed a share, as long as no worker has done it."""
        at_once = len(shares.left[number]) if isinstance(self._inner, Spread) else 1
        while left := shares.left.get(number, [])[:at_once]:
            for place, vectors in in_batches(self._inner, [batches[batch] for batch in left]):
                if shares.done(left[place], number):
                    yield left[place], vectors

    def _elsewhere(self, batches: Batches, shares: Shares, job: Job) -> Done:
        """Take what workers have done, and give them more."""
        try:
            workers, receipts = job.look()
            yield from self._taken(batches, shares, receipts.keys() & shares.left.keys())
            for number, worker in shares.give(workers):
                job.give(number, worker, [batches[batch] for batch in shares.left[number]])
            job.forget(job.given - shares.left.keys(), chain(*receipts.values()))
        except StoreError as error:
            _log.warning("%s; all is embedded here meanwhile", error)

    def _taken(self, batches: Batches, shares: Shares, numbers: Set[int]) -> Done:
        """Read the vectors of shares that workers have done; what is missing is done again."""
        keys = {
            batch: [input_sha256(text) for text in batches[batch]]
            for number in sorted(numbers)
            for batch in shares.left[number]
        }
        wanted = set(chain(*keys.values()))
        found = self._unfinished.get(wanted, "bounded")  # the receipts came the same way
        found |= self._unfinished.get(wanted - found.keys())
        for number in sorted(numbers):
            for batch in list(shares.left[number]):
                if all(key in found for key in keys[batch]) and shares.done(batch, number):
                    rows = [np.frombuffer(found[key], dtype="<f4") for key in keys[batch]]
                    yield batch, np.stack(rows)
            shares.again(number)
