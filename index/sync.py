"""Make the index equal to the folders it follows: add, update, rename, remove."""

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path

from index.change import Change
from index.embed import Embedder
from index.errors import IndexMissingError, InputError, PinpointError
from index.fan_out import fan_out
from index.files import (
    below_any,
    canonical,
    in_sight,
    is_below,
    outermost,
    place,
    upwards,
)
from index.recipe import chunk_recipe, is_other_model
from index.report import Failure, Progress, SyncPlan, SyncReport
from index.rows import StoredDocument
from index.settings import Settings
from index.sqlite_store import SqliteStore
from index.store import Store, StoreWriter
from index.stores import check_exists, open_store, open_writer
from index.survey import Survey

_Paths = Sequence[Path | str] | None


def sync(
    home: Path,
    paths: _Paths,
    embedder: Embedder,
    settings: Settings,
    *,
    within: bool = False,
    rebuild: bool = False,
    allow_empty: bool = False,
    progress: Progress | None = None,
) -> SyncReport:
    """Bring the index up to date in one transaction; the first call makes the index.

    Another embedding model or way of chunking than before makes everything anew. An interrupted
    sync leaves the index as it was; the next one takes over the vectors that it had made.

    Args:
        home: Folder of the index.
        paths: Folders or files to follow from now on and to bring up to date now; None or none
            means all that the index follows already.
        embedder: Used only where a chunk's text has no vector yet.
        settings: Chunking, limits and language.
        within: The paths are only where to look; they lie below followed ones, or are passed over,
            and may have vanished.
        rebuild: Load and embed every document again, with this model and these settings.
        allow_empty: Believe a followed folder that it has vanished or become empty.
        progress: Called as files are read and chunks are embedded.

    Raises:
        InputError: there is nothing to follow.
        IndexLockedError: another process is writing.
    """
    started = time.monotonic()
    named = [place(path) if within else canonical(path) for path in paths or ()]
    if not (paths or within):
        check_exists(home)
    with _changing(home, embedder, settings, rebuild=rebuild, progress=progress) as (store, change):
        if not (paths or within):
            _check_followed(store)
        if within:
            named = _followed(named, store)
        survey = Survey(
            store,
            settings,
            _roots(store, named, everything=rebuild or not (paths or within)),
            within=within,
            rebuild=rebuild,
            allow_empty=allow_empty,
        )
        report = _apply(change, survey, progress, rebuild=rebuild)
        _note_places(store, survey, named)
    return report.model_copy(update={"seconds": round(time.monotonic() - started, 3)})


def plan(
    home: Path,
    paths: _Paths,
    embedder: Embedder,
    settings: Settings,
    *,
    rebuild: bool = False,
    allow_empty: bool = False,
) -> SyncPlan:
    """Return what `sync` would do; nothing is written, and no file is loaded.

    Raises:
        InputError: there is nothing to follow.
    """
    named = [canonical(path) for path in paths or ()]
    with _open_or_empty(home) as store:
        if not named:
            _check_followed(store)
        roots = _roots(store, named, everything=rebuild or not paths)
        survey = Survey(store, settings, roots, rebuild=rebuild, allow_empty=allow_empty)
        changed = {file.path for file in survey.changed(load=False)}
        other_model = is_other_model(store, embedder.fingerprint)
        recipe = chunk_recipe(settings, embedder)
        stale = set() if rebuild else set(store.paths_made_otherwise(recipe))
    updated = (changed & survey.known.keys()) - survey.remade
    again = (survey.remade | stale) - updated - survey.gone.keys()
    return SyncPlan(
        added=tuple(sorted(changed - survey.known.keys() - survey.renamed.keys())),
        updated=tuple(sorted(updated)),
        renamed=tuple(sorted((old, new) for new, old in survey.renamed.items())),
        removed=tuple(sorted(survey.gone.keys() - set(survey.renamed.values()))),
        remade=tuple(sorted(again)),
        unchanged=_unchanged(survey, updated | again),
        failed=_failures(survey),
        reasons=_reasons(
            survey,
            other_model=other_model,
            other_chunks=bool(stale - changed - survey.gone.keys()),
        ),
    )


def remove(home: Path, paths: Sequence[Path | str], embedder: Embedder, settings: Settings) -> int:
    """Stop following these paths and delete their documents; return how many were deleted.

    Raises:
        InputError: a path is neither followed nor indexed.
    """
    check_exists(home)
    with _changing(home, embedder, settings) as (store, change):
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
        for document in gone.values():
            change.drop(document)
        change.finish()
        store.set_roots(roots)
        store.set_failures(failures)
        store.set_archives(archives)
    return len(gone)


