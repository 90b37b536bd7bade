"""One collection on both stores in one run, as it grows: build, update, questions, recall.

    python -m bench.scale_milvus --data FOLDER --address milvus+http://HOST:PORT/TENANT \
        --size 10000 --size 50000

`bench.scale_data` says how the passages are made and `bench.scale` what "retrieve" is. The stores
take turns, one change of at most 50,000 passages each; the times are theirs alone. What is measured
of a size is kept in `bench/cache/scale-milvus.json`. The tenant must be a new one.
"""

import argparse
import json
import os
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from bench.qa_data import CACHE, data_argument
from bench.scale_data import BLOCK, Floats, Real, draw, load_real
from bench.scale_measure import NEAREST, memory_mb, milliseconds, recall
from bench.scale_store import put, take_out, truth
from index.filter import EVERYTHING
from index.milvus.search import nearest
from index.milvus.store import MilvusStore
from index.settings import STORE_VARIABLE, Settings
from index.sqlite_store import SqliteStore
from index.store import StoreWriter
from index.stores import open_store, open_writer
from qa.api import Pinpoint
from qa.retrieve import retrieve

QUESTIONS, ROUNDS, UPDATED = 100, 3, 100
CHANGE = 50_000  # passages of one change while a collection grows
INDEXED_SECONDS = 180.0


class Side:
    """One of the stores.

    Args:
        name: `sqlite` or `milvus`.
        home: Folder of its own.
        address: Of the server; None for the store in the home.
    """

    def __init__(self, name: str, home: Path, address: str | None) -> None:
        self.name = name
        self.home = home
        self.address = address
        self.ids: list[int] = []
        self.built_seconds = 0.0
        self.pinpoint = Pinpoint(home, Settings())

    @contextmanager
    def chosen(self) -> Iterator[None]:
        """Let the home use this store until the block ends."""
        before = os.environ.pop(STORE_VARIABLE, None)
        if self.address:
            os.environ[STORE_VARIABLE] = self.address
        try:
            yield
        finally:
            os.environ.pop(STORE_VARIABLE, None)
            if before:
                os.environ[STORE_VARIABLE] = before

    def changed(self, work: Callable[[Any], Any]) -> tuple[Any, float]:
        """Make one change; return what the work returned and the seconds, commit included."""
        started = time.perf_counter()
        with self.chosen(), open_writer(self.home, 60.0) as store:
            done = work(store)
        return done, time.perf_counter() - started

    def nearest(self, query: Floats) -> list[int]:
        """Return the ids of the ten nearest passages."""
        with self.chosen(), open_store(self.home) as store:
            if isinstance(store, MilvusStore):
                return [one for one, _ in nearest(store, query, NEAREST, EVERYTHING)]
            assert isinstance(store, SqliteStore)
            self.pinpoint._search(store)
            dense = self.pinpoint._dense
            assert dense is not None
            return [one for one, _ in dense.search(store, query, NEAREST)]

    def passages(self, query: Floats, question: str) -> object:
        """Return the passages that the reader would get."""
        with self.chosen(), open_store(self.home) as store:
            return retrieve(store, self.pinpoint._search(store), query, question, Settings())


def measure(side: Side, real: Real, rows: np.ndarray) -> dict[str, Any]:
    """Return a store's figures at its size of now."""
    queries, questions = real.queries[:QUESTIONS], real.questions[:QUESTIONS]
    ids = np.array(side.ids)[rows[:QUESTIONS]]

    def found() -> float:
        return recall([side.nearest(query) for query in queries], ids)

    figures: dict[str, Any] = {"build_seconds": side.built_seconds, "recall_at_once": found()}
    if side.address:
        figures["indexed_seconds"] = _indexed(side)
        figures["server_mb"] = _server_mb()
    figures["recall"] = found()
    figures["dense"] = milliseconds(lambda n: side.nearest(queries[n]), QUESTIONS)
    figures["retrieve"] = milliseconds(lambda n: side.passages(queries[n], questions[n]), QUESTIONS)
    passages, vectors = next(draw(real, BLOCK))
    taken: dict[str, list[float]] = {"add": [], "remove": []}
    some, theirs = passages[:UPDATED], vectors[:UPDATED]
    for _ in range(ROUNDS):
        taken["add"].append(side.changed(lambda store: put(store, "update", some, theirs))[1])
        taken["remove"].append(side.changed(lambda store: take_out(store, "update"))[1])
    figures["update"] = {name: statistics.median(times) for name, times in taken.items()}
    figures["memory"] = memory_mb()
    return figures


