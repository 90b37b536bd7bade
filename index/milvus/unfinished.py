"""Vectors of a change that is not committed yet, kept on the server: another machine may go on."""

import logging
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

import numpy as np

from index.errors import StoreError
from index.milvus.connection import Connection
from index.milvus.table import Consistency, Row, Table

_log = logging.getLogger(__name__)


def model_key(fingerprint: str) -> str:
    """Return the name under which a model's vectors are kept."""
    return sha256(fingerprint.encode()).hexdigest()


class ServerVectors:
    """Input hash to vector, of one model; see `index.unfinished.UnfinishedVectors`.

    Several processes may write the same ones: a key is made of the input and the model.
    """

    def __init__(self, connection: Connection, fingerprint: str) -> None:
        self._connection = connection
        self._model = model_key(fingerprint)
        self._known: set[str] = set()

    def get(self, keys: Iterable[bytes], consistency: Consistency = "strong") -> dict[bytes, bytes]:
        """Return the vectors that are there for these input hashes."""
        found: dict[bytes, bytes] = {}
        wanted = [key.hex() for key in keys]
        if not wanted:
            return found
        try:
            for table in self._tables():
                rows = table.get(map(self._pk, wanted), ["input", "vector"], consistency)
                found |= by_input(rows)
                self._known |= {row["input"] for row in rows}
        except StoreError as error:
            _log.warning("%s; vectors that were made before are made again", error)
        return found

    def add(self, vectors: Mapping[bytes, bytes]) -> None:
        """Keep these vectors from now on, whatever happens; those that are kept cost nothing."""
        try:
            self.write({k: v for k, v in vectors.items() if k.hex() not in self._known})
        except StoreError as error:
            _log.warning("%s; an interrupted sync would start again", error)

    def write(self, vectors: Mapping[bytes, bytes]) -> None:
        """Keep these vectors.

        Raises:
            StoreError: the server could not be asked.
        """
        if not vectors:
            return
        rows = [
            {
                "pk": self._pk(key.hex()),
                "input": key.hex(),
                "model": self._model,
                "vector": np.frombuffer(vector, dtype="<f4").tolist(),
            }
            for key, vector in vectors.items()
        ]
        self._known |= {key.hex() for key in vectors}
        self._connection.unfinished(len(rows[0]["vector"])).upsert(rows)

    def close(self) -> None:
        """Do nothing; the connection is shared."""

    def delete(self) -> None:
        """Delete the model's vectors, when those that came through here are committed elsewhere.

        All of them, as other processes may have written some that nobody asked for.
        """
        try:
            for table in self._tables() if self._known else ():
                table.delete_where(f'model == "{self._model}"')
        except StoreError as error:
            _log.warning("%s; the next sync deletes what is left", error)

    def _tables(self) -> list[Table]:
        return [self._connection.unfinished(w) for w in self._connection.unfinished_widths()]

    def _pk(self, key: str) -> str:
        return f"{self._model}:{key}"


def by_input(rows: Iterable[Row]) -> dict[bytes, bytes]:
    """Return the vectors of rows by the hashes of their inputs."""
    return {bytes.fromhex(row["input"]): as_bytes(row["vector"]) for row in rows}


def as_bytes(vector: Any) -> bytes:  # noqa: ANN401 - what pymilvus returns for one
    """Return a vector as stores hand it over: little-endian float32."""
    return np.asarray(vector, dtype="<f4").tobytes()
