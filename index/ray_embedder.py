"""Documents embedded by actors of a Ray cluster: `pip install 'pinpoint-qa[ray]'`.

Every machine of the cluster has Pinpoint and the model installed; what travels is the model's
name, the texts and the vectors. Ray trusts whoever reaches it, so its machines must, too.
"""

import json
import logging
import os
import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from index.embed import Embedder
from index.embed_source import EmbedSource
from index.embed_worker import cause, encode
from index.errors import ModelError
from index.fan_out import Batches, Done, FanOut
from index.tidy import one_line

MOST_DEATHS = 3
"""Times that an actor's process may die, and that a block of batches is done again."""

_MOST_BLOCKS = 1000  # Ray keeps books on each


class RayEmbedder(FanOut):
    """An embedder whose documents are embedded by Ray actors, each with a model of its own.

    Ray is connected to when it is first needed, and left by `close` unless this process had
    connected to it before.

    Args:
        inner: The embedding model, loaded here.
        source: Tells how to load it elsewhere; called once it is needed.
        address: `local` starts a Ray on this machine for the while, which only this machine can
            reach; `auto` or `HOST:PORT` is a cluster that runs, which this machine belongs to.
        processes: Actors, each with one core.
        batch_size: Texts that an actor embeds at once.
    """

    def __init__(
        self,
        inner: Embedder,
        source: Callable[[], EmbedSource],
        *,
        address: str,
        processes: int,
        batch_size: int,
    ) -> None:
        super().__init__(inner, source, processes=processes, batch_size=batch_size)
        self._address = address
        self._ray: Any = None
        self._connected = False

    def close(self) -> None:
        """Leave Ray, and end it where it was started here."""
        if self._connected:
            self._ray.shutdown()
            self._connected = False

    def _spread(self, batches: Batches) -> Done:
        source = self._source()
        self._connect()
        ray = self._ray
        rows = [
            {"number": number, "texts": json.dumps(list(batch))}
            for number, batch in enumerate(batches)
        ]
        try:
            data = ray.data.from_items(rows, override_num_blocks=min(len(rows), _MOST_BLOCKS))
            with warnings.catch_warnings():  # so far there is no other way to say _remote_args
                warnings.simplefilter("ignore", DeprecationWarning)
                done = data.map(
                    _Actor,
                    fn_constructor_args=[source.model_dump_json()],
                    compute=ray.data.ActorPoolStrategy(size=self._processes),
                    ray_remote_args_fn=_remote_args,
                )
            for row in done.iter_rows():
                if row["error"]:
                    raise ModelError(row["error"])
                number = int(row["number"])  # rows come as they are done
                vectors = np.frombuffer(row["vectors"], dtype="<f4")
                yield number, vectors.reshape(len(batches[number]), -1)
        except ray.exceptions.RayError as error:
            raise ModelError(
                f"Ray could not embed ({one_line(str(error))}); if memory ran out, lower "
                "embed_processes or embed_batch"
            ) from error

    def _connect(self) -> None:
        """Import Ray and connect to it, unless this process has done so.

        Raises:
            ModelError: Ray is not installed, or none runs there.
        """
        local = self._address == "local"
        _keep_quiet(local=local)
        try:
            import ray
            import ray.data
        except ModuleNotFoundError as error:
            raise ModelError(
                f"embed_ray is set, but {error.name} is not installed; run: "
                "pip install 'pinpoint-qa[ray]'"
            ) from error
        self._ray = ray
        logging.getLogger("ray.data").setLevel(logging.CRITICAL)  # what went wrong is raised
        if ray.is_initialized():
            return
        there = {
            "num_cpus": self._processes,
            "include_dashboard": False,
            "runtime_env": {"env_vars": {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}},
        }
        try:
            ray.init(
                self._address,
                log_to_driver=False,
                logging_level=logging.ERROR,
                **(there if local else {}),
            )
        except Exception as error:  # the library raises many types
            raise ModelError(
                f"no Ray cluster answers at {self._address} ({one_line(str(error))}); start one "
                "and let this machine join it with: ray start, or set embed_ray to local"
            ) from error
        self._connected = True
        # Else it prints on standard output, where results belong, whenever a process dies.
        ray._private.worker._worker_logs_enabled = False


class _Actor:
    """Embeds batches in a process of the cluster."""

    def __init__(self, source: str) -> None:
        self._error = ""
        try:
            self._embedder = EmbedSource.model_validate_json(source).load()
        except Exception as error:  # Ray would start it again and again
            self._error = cause(error)

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        vectors, error = b"", self._error
        if not error:
            try:
                _, vectors = encode(self._embedder, json.loads(row["texts"]))
            except Exception as raised:  # as in a process of this machine
                error = cause(raised)
        return {"number": row["number"], "vectors": vectors, "error": error}


def _remote_args() -> dict[str, int]:
    return {"max_restarts": MOST_DEATHS, "max_task_retries": MOST_DEATHS}


def _keep_quiet(*, local: bool) -> None:
    """Let Ray report its use to nobody, and one of this machine listen on loopback only."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    if local:  # read when Ray is imported, and heeded on Linux, too
        os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