def _followed(paths: Sequence[str], store: Store) -> list[str]:
    """Return the paths that a walk of the followed folders would come to."""
    roots = set(store.roots())
    above = [(path, next((p for p in upwards(path) if p in roots), None)) for path in paths]
    return [path for path, root in above if root and in_sight(path, root, store.home)]


def _check_followed(store: Store) -> None:
    if not store.roots():
        raise InputError("nothing to index: name a file or a folder")


def _roots(store: Store, named: Sequence[str], *, everything: bool) -> list[str]:
    return outermost([*named, *store.roots()] if everything else named)


@contextmanager
def _open_or_empty(home: Path) -> Iterator[Store]:
    try:
        with open_store(home) as store:
            yield store
            return
    except IndexMissingError:
        pass
    with SqliteStore.empty(home) as store:
        yield store


@contextmanager
def _changing(
    home: Path,
    embedder: Embedder,
    settings: Settings,
    *,
    rebuild: bool = False,
    progress: Progress | None = None,
) -> Iterator[tuple[StoreWriter, Change]]:
    """Open the store for one change; what is derived from it follows."""
    with open_writer(home, settings.lock_timeout_seconds) as store:
        unfinished = store.unfinished(embedder.fingerprint)
        with (
            closing(unfinished),
            fan_out(embedder, settings) as fanned,
            # Ray has machines of its own.
            nullcontext(fanned) if settings.embed_ray else store.shared(fanned) as shared,
        ):
            change = Change(store, shared, settings, unfinished, rebuild=rebuild, progress=progress)
            yield store, change


def _apply(
    change: Change, survey: Survey, progress: Progress | None, *, rebuild: bool
) -> SyncReport:
    put = set()
    for file in survey.changed(progress=progress):
        change.put(file, survey.known.get(file.path))
        put.add(file.path)
    for document in survey.gone.values():
        change.drop(document)
    change.finish()
    again = put & survey.remade
    cut = change.stale - put - survey.gone.keys()
    return SyncReport(
        added=len(put - survey.known.keys()) - len(survey.renamed),
        updated=len((put & survey.known.keys()) - again) + (len(cut) if rebuild else 0),
        renamed=len(survey.renamed),
        removed=len(survey.gone) - len(survey.renamed),
        remade=len(again) + (0 if rebuild else len(cut)),
        unchanged=_unchanged(survey, put | cut),
        failed=_failures(survey),
        reasons=_reasons(
            survey, other_model=change.other_model, other_chunks=bool(cut) and not rebuild
        ),
        embedded=change.embedded,
        resumed=change.resumed,
    )


def _unchanged(survey: Survey, changed: Collection[str]) -> int:
    return sum(
        path not in changed and path not in survey.gone and not below_any(path, survey.failures)
        for path in survey.known
    )


def _failures(survey: Survey) -> tuple[Failure, ...]:
    return tuple(Failure(path=path, cause=cause) for path, cause in sorted(survey.failures.items()))


def _reasons(survey: Survey, *, other_model: bool, other_chunks: bool) -> tuple[str, ...]:
    reasons = {
        "the embedding model is another one": other_model,
        "texts are cut into chunks in another way": other_chunks and not other_model,
        "files are read in another way": bool(survey.remade),
    }
    return tuple(reason for reason, holds in reasons.items() if holds)


def _note_places(store: StoreWriter, survey: Survey, named: Sequence[str]) -> None:
    """Note what is followed from now on, and what could not be read."""
    failures, roots = survey.failures, survey.roots
    store.set_stats(survey.stats)
    store.set_roots(outermost([*store.roots(), *(p for p in named if p not in failures)]))
    if not store.roots():
        causes = "; ".join(f"{path}: {cause}" for path, cause in failures.items())
        raise PinpointError(f"nothing to index: {causes}")
    elsewhere = {p: cause for p, cause in store.failures().items() if not below_any(p, roots)}
    store.set_failures(elsewhere | failures)
    elsewhere = {p: digest for p, digest in store.archives().items() if not below_any(p, roots)}
    store.set_archives(elsewhere | survey.archives)


def _touches(archive: str, paths: Sequence[str]) -> bool:
    """Tell whether a path is the archive's, a folder's above it or a member's."""
    return below_any(archive, paths) or any(is_below(path, archive) for path in paths)
