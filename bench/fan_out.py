"""Embedding by one process, by two processes and by two Ray actors, in turns in one run.

    python -m bench.fan_out --data FOLDER [--passages N] [--rounds N] [--processes N]

Prints a table for docs/embedding.md: chunks a second once a way is at work (from its first batch
to its last), their ratio to the one process of the same round, and the seconds up to the first
batch, in which processes start. Every way has the same number of cores: one process with so many
threads, or so many processes of one thread. Passages are those of `bench.embedding`, 190 word
pieces each. It fails where a vector is not, bit by bit, that of the one process.
"""

import hashlib
import json
import platform
import sys
import time
from collections.abc import Callable
from functools import partial

import numpy as np
import onnxruntime

from bench.embedding import PIECES, passages, spread
from bench.qa_data import data_argument, read_rows
from index.embed import Embedder, Vectors, load_embedder
from index.embed_source import source_of
from index.fan_out import Done, in_batches
from index.onnx_embedder import cores
from index.process_embedder import ProcessEmbedder
from index.ray_embedder import RayEmbedder
from index.settings import Settings

BATCH = 8  # small, so that a short run has many
Batches = list[list[str]]
Round = tuple[float, float, Vectors]
"""Seconds up to the first batch, chunks a second from there on, and the vectors."""


def one(embedder: Embedder, batches: Batches, processes: int) -> Round:
    """Embed in this process, in so many threads."""
    _ = processes
    return timed(lambda: in_batches(embedder, batches), batches)


def several(embedder: Embedder, batches: Batches, processes: int) -> Round:
    """Embed in processes that are started for it."""
    source = partial(source_of, embedder, Settings(), 1)
    with ProcessEmbedder(embedder, source, processes=processes, batch_size=BATCH) as fanned:
        return timed(lambda: fanned.encode_batches(batches), batches)


def by_ray(embedder: Embedder, batches: Batches, processes: int) -> Round:
    """Embed by actors of a Ray that is started for it."""
    source = partial(source_of, embedder, Settings(), 1)
    with RayEmbedder(
        embedder, source, address="local", processes=processes, batch_size=BATCH
    ) as fanned:
        return timed(lambda: fanned.encode_batches(batches), batches)


WAYS: dict[str, Callable[[Embedder, Batches, int], Round]] = {
    "one process": one,
    "processes": several,
    "Ray actors": by_ray,
}


def timed(start: Callable[[], Done], batches: Batches) -> Round:
    """Embed, and take the time of the first batch and of the last."""
    began, first, found = time.perf_counter(), 0.0, {}
    for number, vectors in start():
        first = first or time.perf_counter()
        found[number] = vectors
    seconds = time.perf_counter() - first
    rate = sum(map(len, batches[1:])) / seconds
    return first - began, rate, np.concatenate([found[n] for n in range(len(batches))])


def main() -> None:
    """Measure and print."""
    parser = data_argument((__doc__ or "").splitlines()[0])
    parser.add_argument("--passages", type=int, default=192)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--processes", type=int, default=cores())
    arguments = parser.parse_args()
    processes = arguments.processes
    embedder = load_embedder(Settings().model, threads=processes)
    rows = read_rows(arguments.data / "qa-train.jsonl.gz")
    texts = passages(embedder, sorted({row["context"] for row in rows}), arguments.passages)
    batches = [texts[first : first + BATCH] for first in range(0, len(texts), BATCH)]
    expected = embedder.encode_documents(texts)
    starts: dict[str, list[float]] = {name: [] for name in WAYS}
    rates: dict[str, list[float]] = {name: [] for name in WAYS}
    for _ in range(arguments.rounds):
        for name, way in WAYS.items():
            start, rate, vectors = way(embedder, batches, processes)
            if not np.array_equal(vectors, expected):
                raise SystemExit(f"{name}: other vectors than those of one process")
            starts[name].append(start)
            rates[name].append(rate)
            print(f"{name}: {rate:.1f} a second, first after {start:.1f} s", file=sys.stderr)
    inputs = {
        "passages": hashlib.sha256(json.dumps(texts).encode()).hexdigest(),
        "model": embedder.fingerprint,
    }
    print(json.dumps(inputs))
    print(
        f"{platform.machine()}, {cores()} cores, Python {platform.python_version()}, ONNX Runtime "
        f"{onnxruntime.__version__}; {len(texts)} passages of {PIECES} word pieces, "
        f"{arguments.rounds} rounds, {processes} processes or threads\n"
    )
    print("| | chunks a second | times one process | up to the first batch, s |")
    print("| --- | ---: | ---: | ---: |")
    for name in WAYS:
        ratios = [rate / base for rate, base in zip(rates[name], rates["one process"], strict=True)]
        columns = spread(rates[name], ".1f"), spread(ratios, ".2f"), spread(starts[name], ".1f")
        print(f"| {name} | {' | '.join(columns)} |")


if __name__ == "__main__":
    main()
