"""The collections of `bench.scale`: a Pinpoint index, the same vectors in a file, and the truth.

A folder holds `home/`, `vectors.npy` `(n, 384)` in order of ascending chunk id, `queries.npy`,
`ids.npy` with the chunk ids, `truth.npy` with the rows of the ten nearest to each query, and
`build.json` with the seconds that building took. What is there is not made again.
"""

import json
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bench.scale_data import BLOCK, DIMENSION, Floats, Real, draw
from bench.scale_measure import NEAREST, timed
from index import dense, lexical
from index.chunk import Chunk
from index.document import Block, Extracted
from index.sqlite_store import SqliteStore
from index.sqlite_writer import SqliteWriter
from index.store import StoreWriter

PASSAGES_A_DOCUMENT = 25


def build(real: Real, size: int, folder: Path) -> dict[str, float]:
    """Make what is missing of a collection; return the seconds of each step."""
    done, filled = folder / "build.json", folder / "filled.json"
    if done.exists():
        return json.loads(done.read_text())
    folder.mkdir(parents=True, exist_ok=True)
    if not filled.exists():
        filled.write_text(json.dumps({"store": _fill(real, size, folder)}))
    seconds = json.loads(filled.read_text())
    for file in (folder / "home").glob("vectors.*"):
        file.unlink()
    (folder / "home" / lexical.STAMP_NAME).unlink(missing_ok=True)
    with SqliteStore.open(folder / "home") as store:
        with timed(seconds, "dense"):
            dense.save_if_behind(store)
        with timed(seconds, "lexical"):
            lexical.save_if_behind(store)
        np.save(folder / "ids.npy", store.chunk_ids())
    np.save(folder / "queries.npy", real.queries)
    np.save(folder / "truth.npy", truth(folder / "vectors.npy", real.queries))
    (folder / "questions.json").write_text(json.dumps(real.questions))
    done.write_text(json.dumps(seconds))
    return seconds


def _fill(real: Real, size: int, folder: Path) -> float:
    """Write all passages, a commit for each block; return the seconds, drawing left out."""
    shutil.rmtree(folder / "home", ignore_errors=True)
    kept = np.lib.format.open_memmap(
        folder / "vectors.npy", mode="w+", dtype=np.float32, shape=(size, DIMENSION)
    )
    seconds: dict[str, float] = {}
    for number, (passages, vectors) in enumerate(draw(real, size)):
        kept[number * BLOCK : number * BLOCK + len(vectors)] = vectors
        with timed(seconds, "store"):
            add(folder / "home", f"{number:03}", passages, vectors)
        print(f"{number * BLOCK + len(vectors)} passages, {seconds['store']:.0f} s", flush=True)
    kept.flush()
    return seconds["store"]


def add(home: Path, name: str, passages: Sequence[list[str]], vectors: Floats) -> None:
    """Add passages as documents of 25, in one change."""
    with SqliteWriter.writing(home) as store:
        put(store, name, passages, vectors)


def put(store: StoreWriter, name: str, passages: Sequence[list[str]], vectors: Floats) -> list[int]:
    """Add passages as documents of 25 inside a change of any store; return the chunks' ids."""
    ids: list[int] = []
    for number, first in enumerate(range(0, len(passages), PASSAGES_A_DOCUMENT)):
        some = passages[first : first + PASSAGES_A_DOCUMENT]
        document, chunks = _document(f"Collection {name}, {number}", some)
        path = f"/scale/{name}/{number:04}.txt"
        rowid = store.add_document(path, len(document.text), "0" * 64, document)
        ids += store.add_chunks(rowid, document, chunks, "bench")
    store.add_vectors(zip(ids, (vector.tobytes() for vector in vectors), strict=True))
    store.next_generation()
    return ids


def remove(home: Path, name: str) -> None:
    """Remove the documents that were added under a name, in one change."""
    with SqliteWriter.writing(home) as store:
        take_out(store, name)


def take_out(store: StoreWriter, name: str) -> None:
    """Remove the documents that were added under a name, inside a change of any store."""
    for document in store.documents():
        if document.path.startswith(f"/scale/{name}/"):
            store.remove_document(document.rowid)
    store.next_generation()


def _document(title: str, passages: Sequence[list[str]]) -> tuple[Extracted, list[Chunk]]:
    text, chunks, blocks = "", [], []
    for sentences in passages:
        spans = []
        start = len(text)
        for sentence in sentences:
            spans.append((len(text), len(text) + len(sentence)))
            text += sentence + " "
        end = spans[-1][1]
        text = text[:end] + "\n\n"
        blocks.append(Block(start, end))
        chunks.append(Chunk(start, end, (), tuple(spans), text[start:end]))
    return Extracted(text, title, None, "text/plain", tuple(blocks)), chunks


def truth(file: Path, queries: Floats) -> np.ndarray:
    """Return the rows of the ten nearest vectors to each query, by (-cosine, row)."""
    vectors = np.load(file, mmap_mode="r")
    scores = np.empty((len(queries), 0), dtype=np.float32)
    rows = np.empty((len(queries), 0), dtype=np.int64)
    for first in range(0, len(vectors), BLOCK):
        block = queries @ vectors[first : first + BLOCK].T
        scores = np.concatenate([scores, block], axis=1)
        numbers = np.arange(first, first + block.shape[1])
        rows = np.concatenate([rows, np.broadcast_to(numbers, block.shape)], axis=1)
        order = np.argsort(-scores, axis=1, kind="stable")[:, :NEAREST]
        scores = np.take_along_axis(scores, order, axis=1)
        rows = np.take_along_axis(rows, order, axis=1)
    return rows


def update_seconds(real: Real, folder: Path, rounds: int = 5) -> dict[str, float]:
    """Return the median seconds of adding 100 passages and of removing them, file included."""
    passages, vectors = next(draw(real, BLOCK))
    found: dict[str, list[float]] = {"add": [], "remove": []}
    home = folder / "home"
    for number in range(rounds):
        some = slice(100 * number, 100 * number + 100)
        for name, change in (
            ("add", lambda s=some: add(home, "update", passages[s], vectors[s])),
            ("remove", lambda: remove(home, "update")),
        ):
            started = time.perf_counter()
            change()
            with SqliteStore.open(home) as store:
                dense.save_if_behind(store)
                lexical.save_if_behind(store)
            found[name].append(time.perf_counter() - started)
    return {name: float(np.median(seconds)) for name, seconds in found.items()}