def _indexed(side: Side) -> float:
    """Wait until the server has made its index of all rows; return the seconds."""
    started = time.perf_counter()
    with side.chosen(), open_store(side.home) as store:
        assert isinstance(store, MilvusStore)
        table = store.chunk_table
        assert table is not None
        table.client.flush(table.collection)
        while time.perf_counter() - started < INDEXED_SECONDS:
            state = table.client.describe_index(table.collection, "vector")
            if int(state["pending_index_rows"]) == 0:
                time.sleep(5.0)  # until the finished index is handed over
                break
            time.sleep(1.0)
    return time.perf_counter() - started


def _server_mb() -> float:
    """Return the resident memory of all processes that are a Milvus server, in MB."""
    total_kb = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        lines = dict(
            line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line
        )
        if lines["Name"] == "milvus":
            total_kb += int(lines["VmRSS"].split()[0])
    return total_kb * 1024 / 1e6


def grow(sides: list[Side], real: Real, sizes: list[int], folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the figures of each size, smallest first."""
    held = 0
    kept: list[Floats] = []
    blocks = draw(real, max(sizes))
    for size in sorted(sizes):
        while held < size:
            passages, vectors = _several(blocks, min(CHANGE, size - held))
            for side in sides:
                name = f"{held // BLOCK:03}"
                ids, seconds = side.changed(partial(_put, name, passages, vectors))
                side.ids += ids
                side.built_seconds += seconds
            kept.append(vectors)
            held += len(vectors)
            took = ", ".join(f"{side.name} {side.built_seconds:.0f} s" for side in sides)
            print(f"{held} passages: {took}", file=sys.stderr, flush=True)
        file = folder / "vectors.npy"
        np.save(file, np.concatenate(kept))
        rows = truth(file, real.queries)
        yield {"size": held, **{side.name: measure(side, real, rows) for side in sides}}


def _several(
    blocks: Iterator[tuple[list[list[str]], Floats]], count: int
) -> tuple[list[list[str]], Floats]:
    """Return the next blocks with so many passages together."""
    passages: list[list[str]] = []
    vectors: list[Floats] = []
    while len(passages) < count:
        more, theirs = next(blocks)
        passages += more
        vectors.append(theirs)
    return passages, np.concatenate(vectors)


def _put(name: str, passages: list[list[str]], vectors: Floats, store: StoreWriter) -> list[int]:
    return put(store, name, passages, vectors)


def table(rows: list[dict[str, Any]]) -> str:
    """Return the figures as a table in Markdown."""
    lines = [
        "| passages | store | build, s | recall@10 at once | later | retrieve p50, ms | p95, ms |"
        " 100 added, s | 100 removed, s |",
        "| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for row in rows:
        for name in ("sqlite", "milvus"):
            f = row[name]
            lines.append(
                f"| {row['size']:,} | {name} | {f['build_seconds']:.0f} |"
                f" {f['recall_at_once']:.3f} | {f['recall']:.3f} | {f['retrieve']['p50']:.0f} |"
                f" {f['retrieve']['p95']:.0f} | {f['update']['add']:.2f} |"
                f" {f['update']['remove']:.2f} |"
            )
    return "\n".join(lines)


def main() -> None:
    """Measure all sizes and print the table."""
    parser = data_argument((__doc__ or "").splitlines()[0])
    parser.add_argument("--address", required=True, help="as in PINPOINT_STORE; a new tenant")
    parser.add_argument("--size", type=int, action="append", required=True, help="passages")
    given: argparse.Namespace = parser.parse_args()
    folder = CACHE / "scale-milvus"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    sides = [
        Side("sqlite", folder / "sqlite", None),
        Side("milvus", folder / "milvus", given.address),
    ]
    rows = []
    for row in grow(sides, load_real(given.data), given.size, folder):
        rows.append(row)
        (CACHE / "scale-milvus.json").write_text(json.dumps(rows, indent=1))
    print(table(rows))


if __name__ == "__main__":
    main()
