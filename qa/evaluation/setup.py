"""What an evaluation was made with: equal setups give equal records, but for the seconds."""

import hashlib
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from index.settings import Settings
from index.store import Store
from qa.api import Pinpoint, calibration_of
from qa.evaluation.questions import QuestionFile
from qa.sentence_reader import SENTENCES
from qa.span_model import reader_folder

_MATTERING = (
    *("candidates", "passages", "max_citations", "threshold", "chunk_tokens", "chunk_overlap"),
    *("store", "store_index", "language", "model_runtime", "model_revision", "reader_revision"),
)


class Setup(BaseModel):
    """What an evaluation was made with.

    `program` is the SHA-256 over the code and data of the packages that answer. `questions` counts
    those asked, a sample of `limit` where that is set; with `withhold`, each is asked once more
    without the documents that answer it. `settings` are those that answers depend on,
    `calibration` the SHA-256 of the one that they go through.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    pinpoint: str
    program: str
    file: str
    file_sha256: str
    questions: int
    limit: int | None
    withhold: bool
    index_id: str | None
    generation: int
    documents: int
    chunks: int
    model: str
    model_fingerprint: str
    reader: str
    reader_fingerprint: str | None
    settings: dict[str, str | int | float | None]
    calibration: str | None = None

    def differences(self, other: "Setup") -> list[str]:
        """Return the names of what is not the same; where the file lies does not matter."""
        one, two = self.model_dump(exclude={"file"}), other.model_dump(exclude={"file"})
        return [name for name in one if one[name] != two[name]]


def setup_of(
    pinpoint: Pinpoint,
    store: Store,
    file: QuestionFile,
    *,
    questions: int,
    limit: int | None,
    withhold: bool,
) -> Setup:
    """Return what an evaluation of this collection would be made with; loads the embedder."""
    settings, state = pinpoint.settings, store.state()
    return Setup(
        pinpoint=version("pinpoint-qa"),
        program=program(),
        file=file.name,
        file_sha256=file.sha256,
        questions=questions,
        limit=limit,
        withhold=withhold,
        index_id=store.meta("index_id"),
        generation=state.generation,
        documents=state.documents,
        chunks=state.chunks,
        model=settings.model,
        model_fingerprint=pinpoint.embedder.fingerprint,
        reader=settings.reader,
        reader_fingerprint=reader_fingerprint(settings),
        settings={name: getattr(settings, name) for name in _MATTERING},
        calibration=calibration_of(pinpoint),
    )


def reader_fingerprint(settings: Settings) -> str | None:
    """Return the SHA-256 over the reader's files, None where it has none of its own."""
    if settings.reader == SENTENCES:
        return None
    return _digest(reader_folder(settings.reader, settings.reader_revision))


@cache
def program() -> str:
    """Return the SHA-256 over the code and data of `index` and `qa`, the reader's model left out.

    Half of an evaluation must not come from another program than the other half.
    """
    digest = hashlib.sha256()
    for package in ("index", "qa"):
        for name, file in sorted(_files(files(package), package)):
            if not name.startswith("qa/data/reader/"):
                digest.update(f"{name} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _files(folder: Traversable, above: str) -> list[tuple[str, Traversable]]:
    found = []
    for entry in folder.iterdir():
        name = f"{above}/{entry.name}"
        if entry.is_dir():
            found += _files(entry, name) if entry.name != "__pycache__" else []
        else:
            found.append((name, entry))
    return found


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        with file.open("rb") as stream:
            content = hashlib.file_digest(stream, "sha256").hexdigest()
        digest.update(f"{file.relative_to(folder).as_posix()} {content}\n".encode())
    return digest.hexdigest()
