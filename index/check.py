"""Checks everything in an index against everything, and makes anew what is derived."""

import os
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from index.check_derived import check_dense, check_lexical
from index.check_tables import check_file, check_meta, check_orphans, check_words
from index.check_texts import Recut, TextCheck
from index.database import FILE_NAME, connection
from index.database import check as check_schema
from index.derived import FAISS_NAMES, TANTIVY_NAMES, remove_derived, save_derived
from index.embed import Embedder
from index.errors import IndexMissingError
from index.findings import INDEX, RESTORE, CheckReport, Finding, Mend, Part, Problem
from index.recipe import chunk_recipe, chunker
from index.settings import Settings
from index.sqlite_store import SqliteStore
from index.sqlite_writer import SqliteWriter
from index.store import input_sha256
from index.transaction import writers_place

_MOST_OF_A_PART = 20
_NOT_AS_WRITTEN = (ValueError, TypeError, LookupError, AttributeError)  # of damaged values


def check(
    home: Path,
    settings: Settings,
    *,
    repair: bool = True,
    embedder: Embedder | None = None,
) -> CheckReport:
    """Check the index, and make anew what can be made from the rest of it.

    Writers wait while it looks; readers do not. Nothing is written where all is well. Chunks or
    vectors that are wrong are taken out with all chunks of their text, which the next sync cuts
    and embeds again.

    Args:
        home: Folder of the index.
        settings: How long to wait for a writer, and how texts are cut.
        repair: False only looks.
        embedder: With it, every text is cut again and its chunks compared; None does not.

    Raises:
        IndexMissingError: there is no index.
        IndexDamagedError, IndexTooOldError, IndexTooNewError: its file is none of ours, or of
            another version.
        IndexLockedError: another process kept writing.
    """
    started = time.monotonic()
    found = _look(home, settings, embedder)
    problems = found.problems
    mends = {finding.mend for finding in problems if finding.mend}
    if repair and mends and not found.read_only:
        _repair(home, settings, problems, mends)
        again = _look(home, settings, embedder).problems
        left = {(f.part, f.what) for f in again}
        known = {(f.part, f.what) for f in problems}
        new = (f for f in again if (f.part, f.what) not in known)
        problems += [f for f in new if f.way_out != INDEX]  # that is what was taken out
    else:
        left = {(f.part, f.what) for f in problems}
    return CheckReport(
        generation=found.generation,
        checked=dict(found.checked),
        problems=tuple(_told(problems, left)),
        skipped=tuple(found.skipped),
        seconds=round(time.monotonic() - started, 3),
    )


class _Found:
    """What one look at the index gave."""

    def __init__(self) -> None:
        self.generation = 0
        self.checked: Counter[str] = Counter()
        self.problems: list[Finding] = []
        self.skipped: list[str] = []
        self.read_only = False


def _look(home: Path, settings: Settings, embedder: Embedder | None) -> _Found:
    found = _Found()
    found.read_only = not (os.access(home, os.W_OK) and os.access(home / FILE_NAME, os.W_OK))
    with _opened(home, settings, read_only=found.read_only) as db:
        store = SqliteStore(db, home)
        try:
            found.problems += check_file(db)
            found.generation = store.generation()
            texts = TextCheck(db, _recut(store, settings, embedder))
            found.checked = texts.checked
            for findings in (texts.findings(), check_orphans(db), check_meta(db)):
                found.problems += findings
            if found.read_only:
                found.skipped.append(
                    "the inside of the full-text index, as the folder is read-only"
                )
            else:
                found.problems += check_words(db)
            if not any(f.part in ("database", "chunks", "vectors") for f in found.problems):
                found.problems += check_dense(store)
                found.problems += check_lexical(store)
        except (sqlite3.DatabaseError, *_NOT_AS_WRITTEN) as error:
            found.problems.append(Finding("database", f"cannot be read ({error})", way_out=RESTORE))
    if embedder is None:
        found.skipped.append("whether texts are still cut into the same chunks; see: --deep")
    return found


@contextmanager
def _opened(home: Path, settings: Settings, *, read_only: bool) -> Iterator[sqlite3.Connection]:
    path = home / FILE_NAME
    if not path.is_file():
        raise IndexMissingError(f"no index in {home}; make one with: pinpoint index PATH")
    if read_only:
        with connection(path, "ro", settings.lock_timeout_seconds) as db:
            check_schema(db, path)
            db.execute("BEGIN")
            yield db
        return
    with writers_place(home, settings.lock_timeout_seconds, mode="rw") as db:
        check_schema(db, path)
        yield db


def _recut(store: SqliteStore, settings: Settings, embedder: Embedder | None) -> Recut | None:
    if embedder is None:
        return None
    recipe, cutter = chunk_recipe(settings, embedder), chunker(settings, embedder)

    def recut(sha256: str) -> list[tuple[int, int, bytes]] | None:
        found = store.find_document(sha256)
        if found is None or found[0].chunked_with != recipe:
            return None  # the next sync makes it anew anyway
        chunks = cutter.split(store.extracted(found[0].rowid))
        return [(chunk.start, chunk.end, input_sha256(chunk.input)) for chunk in chunks]

    return recut


def _repair(home: Path, settings: Settings, problems: Iterable[Finding], mends: set[Mend]) -> None:
    texts = sorted({f.sha256 for f in problems if f.mend == "chunks" and f.sha256 is not None})
    steps: dict[Mend, Callable[[SqliteWriter], None]] = {
        "indexes": SqliteWriter.reindex,
        "orphans": SqliteWriter.remove_orphans,
        "generations": SqliteWriter.forget_generations,
        "words": SqliteWriter.rebuild_words,
    }
    if mends - {"FAISS", "Tantivy"}:  # the counts are made with every change
        timeout = settings.lock_timeout_seconds
        with SqliteWriter.writing(home, timeout_seconds=timeout) as store:
            for mend, step in steps.items():
                if mend in mends:
                    step(store)
            for sha256 in texts:
                store.take_out_chunks(sha256)
            if texts:
                store.next_generation()
    if "FAISS" in mends:
        remove_derived(home, FAISS_NAMES)
    if mends & {"Tantivy", "words"}:  # the former is made from the latter
        remove_derived(home, TANTIVY_NAMES)
    save_derived(home)


def _told(findings: Sequence[Finding], left: set[tuple[Part, str]]) -> Iterator[Problem]:
    """Yield the problems; of a part that has very many, the first ones and how many more."""
    told: Counter[str] = Counter()
    open_ones: Counter[str] = Counter()
    for finding in findings:
        repaired = (finding.part, finding.what) not in left
        # Chunks that were taken out are missing until the next sync makes them.
        repaired = repaired and finding.mend != "chunks"
        told[finding.part] += 1
        if told[finding.part] > _MOST_OF_A_PART:
            open_ones[finding.part] += not repaired
            continue
        yield _problem(finding, repaired=repaired)
    for part, count in told.items():
        if count > _MOST_OF_A_PART:
            more = next(f for f in findings if f.part == part)
            what = f"and {count - _MOST_OF_A_PART} more of this kind"
            again = Finding(more.part, what, more.mend, way_out=more.way_out)
            yield _problem(again, repaired=not open_ones[part])


def _problem(finding: Finding, *, repaired: bool) -> Problem:
    return Problem(
        part=finding.part,
        what=finding.what,
        repaired=repaired,
        remade=finding.mend == "chunks",
        way_out=None if repaired else finding.way_out,
    )
