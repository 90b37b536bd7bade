"""Serve one collection of `bench.scale` in a fresh process and print what it took, as JSON.

    python -m bench.scale_serve FOLDER [ask]

Every question opens the store anew, as `Pinpoint.ask` does. The question's vector is given, so no
model is loaded: `dense` is the ten nearest, `retrieve` is all from the question and its vector to
the passages for the reader, both with the default settings. With `ask`, whole answers are measured
instead, models included.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np

from bench.scale_measure import NEAREST, memory_mb, milliseconds, recall
from index.dense import DenseIndex
from index.dense_status import dense_status
from index.lexical import LexicalIndex
from index.settings import Settings
from index.sqlite_store import SqliteStore
from qa.api import Pinpoint
from qa.retrieve import retrieve
from qa.search import LocalSearch

ASKED = 50


def serve(folder: Path) -> dict[str, object]:
    """Answer all questions of a collection; return times, memory and recall."""
    home, queries = folder / "home", np.load(folder / "queries.npy")
    questions = json.loads((folder / "questions.json").read_text())
    started = time.perf_counter()
    with SqliteStore.open(home) as store:
        dense = DenseIndex.load(store)
        status = dense_status(store)
        lexical = LexicalIndex.load(store)
    load_seconds = time.perf_counter() - started

    def nearest(number: int) -> list[int]:
        with SqliteStore.open(home) as store:
            return [chunk for chunk, _ in dense.search(store, queries[number], NEAREST)]

    def passages(number: int) -> object:
        with SqliteStore.open(home) as store:
            query, question = queries[number], questions[number]
            both = LocalSearch(store, dense, lexical)
            return retrieve(store, both, query, question, Settings())

    found: dict[str, object] = {"load_seconds": load_seconds}
    found["dense"] = milliseconds(nearest, len(queries))
    found["memory_dense"] = memory_mb()
    found["retrieve"] = milliseconds(passages, len(queries))
    found["memory"] = memory_mb()
    rows = np.load(folder / "ids.npy")[np.load(folder / "truth.npy")]
    found["recall"] = recall([nearest(number) for number in range(len(queries))], rows)
    found["status"] = status.model_dump() if status else None
    return found


def ask(folder: Path) -> dict[str, object]:
    """Answer some questions as a user would have it, with both models; return times and memory."""
    questions = json.loads((folder / "questions.json").read_text())[:ASKED]
    pinpoint = Pinpoint(folder / "home", Settings())
    times = milliseconds(lambda number: pinpoint.ask(questions[number]), len(questions))
    return {**times, "memory": memory_mb()}


if __name__ == "__main__":
    work = ask if "ask" in sys.argv[2:] else serve
    print(json.dumps(work(Path(sys.argv[1]))))
