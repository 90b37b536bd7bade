"""What bounds of folder, kind and date cost a question, and what a page of all documents costs.

Each document has ten passages of words drawn from a vocabulary by Zipf's law, vectors drawn around
a thousand centres, one of ten folders, of five kinds and of a hundred days. A search is `retrieve`
with 50 different questions: what a question takes before the reader. A page is 50 rows from the
middle of the table of documents, with one file in a hundred that failed. The collections are kept
in the cache of the benchmarks.

    python -m bench.filters --documents 1000 --documents 10000
"""

import argparse
import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import numpy as np

from bench.qa_data import CACHE
from bench.scale_measure import milliseconds
from index import dense, lexical
from index.chunk import Chunk
from index.dense import DenseIndex
from index.document import Block, Extracted
from index.filter import Filter
from index.kind_names import KINDS
from index.lexical import LexicalIndex
from index.listing import SORTS
from index.settings import Settings
from index.sqlite_store import SqliteStore
from index.sqlite_writer import SqliteWriter
from index.store import StoreWriter
from qa.api import Pinpoint
from qa.retrieve import retrieve
from qa.search import LocalSearch

SEED, WORDS, LENGTH, DIMENSION = 20261125, 20_000, 120, 384
PASSAGES_A_DOCUMENT, QUESTIONS, CENTRES, REPEATS = 10, 50, 1000, 30
MEDIA_TYPES = [KINDS[kind][0] for kind in ("pdf", "word", "mail", "markdown", "text")]
FIRST_DAY = date(2024, 1, 1)
BOUNDS = {
    "none": Filter(),
    "one folder of ten": Filter(folders=("/made/3",)),
    "one document": Filter(folders=("/made/3/00003.txt",)),
    "one kind of five": Filter(media_types=(MEDIA_TYPES[1],)),
    "half of the days": Filter(since=str(FIRST_DAY + timedelta(days=50))),
    "folder, kind and days": Filter(
        str(FIRST_DAY), str(FIRST_DAY + timedelta(days=50)), ("/made/3",), (MEDIA_TYPES[3],)
    ),
    "all folders, named": Filter(folders=tuple(f"/made/{n}" for n in range(10))),
    "a folder of nothing": Filter(folders=("/elsewhere",)),
}


class Words:
    """Draws passages, vectors and questions by seed."""

    def __init__(self) -> None:
        rng = random.Random(SEED)
        letters = "abcdefghijklmnopqrstuvwxyz"
        self._words = ["".join(rng.choices(letters, k=rng.randint(3, 9))) for _ in range(WORDS)]
        weights = 1 / np.arange(10, WORDS + 10)
        self._shares = weights / weights.sum()
        self._rng = np.random.default_rng(SEED)
        self._centres = self._rng.normal(size=(CENTRES, DIMENSION)).astype(np.float32)

    def text(self, count: int) -> str:
        """Return so many words."""
        return " ".join(self._words[i] for i in self._rng.choice(WORDS, count, p=self._shares))

    def vectors(self, count: int) -> np.ndarray:
        """Return unit vectors `(count, DIMENSION)`, each near to a centre."""
        near = self._centres[self._rng.integers(CENTRES, size=count)]
        drawn = near + self._rng.normal(scale=0.7, size=near.shape).astype(np.float32)
        return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def build(home: Path, documents: int) -> None:
    """Make a collection, unless it is there."""
    done = home / "done"
    if done.exists():
        return
    home.mkdir(parents=True, exist_ok=True)
    words = Words()
    with SqliteWriter.writing(home) as store:
        for number in range(documents):
            add(store, words, number)
        failed = range(0, documents, 100)
        store.set_failures({f"/made/{n % 10}/{n:05}.pdf": "damaged" for n in failed})
        store.set_roots(["/made"])
        store.next_generation()
    with SqliteStore.open(home) as opened:
        dense.save_if_behind(opened)
        lexical.save_if_behind(opened)
    done.touch()


def add(store: StoreWriter, words: Words, number: int) -> None:
    """Add one document with its chunks and vectors."""
    passages = [words.text(LENGTH) for _ in range(PASSAGES_A_DOCUMENT)]
    text = "\n\n".join(passages)
    starts = [sum(len(p) + 2 for p in passages[:n]) for n in range(len(passages))]
    spans = [(at, at + len(p)) for at, p in zip(starts, passages, strict=True)]
    day = FIRST_DAY + timedelta(days=number % 100)
    made = Extracted(
        text,
        f"{words.text(3).capitalize()} {number}",
        day.isoformat(),
        MEDIA_TYPES[number // 10 % len(MEDIA_TYPES)],
        tuple(Block(*span) for span in spans),
    )
    rowid = store.add_document(f"/made/{number % 10}/{number:05}.txt", len(text), "0" * 64, made)
    chunks = [Chunk(*s, (), (s,), text[slice(*s)]) for s in spans]
    ids = store.add_chunks(rowid, made, chunks, "bench")
    vectors = words.vectors(len(ids))
    store.add_vectors((i, v.tobytes()) for i, v in zip(ids, vectors, strict=True))


def searches(home: Path) -> Iterator[str]:
    """Yield a row of the table for each filter: passages within it, milliseconds."""
    words = Words()
    asked = [(words.text(6), words.vectors(1)[0]) for _ in range(QUESTIONS)]
    settings = Settings()
    with SqliteStore.open(home) as store:
        both = LocalSearch(store, DenseIndex.load(store), LexicalIndex.load(store))
        for name, within in BOUNDS.items():

            def search(number: int, within: Filter = within) -> object:
                question, query = asked[number]
                return retrieve(store, both, query, question, settings, within=within)

            taken = milliseconds(search, QUESTIONS)
            inside = store.chunk_ids_within(within).size
            total = store.state().chunks
            yield (f"| {total:,} | {name} | {inside:,} | {taken['p50']:.1f} | {taken['p95']:.1f} |")


def pages(home: Path) -> Iterator[str]:
    """Yield a row of the table for each way to sort, for a search and for the menus."""
    pinpoint = Pinpoint(home, Settings())
    total = pinpoint.documents().total
    looks: dict[str, Callable[[], object]] = {
        f"by {sort}": partial(pinpoint.documents, sort=sort, offset=total // 2) for sort in SORTS
    }
    looks["search, by title"] = partial(pinpoint.documents, "99", sort="title")
    looks["one folder of ten"] = partial(pinpoint.documents, folders=["/made/3"])
    looks["folders for a menu"] = pinpoint.folders
    looks["kinds for a menu"] = pinpoint.kinds
    for name, look in looks.items():
        taken = milliseconds(lambda _, look=look: look(), REPEATS)
        yield f"| {total:,} | {name} | {taken['p50']:.1f} | {taken['p95']:.1f} |"


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, action="append", help="may be repeated")
    parser.add_argument("--folder", type=Path, default=CACHE / "filters")
    given = parser.parse_args()
    print("| passages | bounds | passages within | ms (median) | ms (95th percentile) |")
    print("| ---: | --- | ---: | ---: | ---: |")
    sizes = given.documents or [1000, 10_000]
    for documents in sizes:
        home = given.folder / str(documents)
        build(home, documents)
        for row in searches(home):
            print(row, flush=True)
    print("\n| rows | page | ms (median) | ms (95th percentile) |")
    print("| ---: | --- | ---: | ---: |")
    for documents in sizes:
        for row in pages(given.folder / str(documents)):
            print(row, flush=True)


if __name__ == "__main__":
    main()
