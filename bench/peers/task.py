"""What is measured of a peer, in a process of its own that runs in the peer's environment.

    PYTHON -m bench.peers.NAME index|ask|first --collection FOLDER --home FOLDER --options JSON

Needs the standard library only. Prints one JSON object.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.peers.collection import Document, read_documents, read_questions

RANKED, WARM_UP = 20, 20

Options = dict[str, Any]
Index = Callable[[list[Document]], None]
Search = Callable[[str], Sequence[tuple[str, float]]]
"""A question to document ids with scores."""


@dataclass(frozen=True)
class Place:
    """Where a peer keeps its index, the model's folder, and how it is set.

    Attributes:
        home: Empty before indexing.
        model: The folder of the embedding model.
        options: Names and values that the peer's module knows.
    """

    home: Path
    model: Path
    options: Options


def ranked(scores: Sequence[tuple[str, float]]) -> list[str]:
    """Return ids by (-score, id), each once, `RANKED` at most."""
    best: dict[str, float] = {}
    for document, score in scores:
        best[document] = max(score, best.get(document, score))
    return sorted(best, key=lambda document: (-best[document], document))[:RANKED]


def index(prepare: Callable[[Place], Index], place: Place, collection: Path) -> dict[str, Any]:
    """Index all documents; the clock starts when the libraries and the model are loaded."""
    documents = read_documents(collection / "documents.jsonl")
    add = prepare(place)
    started = time.perf_counter()
    add(documents)
    return {"seconds": time.perf_counter() - started, "documents": len(documents)}


def ask(load: Callable[[Place], Search], place: Place, collection: Path, part: str) -> dict:
    """Ask one question after another, after a round of others without the clock."""
    search = load(place)
    for question in read_questions(collection / "tuning.jsonl")[:WARM_UP]:
        search(question.text)
    rankings, seconds = {}, []
    for question in read_questions(collection / f"{part}.jsonl"):
        started = time.perf_counter()
        found = search(question.text)
        seconds.append(time.perf_counter() - started)
        rankings[question.id] = ranked(found)
    return {"rankings": rankings, "seconds": seconds}


def first(load: Callable[[Place], Search], place: Place, collection: Path) -> dict[str, Any]:
    """Ask one question; whoever started the process has the time."""
    question = read_questions(collection / "questions.jsonl")[0]
    return {"found": ranked(load(place)(question.text))}


def peak_mb() -> float:
    """Return the most memory that was resident in this process, in MB (10^6 bytes)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    value = next(line.split()[1] for line in lines if line.startswith("VmHWM"))
    return int(value) * 1024 / 1e6


def run(prepare: Callable[[Place], Index], load: Callable[[Place], Search]) -> None:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("step", choices=("index", "ask", "first"))
    for name in ("collection", "home", "model"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--options", type=json.loads, default={})
    parser.add_argument("--questions", choices=("questions", "tuning"), default="questions")
    asked = parser.parse_args()
    place = Place(asked.home, asked.model, asked.options)
    output, sys.stdout = sys.stdout, sys.stderr  # what libraries print is no result
    if asked.step == "index":
        found = index(prepare, place, asked.collection)
    elif asked.step == "ask":
        found = ask(load, place, asked.collection, asked.questions)
    else:
        found = first(load, place, asked.collection)
    print(json.dumps({**found, "peak_mb": peak_mb()}), file=output)
