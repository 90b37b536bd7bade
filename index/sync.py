"""Make the index equal to the folders it follows: add, update, rename, remove."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from index.chunk import Chunker
from index.dense import save_if_behind
from index.embed import Embedder
from index.errors import InputError, PinpointError
from index.files import below_any, canonical, is_below, outermost, walk
from index.intake import Known, ReadFile, read_changed
from index.recipe import check_chunking, check_model, write_recipe
from index.settings import Settings
from index.store import Store, StoredDocument, input_sha256

Progress = Callable[[int, int], None]
"""Called with chunks embedded so far and chunks to embed in all."""


class Failure(BaseModel):
    """A file or folder that could not be indexed; what was indexed of it before is kept."""

    model_config = ConfigDict(frozen=True)

    path: str
    cause: str


class SyncReport(BaseModel):
    """What a sync did: documents by what became of them, and chunks embedded."""

    model_config = ConfigDict(frozen=True)

    added: int = 0
    updated: int = 0
    renamed: int = 0
    removed: int = 0
    unchanged: int = 0
    failed: tuple[Failure, ...] = ()
    embedded: int = 0
    seconds: float = 0.0


def sync(
    home: Path,
    paths: Sequence[Path | str] | None,
    embedder: Embedder,
    settings: Settings,
    *,
    rebuild: bool = False,
    progress: Progress | None = None,
) -> SyncReport:
    """Bring the index up to date in one transaction; the first call makes the index.

    Args:
        home: Folder of the index.
        paths: Folders or files to follow from now on and to bring up to date now; None or none
            means all that the index follows already.
        embedder: Used only where a chunk's text has no vector yet.
        settings: Chunking, limits and language.
        rebuild: Load and embed every document again, with this model and these settings.
        progress: Called as chunks are embedded.

    Raises:
        InputError: there is nothing to follow.
        ModelMismatchError: the index was built with another model or chunking.
        IndexLockedError: another process is writing.
    """
    started = time.monotonic()
    if not paths:
        with Store.open(home) as store:
            if not store.roots():
                raise InputError("nothing to index: name a file or a folder")
    with Store.writing(home, timeout_seconds=settings.lock_timeout_seconds) as store:
        run = _Sync(store, embedder, settings, rebuild=rebuild, progress=progress)
        report = run.apply([canonical(path) for path in paths or ()])
    with Store.open(home) as store:
        save_if_behind(store)
    return report.model_copy(update={"seconds": round(time.monotonic() - started, 3)})


def remove(home: Path, paths: Sequence[Path | str], settings: Settings) -> int:
    """Stop following these paths and delete their documents; return how many were deleted.

    Raises:
        InputError: a path is neither followed nor indexed.
    """
    with Store.open(home):
        pass  # an index that is missing is not made
    with Store.writing(home, timeout_seconds=settings.lock_timeout_seconds) as store:
        gone: dict[int, StoredDocument] = {}
        roots = store.roots()
        failures, archives = store.failures(), store.archives()
        for path in paths:
            named = (canonical(path), str(Path(path).absolute()))  # a link has a name of its own
            below = [d for d in store.documents() if below_any(d.path, named)]
            if not below and not any(below_any(known, named) for known in (*roots, *failures)):
                raise InputError(f"{path}: not in this index; see: pinpoint status")
            gone.update({document.rowid: document for document in below})
            roots = [root for root in roots if not below_any(root, named)]
            failures = {k: v for k, v in failures.items() if not below_any(k, named)}
            # One that lost a member is no longer held as it is.
            archives = {k: v for k, v in archives.items() if not _touches(k, named)}
        for rowid in gone:
            store.remove_document(rowid)
        store.set_roots(roots)
        store.set_failures(failures)
        store.set_archives(archives)
        if gone:
            store.next_generation()
    with Store.open(home) as store:
        save_if_behind(store)
    return len(gone)


class _Sync:
    """One sync inside one open transaction."""

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        settings: Settings,
        *,
        rebuild: bool,
        progress: Progress | None,
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._settings = settings
        self._rebuild = rebuild
        self._progress = progress
        self._failures: dict[str, str] = {}
        self._chunk_tokens = min(settings.chunk_tokens, embedder.max_tokens)

    def apply(self, paths: Sequence[str]) -> SyncReport:
        store = self._store
        followed = store.roots()
        # Vectors of two models must never meet, so a rebuild takes in all that is followed.
        roots = outermost([*paths, *followed] if self._rebuild or not paths else paths)
        if not self._rebuild:
            check_model(store, self._embedder.fingerprint)
            check_chunking(store, self._settings, self._chunk_tokens)
        write_recipe(store, self._embedder.fingerprint, self._settings, self._chunk_tokens)
        known = {d.path: d for d in store.documents() if below_any(d.path, roots)}
        found = list(walk(roots, followed, store.home, self._failures))
        read = read_changed(found, self._known(known), self._settings)
        self._failures |= read.failures
        changed = read.changed
        if self._rebuild:  # what cannot be read now is made again from its stored text
            made = {file.path for file in changed}
            kept = [d for path, d in known.items() if path not in made]
            changed += [self._from_store(d) for d in kept if below_any(d.path, self._failures)]
        gone = {
            path: known[path]
            for path in sorted(set(known) - read.present)
            # Unless its folder could not be looked into: then nobody knows.
            if not below_any(path, self._failures)
        }
        renamed = _renames([file for file in changed if file.path not in known], gone)
        updated = {file.path for file in changed if file.path in known}
        embedded = self._replace([*updated, *gone], known, changed)
        if changed or gone:
            store.next_generation()
        existing = [root for root in paths if root not in self._failures]
        store.set_roots(outermost([*followed, *existing]))
        if not store.roots():
            causes = "; ".join(f"{path}: {cause}" for path, cause in self._failures.items())
            raise PinpointError(f"nothing to index: {causes}")
        elsewhere = {p: c for p, c in store.failures().items() if not below_any(p, roots)}
        store.set_failures(elsewhere | self._failures)
        elsewhere = {p: digest for p, digest in store.archives().items() if not below_any(p, roots)}
        store.set_archives(elsewhere | read.archives)
        return SyncReport(
            added=len(changed) - len(updated) - len(renamed),
            updated=len(updated),
            renamed=len(renamed),
            removed=len(gone) - len(renamed),
            unchanged=sum(
                path not in updated and path not in gone and not below_any(path, self._failures)
                for path in known
            ),
            failed=tuple(
                Failure(path=path, cause=cause) for path, cause in sorted(self._failures.items())
            ),
            embedded=embedded,
        )

    def _known(self, documents: dict[str, StoredDocument]) -> Known:
        if self._rebuild:
            return Known()
        return Known(documents, self._store.archives(), frozenset(self._store.failures()))

    def _from_store(self, stored: StoredDocument) -> ReadFile:
        document = self._store.extracted(stored.rowid)
        return ReadFile(stored.path, stored.size_bytes, stored.file_sha256, document)

    def _replace(
        self, old: Sequence[str], known: dict[str, StoredDocument], changed: Sequence[ReadFile]
    ) -> int:
        """Swap old documents for changed ones; return how many inputs had to be embedded."""
        vectors: dict[bytes, bytes] = {}
        for path in old:
            if not self._rebuild:
                vectors |= self._store.vectors_by_input(known[path].rowid)
            self._store.remove_document(known[path].rowid)
        inputs, chunk_ids = self._add(changed)
        if not self._rebuild:
            for key in inputs.keys() - vectors.keys():
                vectors |= self._store.vectors_by_input(None, key)
        missing = sorted(
            inputs.keys() - vectors.keys(), key=lambda key: (len(inputs[key]), inputs[key])
        )
        vectors |= self._embed(missing, [inputs[key] for key in missing])
        self._store.add_vectors(
            [(chunk, vectors[key]) for key, chunks in chunk_ids.items() for chunk in chunks]
        )
        return len(missing)

    def _add(self, files: Sequence[ReadFile]) -> tuple[dict[bytes, str], dict[bytes, list[int]]]:
        """Store documents and chunks; return inputs, and chunk ids, by the inputs' hashes."""
        settings = self._settings
        chunker = Chunker(
            self._embedder.token_offsets,
            max_tokens=self._chunk_tokens,
            special_tokens=self._embedder.special_tokens,
            overlap=settings.chunk_overlap,
            language=settings.language,
        )
        inputs: dict[bytes, str] = {}
        chunk_ids: dict[bytes, list[int]] = {}
        for file in files:
            chunks = chunker.split(file.document)
            ids = self._store.add_document(
                file.path, file.size_bytes, file.sha256, file.document, chunks
            )
            for chunk_id, chunk in zip(ids, chunks, strict=True):
                key = input_sha256(chunk.input)
                inputs[key] = chunk.input
                chunk_ids.setdefault(key, []).append(chunk_id)
        return inputs, chunk_ids

    def _embed(self, keys: Sequence[bytes], texts: Sequence[str]) -> dict[bytes, bytes]:
        vectors: dict[bytes, bytes] = {}
        size = self._settings.embed_batch
        for first in range(0, len(texts), size):
            if self._progress:
                self._progress(first, len(texts))
            batch = self._embedder.encode_documents(texts[first : first + size])
            rows = (row.tobytes() for row in batch)
            vectors |= zip(keys[first : first + size], rows, strict=True)
        if texts:
            self._store.set_meta("embedder", self._embedder.info().model_dump_json())
            if self._progress:
                self._progress(len(texts), len(texts))
        return vectors


def _touches(archive: str, paths: Sequence[str]) -> bool:
    """Tell whether a path is the archive's, a folder's above it or a member's."""
    return below_any(archive, paths) or any(is_below(path, archive) for path in paths)


def _renames(new: Sequence[ReadFile], gone: dict[str, StoredDocument]) -> dict[str, str]:
    """Pair new paths with vanished ones that held the same bytes, each used once."""
    by_hash: dict[str, list[str]] = {}
    for path in sorted(gone, reverse=True):
        by_hash.setdefault(gone[path].file_sha256, []).append(path)
    return {file.path: old.pop() for file in new if (old := by_hash.get(file.sha256))}
