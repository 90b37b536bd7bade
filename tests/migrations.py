"""An index with all that a document can have, and what one holds, table by table."""

import sqlite3
from contextlib import closing, contextmanager
from zipfile import ZipFile

import numpy as np
import pytest
from fakes import WordEmbedder
from milvus_fakes import Killed

from index.chunk import Chunk
from index.database import FILE_NAME
from index.document import Block, Extracted, Location
from index.recipe import chunk_recipe
from index.settings import Settings
from index.sqlite_writer import SqliteWriter
from index.sync import sync

SETTINGS = Settings(extract_processes=1, lock_timeout_seconds=0.2)
TEXT = "Gate\n\nThe gate opens at nine. \N{GRINNING FACE}\nIt shuts at ten."
SCANNED = Extracted(
    text=TEXT,
    title="Gäte" * 2000,
    date="2024-02-29",
    media_type="application/pdf",
    blocks=(Block(0, 4), Block(6, 46, ("Gate", "Hours"), "item")),
    locations=(Location(0, 46, "page", "1"),),
    authors="Mara",
    language="de",
    url="https://example.org/gate",
    layout=b"\x00\xff\x01",
    warnings=("page 2 could not be read",),
)


def make_index(home, folder):
    """Index files, a copy, an archive and a broken file; then a document with all fields."""
    (folder / "a.txt").write_text("The old gate stands north of the river.")
    (folder / "b.md").write_text("# Lamps\n\nMara keeps the red lamp.\n\n# Oil\n\nIt burns oil.\n")
    (folder / "copy.txt").write_text("The old gate stands north of the river.")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    (folder / "empty.txt").write_text("Going.")
    with ZipFile(folder / "some.zip", "w") as archive:
        archive.writestr("within.txt", "The river rises in March.")
    sync(home, [folder], WordEmbedder(), SETTINGS)
    (folder / "empty.txt").unlink()
    sync(home, None, WordEmbedder(), SETTINGS)
    with SqliteWriter.writing(home) as store:
        rowid = store.add_document("/scans/gate.pdf", 7, "f" * 64, SCANNED, stat="7 8 9")
        chunk = Chunk(
            6, 29, ("Gate", "Hours " * 1000), ((6, 29),), "Gate > Hours\nThe gate opens at nine."
        )
        (chunk_id,) = store.add_chunks(
            rowid, SCANNED, [chunk], chunk_recipe(SETTINGS, WordEmbedder())
        )
        vector = np.arange(64, dtype="<f4") / np.float32(3)
        store.add_vectors([(chunk_id, vector.tobytes())])
        store.next_generation()


def tables(home):
    """Return all that the database holds but its log of changes."""
    queries = {
        name: f"SELECT * FROM {name} ORDER BY 1"
        for name in (
            *("meta", "roots", "failures", "archives", "documents", "structures", "chunks"),
            *("vectors", "sqlite_sequence"),
        )
    }
    queries["texts"] = "SELECT sha256, text FROM texts ORDER BY 1"
    queries["passages"] = "SELECT rowid, title, heading, body FROM passages ORDER BY 1"
    with closing(sqlite3.connect(f"file:{home / FILE_NAME}?mode=ro", uri=True)) as db:
        return {name: db.execute(query).fetchall() for name, query in queries.items()}


@contextmanager
def killed():
    """Expect the end of a process."""
    with pytest.raises(Killed):
        yield


def die(*_, **__):
    """End a process."""
    raise Killed
