"""Question-answering rows as a collection of documents: one text file a distinct context."""

import argparse
import gzip
import hashlib
import json
import random
import sys
from dataclasses import dataclass
from pathlib import Path

from qa.api import Pinpoint

CACHE = Path(__file__).parent / "cache"


@dataclass(frozen=True)
class Question:
    """A question, the path of the document that answers it, and where: `[start, end)` spans."""

    set: str
    title: str
    text: str
    path: str
    spans: tuple[tuple[int, int], ...]


def read_rows(file: Path) -> list[dict]:
    """Read a `.jsonl.gz` file of rows with set, title, context, question and answers."""
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def choose_contexts(rows: list[dict], count: int, seed: int) -> list[dict]:
    """Return all rows of `count` contexts chosen at random, single sentences (qamr) left out."""
    rows = [row for row in rows if row["set"] != "qamr"]
    contexts = sorted({row["context"] for row in rows})
    chosen = set(random.Random(seed).sample(contexts, min(count, len(contexts))))
    return [row for row in rows if row["context"] in chosen]


def build(name: str, rows: list[dict]) -> tuple[Pinpoint, list[Question]]:
    """Write the rows' contexts as files below the cache, index them, and return the questions."""
    folder = CACHE / name / "documents"
    folder.mkdir(parents=True, exist_ok=True)
    questions = []
    for row in rows:
        path = folder / f"{hashlib.sha256(row['context'].encode()).hexdigest()[:16]}.txt"
        if not path.exists():
            path.write_bytes(row["context"].encode())
        spans = tuple((a["start"], a["start"] + len(a["text"])) for a in row["answers"])
        if spans:
            questions.append(
                Question(row["set"], row["title"], row["question"], str(path.resolve()), spans)
            )
    pinpoint = Pinpoint.open(CACHE / name / "home")
    report = pinpoint.sync(folder, progress=_told)
    print(f" {report.embedded} chunks embedded in {report.seconds} s", file=sys.stderr)
    return pinpoint, questions


def _told(stage: str, done: int, total: int) -> None:
    print(f"\r{stage} {done}/{total}", end="", file=sys.stderr)


def data_argument(description: str) -> argparse.ArgumentParser:
    """Return a parser that takes the folder with the question-answering files."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--data", type=Path, required=True, help="folder of qa-*.jsonl.gz")
    return parser
