"""The tools beside Pinpoint in `bench.scale`: build an index of the same vectors, then serve it.

    PYTHON -m bench.scale_peers TOOL build FOLDER
    PYTHON -m bench.scale_peers TOOL serve FOLDER NUMBER

`PYTHON` is one that has the tool: `pip install lancedb chromadb faiss-cpu`. `NUMBER` counts in
`OPTIONS`. Each call is a process of its own, so that the memory is that of serving.
"""

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from bench.scale_measure import NEAREST, disk_mb, memory_mb, milliseconds, recall, timed

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


def open_flat(home: Path, _: dict[str, int]) -> Search:
    """Read the whole index into memory."""
    import faiss

    index = faiss.read_index(str(home / "flat.faiss"))
    return lambda query: index.search(query[np.newaxis], NEAREST)[1][0].tolist()


def build_lancedb(vectors: np.ndarray, home: Path) -> None:
    """One table and the index that `create_index` makes by default, for cosines."""
    from lancedb.index import IvfPq

    _lancedb_table(vectors, home).create_index("vector", config=IvfPq(distance_type="cosine"))


def build_lancedb_sq(vectors: np.ndarray, home: Path) -> None:
    """One table and inverted lists with 8 bits a dimension, the kind that Pinpoint has."""
    from lancedb.index import IvfSq

    _lancedb_table(vectors, home).create_index("vector", config=IvfSq(distance_type="cosine"))


def _lancedb_table(vectors: np.ndarray, home: Path) -> Any:  # noqa: ANN401
    import lancedb
    import pyarrow as pa

    width = vectors.shape[1]
    fields = [pa.field("id", pa.int64()), pa.field("vector", pa.list_(pa.float32(), width))]

    def batches() -> Any:  # noqa: ANN401
        for first in range(0, len(vectors), BLOCK):
            block = vectors[first : first + BLOCK]
            ids = pa.array(np.arange(first, first + len(block)))
            flat = pa.array(np.ascontiguousarray(block).reshape(-1))
            rows = pa.FixedSizeListArray.from_arrays(flat, width)
            yield pa.RecordBatch.from_arrays([ids, rows], schema=pa.schema(fields))

    return lancedb.connect(home).create_table("scale", batches(), schema=pa.schema(fields))


def open_lancedb(home: Path, options: dict[str, int]) -> Search:
    """Open the table."""
    import lancedb

    table = lancedb.connect(home).open_table("scale")

    def search(query: np.ndarray) -> list[int]:
        asked = table.search(query).distance_type("cosine").limit(NEAREST)
        asked = asked.select(["id", "_distance"])
        for name, value in options.items():
            asked = getattr(asked, name)(value)
        return asked.to_arrow()["id"].to_pylist()

    return search


def build_chroma(vectors: np.ndarray, home: Path) -> None:
    """One collection with the default index, for cosines."""
    client = _chroma(home)
    made = client.create_collection("scale", configuration={"hnsw": {"space": "cosine"}})
    for first in range(0, len(vectors), BLOCK):
        block = vectors[first : first + BLOCK]
        ids = [str(row) for row in range(first, first + len(block))]
        made.add(ids=ids, embeddings=np.ascontiguousarray(block))


def open_chroma(home: Path, options: dict[str, int]) -> Search:
    """Open the collection; options only take effect before its first search."""
    collection = _chroma(home).get_collection("scale")
    collection.modify(configuration={"hnsw": options})

    def search(query: np.ndarray) -> list[int]:
        found = collection.query(query_embeddings=[query], n_results=NEAREST, include=[])
        return [int(row) for row in found["ids"][0]]

    return search


def _chroma(home: Path) -> Any:  # noqa: ANN401
    import chromadb

    return chromadb.PersistentClient(
        str(home), settings=chromadb.Settings(anonymized_telemetry=False)
    )


TOOLS = {
    "faiss-flat": (build_flat, open_flat),
    "lancedb": (build_lancedb, open_lancedb),
    "lancedb-sq": (build_lancedb_sq, open_lancedb),
    "chroma": (build_chroma, open_chroma),
}
OPTIONS: dict[str, list[dict[str, int]]] = {
    "faiss-flat": [{}],
    "lancedb": [{}]
    + [
        {"nprobes": probes, "refine_factor": refined}
        for probes, refined in (
            (20, 10),
            (20, 50),
            (20, 100),
            (50, 200),
            (50, 400),
            (100, 800),
        )
    ],
    "lancedb-sq": [{}]
    + [{"nprobes": probes, "refine_factor": 2} for probes in (20, 50, 100, 200, 400)],
    "chroma": [{"ef_search": ef} for ef in (100, 150, 200, 300, 400, 600, 800, 1600)],
}
"""What each tool is searched with: first its defaults, then what finds more and more."""


def build(tool: str, folder: Path) -> dict[str, float]:
    """Build anew; return seconds, peak memory and disk."""
    home = folder / tool
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    seconds: dict[str, float] = {}
    with timed(seconds, "build_seconds"):
        TOOLS[tool][0](np.load(folder / "vectors.npy", mmap_mode="r"), home)
    return seconds | {"build_peak_mb": memory_mb()["peak"], "disk_mb": disk_mb(home)}


def serve(tool: str, folder: Path, number: int) -> dict[str, Any]:
    """Search with the options of a number, in a process that has not searched before."""
    queries, truth = np.load(folder / "queries.npy"), np.load(folder / "truth.npy")
    options = OPTIONS[tool][number]
    search = TOOLS[tool][1](folder / tool, options)
    taken = milliseconds(lambda n: search(queries[n]), len(queries))
    found = recall([search(query) for query in queries], truth)
    name = ", ".join(f"{key} {value}" for key, value in options.items()) if number else "defaults"
    return {"options": name, "recall": found, **taken, "memory": memory_mb()}


if __name__ == "__main__":
    tool, step, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    done = build(tool, folder) if step == "build" else serve(tool, folder, int(sys.argv[4]))
    print(json.dumps(done))
