"""Pinpoint itself: `sync` of one text file a document, then `search`, or what its reader thinks.

The tuned variant chooses among the settings that a user has.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.peers.collection import Document
from bench.peers.task import RANKED, Index, Options, Place, Search, run
from index.filter import EVERYTHING
from index.sqlite_store import SqliteStore
from qa.api import Pinpoint
from qa.read import Passage, Span

DEFAULT: Options = {}
READ: Options = {"read": True}
"""Documents by the confidence of their best span, as an answer's quotes are chosen."""
CHOICES: dict[str, list[Any]] = {"candidates": [50, 20, 200], "chunk_tokens": [256, 128]}
INDEXED = ("chunk_tokens",)


def prepare(place: Place) -> Index:
    """Return what writes the files and indexes them."""
    pinpoint = _pinpoint(place)
    pinpoint.embedder.encode_query("warm")

    def add(documents: list[Document]) -> None:
        folder = place.home / "documents"
        folder.mkdir()
        for document in documents:
            (folder / f"{document.id}.txt").write_text(document.text, "utf-8", newline="")
        pinpoint.sync(folder)

    return add


def load(place: Place) -> Search:
    """Return a search, with the reader if the options say so."""
    pinpoint = _pinpoint(place)

    def search(question: str) -> list[tuple[str, float]]:
        found = pinpoint.search(question, limit=RANKED)
        return [(Path(each.document.path).stem, each.score) for each in found.passages]

    def read(question: str) -> list[tuple[str, float]]:
        with SqliteStore.open(pinpoint.home) as store:
            passages = pinpoint._retrieve(store, question, pinpoint.settings, EVERYTHING)
        return by_reader(passages, pinpoint.reader.read(question, passages).spans)

    return read if place.options.get("read") else search


def by_reader(passages: Sequence[Passage], spans: Sequence[Span]) -> list[tuple[str, float]]:
    """Return document ids with scores: those with spans by their best one, then the others.

    Equal ones stay in the order of the passages. A score counts places from the end.
    """
    best: dict[str, float] = {}
    for span in spans:
        name = Path(span.passage.document.path).stem
        best[name] = max(span.score, best.get(name, 0.0))
    retrieved = list(dict.fromkeys(Path(passage.document.path).stem for passage in passages))
    order = sorted(retrieved, key=lambda name: -best.get(name, -1.0))
    return [(name, float(len(order) - place)) for place, name in enumerate(order)]


def _pinpoint(place: Place) -> Pinpoint:
    settings = {name: value for name, value in place.options.items() if name != "read"}
    return Pinpoint.open(place.home / "home", **settings)


if __name__ == "__main__":
    run(prepare, load)
