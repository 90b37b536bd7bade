"""Checks the database as a whole: SQLite's own view of it, counts, generations, orphans."""

import json
import sqlite3
from collections.abc import Iterator

from index.findings import AGAIN, INDEX, RESTORE, Finding
from index.sqlite_writer import COUNTED

_SHOWN = 100  # SQLite stops looking after so many


def check_file(db: sqlite3.Connection) -> Iterator[Finding]:
    """Let SQLite look at the file, its indexes and references."""
    said = [row[0] for row in db.execute(f"PRAGMA integrity_check({_SHOWN})")]
    for line in said if said != ["ok"] else []:
        in_index = ("row " in line and " index " in line) or "entries in index" in line
        yield Finding("database", line, "indexes" if in_index else None, way_out=RESTORE)
    for table, rowid, parent, _ in db.execute("PRAGMA foreign_key_check"):
        what = f"row {rowid} of {table} belongs to no row of {parent}"
        yield Finding("database", what, "orphans", way_out=RESTORE)


def check_orphans(db: sqlite3.Connection) -> Iterator[Finding]:
    """Find documents without a text or a structure, and full-text rows without a chunk."""
    for (path,) in db.execute(
        "SELECT path FROM documents WHERE sha256 NOT IN (SELECT sha256 FROM texts) ORDER BY path"
    ):
        yield Finding("documents", f"{path} has no text", way_out=AGAIN)
    for (path,) in db.execute(
        "SELECT path FROM documents WHERE id NOT IN (SELECT document FROM structures) ORDER BY path"
    ):
        yield Finding("documents", f"{path} has no structure", way_out=AGAIN)
    for (rowid,) in db.execute(
        "SELECT rowid FROM passages WHERE rowid NOT IN (SELECT id FROM chunks)"
    ):
        yield Finding("full text", f"full-text row {rowid} belongs to no chunk", "words")


def check_words(db: sqlite3.Connection) -> Iterator[Finding]:
    """Let the full-text index compare itself with its rows; needs the writer's place."""
    try:
        db.execute("INSERT INTO passages (passages) VALUES ('integrity-check')")
    except sqlite3.DatabaseError as error:
        yield Finding(
            "full text", f"the full-text index does not match its rows ({error})", "words"
        )


def check_meta(db: sqlite3.Connection) -> Iterator[Finding]:
    """Compare the counts, the model and the log of generations with what is there."""
    meta = dict(db.execute("SELECT key, value FROM meta"))
    counts = json.loads(meta.get("counts", "{}"))
    for name, rows in COUNTED.items():
        (found,) = db.execute(f"SELECT count(*) FROM {rows}").fetchone()  # noqa: S608
        if counts.get(name) != found:
            yield Finding("counts", f"{name} is {counts.get(name)} instead of {found}", "counts")
    yield from _check_model(db, meta)
    yield from _check_generations(db, int(meta.get("generation", 0)))


def _check_model(db: sqlite3.Connection, meta: dict[str, str]) -> Iterator[Finding]:
    model = meta.get("model")
    known = json.loads(meta["embedder"])["fingerprint"] if "embedder" in meta else model
    if known != model:
        yield Finding("vectors", "the index names two models", way_out=f"{INDEX} --rebuild")
    for (recipe,) in db.execute("SELECT DISTINCT chunked_with FROM documents ORDER BY 1"):
        if recipe and not recipe.endswith(f"; model {model}"):
            what = f"texts were cut and embedded in another way ({recipe})"
            yield Finding("vectors", what, way_out=INDEX)


def _check_generations(db: sqlite3.Connection, generation: int) -> Iterator[Finding]:
    rows = db.execute("SELECT generation, last_chunk FROM generations ORDER BY 1").fetchall()
    if rows and rows[-1][0] != generation:
        what = f"the log ends with generation {rows[-1][0]} instead of {generation}"
        yield Finding("generations", what, "generations")
    row = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'chunks'").fetchone()
    given = row[0] if row else 0
    if any(last_chunk > given for _, last_chunk in rows):
        what = f"the log knows chunk ids above {given}, the last one given"
        yield Finding("generations", what, "generations")
    (alive,) = db.execute(
        "SELECT count(*) FROM removed_chunks WHERE chunk IN (SELECT id FROM chunks)"
    ).fetchone()
    if alive:
        yield Finding("generations", f"{alive} removed chunks are still there", "generations")
