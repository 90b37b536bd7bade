"""The rows by which the process that changes the index lets others embed for it.

Only it gives orders, and each row is written once by one process: a worker says that it lives, an
order names a worker and where the texts are, the worker's receipt says that all vectors of an order
are kept. Rows of a job are deleted as it goes on; those of one that was killed by the next job.
"""

import json
import secrets
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from index.errors import StoreError
from index.lock import own_note
from index.milvus import parts
from index.milvus.connection import Connection
from index.milvus.held import newest
from index.milvus.literal import literal, literals
from index.milvus.schema import NO_VECTOR
from index.milvus.watch import Watch

WORKER, ORDER, RECEIPT, JOB = "worker", "order", "receipt", "job"

_BEHIND_SECONDS = 10.0
"""What is read here may be some seconds old; being wrong about a worker costs no more than work."""

_REFUSED = -1


@dataclass(frozen=True)
class Order:
    """What a worker is to do: embed the texts under a key of the parts, or go.

    `refused` is empty, or says who works with another model.
    """

    pk: str
    job: str
    number: int
    texts: str
    refused: str


def orders_for(connection: Connection, worker: str) -> list[Order]:
    """Return the orders of a worker, the first one first.

    Raises:
        StoreError: the server could not be asked.
    """
    kind = literal(f"{ORDER}:{worker}")
    rows = connection.ledger.query(f"kind == {kind}", ["number", "body"], "bounded")
    orders = [Order(row["pk"], number=row["number"], **json.loads(row["body"])) for row in rows]
    return sorted(orders, key=lambda order: (order.job, order.number))


def send_receipt(connection: Connection, worker: str, order: Order) -> None:
    """Say that the vectors of an order are kept.

    Raises:
        StoreError: the server could not be asked.
    """
    pk = f"{RECEIPT}:{order.job}:{order.number}:{worker}"
    connection.ledger.upsert([_row(pk, f"{RECEIPT}:{order.job}", order.number, "{}")])


class Job:
    """What one process lets others embed.

    Args:
        connection: To the server.
        fingerprint: Of the model that they must have.
        seconds: After how long without a sign a worker is given no more.
        clock: Seconds that only grow.
    """

    def __init__(
        self, connection: Connection, fingerprint: str, seconds: float, clock: Callable[[], float]
    ) -> None:
        self._id = secrets.token_hex(8)
        self._connection = connection
        self._fingerprint = fingerprint
        self._watch = Watch(seconds + _BEHIND_SECONDS, clock)
        self._begun = False
        self._refused: set[str] = set()
        self._order_keys: dict[int, list[str]] = {}
        self._text_keys: dict[int, list[str]] = {}

    def look(self) -> tuple[list[str], dict[int, list[str]]]:
        """Return who works here, and which orders are done, with the keys of their receipts.

        Raises:
            StoreError: the server could not be asked.
        """
        done: dict[int, list[str]] = {}
        living = self._watch.living(lambda: newest(self._read(done)))
        if living and not self._begun:
            _delete_jobs(self._connection)
            self._begun = True
        self._connection.ledger.delete(key for row in self._watch.dead for key in row["keys"])
        workers = {row["pk"]: json.loads(row["body"])["fingerprint"] for row in living}
        self._refuse({who for who, has in workers.items() if has != self._fingerprint})
        return [who for who, has in workers.items() if has == self._fingerprint], done

    def _read(self, done: dict[int, list[str]]) -> list[dict[str, Any]]:
        receipts = f"{RECEIPT}:{self._id}"
        kinds = literals([WORKER, receipts])
        rows = self._connection.ledger.query(
            f"kind in {kinds}", ["kind", "number", "body"], "bounded"
        )
        for row in rows:
            if row["kind"] == receipts:
                done.setdefault(row["number"], []).append(row["pk"])
        return [row for row in rows if row["kind"] == WORKER]

    def give(self, number: int, worker: str, texts: Sequence[Sequence[str]]) -> None:
        """Let a worker embed these batches of texts.

        Raises:
            StoreError: the server could not be asked.
        """
        key = f"{JOB}:{self._id}:{number}"
        if number not in self._text_keys:
            rows = list(parts.rows_of(0, key, json.dumps(texts, ensure_ascii=False)))
            self._text_keys[number] = [row["pk"] for row in rows]
            self._connection.parts.upsert(rows)
        self._order(number, worker, texts=key)

    @property
    def given(self) -> set[int]:
        """The numbers of the orders of which there are rows."""
        return self._order_keys.keys() - {_REFUSED}

    def _refuse(self, workers: set[str]) -> None:
        who = own_note()
        for worker in sorted(workers - self._refused):
            where = f"process {who['process']} on {who['host']}"
            self._order(_REFUSED, worker, refused=f"{where} works with {self._fingerprint[:12]}")
            self._refused.add(worker)

    def _order(self, number: int, worker: str, *, texts: str = "", refused: str = "") -> None:
        pk = f"{ORDER}:{self._id}:{number}:{worker}"
        self._order_keys.setdefault(number, []).append(pk)
        body = json.dumps({"job": self._id, "texts": texts, "refused": refused})
        self._connection.ledger.upsert([_row(pk, f"{ORDER}:{worker}", number, body)])

    def forget(self, numbers: Iterable[int], receipts: Iterable[str] = ()) -> None:
        """Delete the rows of orders that nobody needs to do any more.

        Raises:
            StoreError: the server could not be asked.
        """
        gone = list(numbers)
        rows = [pk for number in gone for pk in self._order_keys.pop(number, ())]
        texts = [pk for number in gone for pk in self._text_keys.pop(number, ())]
        self._connection.ledger.delete([*rows, *receipts])
        self._connection.parts.delete(texts)

    def close(self) -> None:
        """Delete what is left of the job; where that fails, the next one does."""
        if not self._begun:
            return
        with suppress(StoreError):
            self.forget({*self._order_keys, *self._text_keys})
            receipts = literal(f"{RECEIPT}:{self._id}")
            self._connection.ledger.delete_where(f"kind == {receipts}")


def _delete_jobs(connection: Connection) -> None:
    """Delete all that jobs left which were killed: only one process has jobs at a time."""
    for kind in (ORDER, RECEIPT):
        connection.ledger.delete_where(_begins("kind", kind))
    connection.parts.delete_where(_begins("key", JOB))


def _begins(field: str, first: str) -> str:
    return f"{field} >= {literal(f'{first}:')} and {field} < {literal(f'{first};')}"  # ; follows :


def _row(pk: str, kind: str, number: int, body: str) -> dict[str, Any]:
    return {"pk": pk, "kind": kind, "number": number, "body": body, "vector": NO_VECTOR}
