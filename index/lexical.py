"""The full-text index of large collections: Tantivy, derived from the store and stamped like FAISS.

SQLite's full-text index scores every passage that holds any word of a question. That takes a second
for a million passages; Tantivy passes over those that cannot be among the best. Losing the files
loses nothing.
"""

import json
import logging
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import file_digest
from pathlib import Path
from typing import Any

import numpy as np

from index.atomic import replacing
from index.errors import IndexDamagedError
from index.sqlite_store import SqliteStore
from index.store import Ids

FROM_CHUNKS = 20_000
"""Smaller collections are searched by SQLite, whose scores follow every change exactly; Tantivy
counts passages that have gone until it merges their segment."""
FOLDER = "terms.tantivy"
STAMP_NAME = "terms.json"

_LAYOUT = 2  # raise it when the fields or the analysis change
_HEAP_BYTES = 64_000_000
_BATCH = 1000  # passages read from the store at once

_log = logging.getLogger(__name__)


class LexicalIndex:
    """BM25 search over the chunks of one generation; safe to use from several threads."""

    def __init__(self, folder: Path, index_id: str | None, generation: int) -> None:
        self._made_of = index_id, generation
        with _engine(folder):
            index = _open(folder)
            index.config_reader("manual")
            self._schema = index.schema
            self._searcher = index.searcher()
        self._folder = folder
        self._analyzer = _analyzer()

    @classmethod
    def load(cls, store: SqliteStore) -> "LexicalIndex | None":
        """Return the index of the store's generation; writes nothing.

        None where SQLite has to be asked instead: the collection is small, a sync has not come
        this far yet, or the files are missing or damaged, which is said through `logging`.
        """
        if not is_large(store) or not _is_current(store):
            return None
        try:
            check_files(store)
            return cls(store.home / FOLDER, store.meta("index_id"), store.generation())
        except IndexDamagedError as error:
            _log.warning("%s; SQLite is searched, and the next sync makes it again", error)
            return None

    @classmethod
    def build(cls, store: SqliteStore, folder: Path) -> "LexicalIndex":
        """Make an index of all chunks in an empty folder, which must stay while it is used.

        Raises:
            IndexDamagedError: the folder cannot be written.
        """
        _write(store, folder, added=store.chunk_ids(), removed=np.empty(0, dtype=np.int64))
        return cls(folder, store.meta("index_id"), store.generation())

    def fits(self, store: SqliteStore) -> bool:
        """Tell whether this is the index of the store's generation."""
        return self._made_of == (store.meta("index_id"), store.generation())

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def ids(self) -> Ids:
        """Return the ids of the chunks held, ascending."""
        from tantivy import Query

        held, _ = self._best(Query.all_query(), max(len(self), 1))
        return np.sort(held)

    def search(
        self, phrases: Sequence[str], limit: int, allowed: Ids | None = None
    ) -> list[tuple[int, float]]:
        """Return at least `limit` `(chunk, BM25 score)` by (-score, chunk), with every last tie.

        Args:
            phrases: Words, or words in a row, any of which may be in a passage.
            limit: How many; fewer come back when fewer match.
            allowed: Chunk ids to search among, ascending; None searches all.

        Raises:
            IndexDamagedError: a file is damaged.
        """
        query = self._query(phrases)
        if query is None:
            return []
        looked_at = limit + 1
        if allowed is not None:
            looked_at = limit * max(2, len(self) // max(len(allowed), 1))
        while True:
            ids, scores = self._best(query, looked_at)
            all_found = len(ids) < looked_at
            last = scores[-1] if len(scores) else 0.0
            if allowed is not None:
                within = np.isin(ids, allowed)
                ids, scores = ids[within], scores[within]
            if all_found or (len(ids) >= limit and last < scores[limit - 1]):
                kept = scores >= scores[limit - 1] if len(ids) > limit else slice(None)
                found = zip(ids[kept].tolist(), scores[kept].tolist(), strict=True)
                return sorted(found, key=lambda hit: (-hit[1], hit[0]))
            looked_at *= 4

    def _best(self, query: Any, limit: int) -> tuple[Ids, Any]:  # noqa: ANN401
        with _engine(self._folder):
            hits = self._searcher.search(query, limit, count=False).hits
            ids = self._searcher.fast_field_values("chunk", [address for _, address in hits])
        return np.array(ids, dtype=np.int64), np.array([score for score, _ in hits])

    def _query(self, phrases: Sequence[str]) -> Any:  # noqa: ANN401 - Tantivy has no types
        from tantivy import Occur, Query

        parts = []
        for phrase in phrases:
            words = self._analyzer.analyze(phrase)
            if len(words) == 1:
                parts.append(Query.term_query(self._schema, "text", words[0], "freq"))
            elif words:
                parts.append(Query.phrase_query(self._schema, "text", words))
        return Query.boolean_query([(Occur.Should, part) for part in parts]) if parts else None


def engine(store: SqliteStore) -> str:
    """Return what full-text search uses now: `sqlite` or `tantivy`."""
    return "tantivy" if is_large(store) and _is_current(store) else "sqlite"


def is_large(store: SqliteStore) -> bool:
    """Tell whether the collection is one for Tantivy."""
    return store.state().chunks >= FROM_CHUNKS


def save_if_behind(store: SqliteStore) -> None:
    """Bring the files up to the store's generation; remove them where the collection is small.

    The work is in proportion to what has changed. The database is whole without the files, so what
    cannot be written is only logged.
    """
    folder = store.home / FOLDER
    try:
        if not is_large(store):
            (store.home / STAMP_NAME).unlink(missing_ok=True)
            if folder.exists():
                shutil.rmtree(folder)
        elif not _is_current(store) or not _is_whole(store):
            _save(store, folder)
    except (OSError, IndexDamagedError) as error:
        _log.warning("%s: cannot be written (%s); searches are slower without", folder, error)


def check_files(store: SqliteStore, *, hashed: bool = False) -> None:
    """Compare the files with the stamp: by size and time, and by SHA-256 where these differ.

    Args:
        store: Whose files they are.
        hashed: Compare the SHA-256 of all files.

    Raises:
        IndexDamagedError: one is missing, or another than was written.
    """
    folder = store.home / FOLDER
    for name, written in _stamp(store).get("files", {}).items():
        try:
            same = not hashed and _seen(folder / name) == written["seen"]
            same = same or _sha256(folder / name) == written["sha256"]
        except OSError:
            same = False
        if not same:
            raise IndexDamagedError(f"{folder / name}: damaged, or not of this index")


def _is_current(store: SqliteStore) -> bool:
    return bool(_stamp(store).get("generation") == store.generation())


def _is_whole(store: SqliteStore) -> bool:
    try:
        check_files(store)
    except IndexDamagedError:
        return False
    return True


def _save(store: SqliteStore, folder: Path) -> None:
    before, changes = _stamp(store), None
    if _is_whole(store):
        changes = store.changes_since(before.get("generation", -1))
    (store.home / STAMP_NAME).unlink(missing_ok=True)
    if changes is None:
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir()
        LexicalIndex.build(store, folder)
    else:
        _write(store, folder, added=changes.added, removed=changes.removed)
    stamp = {
        "index_id": store.meta("index_id"),
        "layout": _LAYOUT,
        "generation": store.generation(),
        "files": {path.name: _described(path, before) for path in _files(folder)},
    }
    with replacing(store.home / STAMP_NAME) as stream:
        stream.write(json.dumps(stamp).encode())


def _write(store: SqliteStore, folder: Path, *, added: Ids, removed: Ids) -> None:
    from tantivy import Document

    with _engine(folder):
        writer = _open(folder).writer(heap_size=_HEAP_BYTES, num_threads=1)
        for chunk in removed.tolist():
            writer.delete_documents_by_term("chunk", chunk)
        for first in range(0, len(added), _BATCH):
            for chunk, text in store.searched_texts(added[first : first + _BATCH].tolist()):
                writer.add_document(Document(chunk=chunk, text=text))
        writer.commit()
        writer.wait_merging_threads()


def _stamp(store: SqliteStore) -> dict[str, Any]:
    try:
        stamp = json.loads((store.home / STAMP_NAME).read_bytes())
    except (OSError, ValueError):
        return {}
    if not isinstance(stamp, dict) or stamp.get("layout") != _LAYOUT:
        return {}
    return stamp if stamp.get("index_id") == store.meta("index_id") else {}


def _open(folder: Path) -> Any:  # noqa: ANN401
    from tantivy import Index, SchemaBuilder

    builder = SchemaBuilder()
    builder.add_integer_field("chunk", indexed=True, fast=True)
    builder.add_text_field("text", tokenizer_name="pinpoint", index_option="position")
    index = Index(builder.build(), path=str(folder))  # opens what is there
    index.register_tokenizer("pinpoint", _analyzer())
    return index


def _analyzer() -> Any:  # noqa: ANN401
    """Return the analysis, near to SQLite's `porter unicode61 remove_diacritics 2`."""
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    return (
        TextAnalyzerBuilder(Tokenizer.simple())
        .filter(Filter.lowercase())
        .filter(Filter.ascii_fold())
        .filter(Filter.stemmer("english"))
        .build()
    )


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files that hold the index; the others are locks."""
    yield from (path for path in sorted(folder.iterdir()) if not path.name.startswith(".tantivy-"))


def _described(path: Path, before: dict[str, Any]) -> dict[str, Any]:
    """Return what tells a file from another; Tantivy never changes one, so most are known."""
    known, seen = before.get("files", {}).get(path.name), _seen(path)
    if known is not None and known["seen"] == seen:
        return {**known}
    return {"seen": seen, "sha256": _sha256(path)}


def _seen(path: Path) -> list[int]:
    found = path.stat()
    return [found.st_size, found.st_mtime_ns]


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


@contextmanager
def _engine(folder: Path) -> Iterator[None]:
    """Turn what Tantivy raises, a panic of its own too, into an error that says which files."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # a panic is no Exception
        raise IndexDamagedError(f"{folder}: {error}") from error
