"""The tools beside Pinpoint in `bench.scale`: build an index of the same vectors, then serve it.

    PYTHON -m bench.scale_peers TOOL build|serve FOLDER

`PYTHON` is one that has the tool: `pip install lancedb chromadb faiss-cpu`. Building and serving
are two processes, so that the memory is that of serving. Serving measures the tool as its
documentation uses it, and then with the first of `TUNED` that reaches a recall of 0.98.
"""

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from bench.scale_measure import ENOUGH, NEAREST, disk_mb, memory_mb, milliseconds, recall, timed

BLOCK = 5000
Search = Callable[[np.ndarray], list[int]]
"""A query to the rows of the nearest vectors."""


def build_flat(vectors: np.ndarray, home: Path) -> None:
    """Plain FAISS: one flat index, in one file."""
    import faiss

    index = faiss.IndexFlatIP(vectors.shape[1])
    for first in range(0, len(vectors), BLOCK):
        index.add(np.ascontiguousarray(vectors[first : first + BLOCK]))
    faiss.write_index(index, str(home / "flat.faiss"))


def open_flat(home: Path) -> Callable[[dict[str, int]], Search]:
    """Read the whole index into memory."""
    import faiss

    index = faiss.read_index(str(home / "flat.faiss"))
    return lambda _: lambda query: index.search(query[np.newaxis], NEAREST)[1][0].tolist()


def build_lancedb(vectors: np.ndarray, home: Path) -> None:
    """One table and the index that `create_index` makes by default, for cosines."""
    import lancedb
    import pyarrow as pa
    from lancedb.index import IvfPq

    width = vectors.shape[1]
    fields = [pa.field("id", pa.int64()), pa.field("vector", pa.list_(pa.float32(), width))]

    def batches() -> Any:  # noqa: ANN401
        for first in range(0, len(vectors), BLOCK):
            block = vectors[first : first + BLOCK]
            ids = pa.array(np.arange(first, first + len(block)))
            flat = pa.array(np.ascontiguousarray(block).reshape(-1))
            rows = pa.FixedSizeListArray.from_arrays(flat, width)
            yield pa.RecordBatch.from_arrays([ids, rows], schema=pa.schema(fields))

    table = lancedb.connect(home).create_table("scale", batches(), schema=pa.schema(fields))
    table.create_index("vector", config=IvfPq(distance_type="cosine"))


def open_lancedb(home: Path) -> Callable[[dict[str, int]], Search]:
    """Open the table."""
    import lancedb

    table = lancedb.connect(home).open_table("scale")

    def with_options(options: dict[str, int]) -> Search:
        def search(query: np.ndarray) -> list[int]:
            asked = (
                table.search(query)
                .distance_type("cosine")
                .limit(NEAREST)
                .select(["id", "_distance"])
            )
            for name, value in options.items():
                asked = getattr(asked, name)(value)
            return asked.to_arrow()["id"].to_pylist()

        return search

    return with_options


def build_chroma(vectors: np.ndarray, home: Path) -> None:
    """One collection with the default index, for cosines."""
    client = _chroma(home)
    made = client.create_collection("scale", configuration={"hnsw": {"space": "cosine"}})
    for first in range(0, len(vectors), BLOCK):
        block = vectors[first : first + BLOCK]
        ids = [str(row) for row in range(first, first + len(block))]
        made.add(ids=ids, embeddings=np.ascontiguousarray(block))


def open_chroma(home: Path) -> Callable[[dict[str, int]], Search]:
    """Open the collection."""
    collection = _chroma(home).get_collection("scale")

    def with_options(options: dict[str, int]) -> Search:
        if options:
            collection.modify(configuration={"hnsw": options})

        def search(query: np.ndarray) -> list[int]:
            found = collection.query(query_embeddings=[query], n_results=NEAREST, include=[])
            return [int(row) for row in found["ids"][0]]

        return search

    return with_options


def _chroma(home: Path) -> Any:  # noqa: ANN401
    import chromadb

    return chromadb.PersistentClient(
        str(home), settings=chromadb.Settings(anonymized_telemetry=False)
    )


TOOLS = {
    "faiss-flat": (build_flat, open_flat),
    "lancedb": (build_lancedb, open_lancedb),
    "chroma": (build_chroma, open_chroma),
}
TUNED: dict[str, list[dict[str, int]]] = {
    "faiss-flat": [],
    "lancedb": [
        {"nprobes": probes, "refine_factor": refined}
        for probes in (20, 50, 100, 200, 400)
        for refined in (5, 10, 20)
    ],
    "chroma": [{"ef_search": ef} for ef in (200, 400, 800, 1600)],
}


def build(tool: str, folder: Path) -> dict[str, float]:
    """Build anew; return seconds, peak memory and disk."""
    home = folder / tool
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    seconds: dict[str, float] = {}
    with timed(seconds, "build_seconds"):
        TOOLS[tool][0](np.load(folder / "vectors.npy", mmap_mode="r"), home)
    return seconds | {"build_peak_mb": memory_mb()["peak"], "disk_mb": disk_mb(home)}


def serve(tool: str, folder: Path) -> list[dict[str, Any]]:
    """Search with the defaults, and then with the first options that find enough."""
    queries, truth = np.load(folder / "queries.npy"), np.load(folder / "truth.npy")
    opened = TOOLS[tool][1](folder / tool)
    rows: list[dict[str, Any]] = []
    for options in ({}, *TUNED[tool]):
        search = opened(options)
        found = recall([search(query) for query in queries], truth)
        if options and found < ENOUGH and options is not TUNED[tool][-1]:
            continue
        taken = milliseconds(lambda n: search(queries[n]), len(queries))  # noqa: B023
        rows.append({"options": options, "recall": found, **taken, "memory": memory_mb()})
        if found >= ENOUGH:
            break
    return rows


if __name__ == "__main__":
    tool, step, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    print(json.dumps({"build": build, "serve": serve}[step](tool, folder)))
