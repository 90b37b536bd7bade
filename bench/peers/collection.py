"""The documents and questions that every peer gets, written once."""

import hashlib
import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

SETS = ("squadshifts-wiki", "squadshifts-reddit", "squadshifts-amazon")
DOCUMENTS, QUESTIONS, TUNING, SEED = 2046, 1200, 300, 20261128

Row = dict


@dataclass(frozen=True)
class Document:
    """A paragraph; `id` is the start of its SHA-256."""

    id: str
    text: str


@dataclass(frozen=True)
class Question:
    """A question and the one document that answers it."""

    id: str
    text: str
    document: str


@dataclass(frozen=True)
class Collection:
    """What is searched, what is asked, and what settings are chosen with.

    No tuning question is among `questions`, nor about a document that one of those is about.
    """

    documents: tuple[Document, ...]
    questions: tuple[Question, ...]
    tuning: tuple[Question, ...]


def collect(
    dev: Sequence[Row],
    train: Sequence[Row],
    *,
    documents: int = DOCUMENTS,
    questions: int = QUESTIONS,
    tuning: int = TUNING,
    seed: int = SEED,
) -> Collection:
    """Choose a collection from question-answering rows of `SETS`.

    Args:
        dev: Rows whose contexts are all in it, and whose questions are asked.
        train: Rows whose contexts fill it up, and whose questions choose the settings.
        documents: In all; more when `dev` alone has more.
        questions: At most.
        tuning: At most, one a document.
        seed: The same seed and rows give the same collection.
    """
    chosen = random.Random(seed)
    own = {row["context"] for row in dev if row["set"] in SETS}
    others = sorted({row["context"] for row in train if row["set"] in SETS} - own)
    fill = set(chosen.sample(others, min(max(documents - len(own), 0), len(others))))
    asked = _questions(dev, own)
    by_document: dict[str, Question] = {}
    for question in chosen.sample(_questions(train, fill), len(_questions(train, fill))):
        by_document.setdefault(question.document, question)
    spare = list(by_document.values())
    return Collection(
        tuple(sorted((_document(text) for text in own | fill), key=lambda d: d.id)),
        tuple(chosen.sample(asked, min(questions, len(asked)))),
        tuple(spare[:tuning]),
    )


def _questions(rows: Iterable[Row], contexts: set[str]) -> list[Question]:
    found = {}
    for row in rows:
        if row["context"] in contexts and row["answers"]:
            document = _document(row["context"]).id
            question = Question(_id(f"{document} {row['question']}"), row["question"], document)
            found[question.id] = question
    return [found[key] for key in sorted(found)]


def _document(text: str) -> Document:
    return Document(_id(text), text)


def _id(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def write(collection: Collection, folder: Path) -> dict[str, str]:
    """Write one `.jsonl` a part into a folder; return the SHA-256 of each."""
    folder.mkdir(parents=True, exist_ok=True)
    checksums = {}
    for name in ("documents", "questions", "tuning"):
        rows = [json.dumps(asdict(row)) for row in getattr(collection, name)]
        content = "".join(f"{row}\n" for row in rows).encode()
        (folder / f"{name}.jsonl").write_bytes(content)
        checksums[name] = hashlib.sha256(content).hexdigest()
    return checksums


def read_questions(file: Path) -> list[Question]:
    """Read what `write` wrote."""
    return [Question(**json.loads(line)) for line in file.read_text("utf-8").splitlines()]


def read_documents(file: Path) -> list[Document]:
    """Read what `write` wrote."""
    return [Document(**json.loads(line)) for line in file.read_text("utf-8").splitlines()]
