"""What has changed in the followed folders since the index was made, without changing it."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.extract import load_options
from index.files import below_any, holds_files, is_below, outermost, walk
from index.intake import Known, ReadFile, read_changed
from index.load import load_recipe
from index.report import Progress
from index.rows import StoredDocument
from index.settings import Settings
from index.store import Store


class Survey:
    """Compares files with the index. Read `changed` to its end, then look at the rest.

    Args:
        store: The index.
        settings: Limits, and settings of the loaders.
        roots: Files and folders to look at, none below another.
        within: Roots that are not followed themselves may have vanished.
        rebuild: Take every file for changed.
        allow_empty: Believe a followed folder that it has vanished or become empty.

    Attributes:
        known: Path to document, of all that the index holds below the roots.
        remade: Paths whose files are the same but are to be loaded in another way than before.
        failures: Path to cause, of what could not be looked at or read.
        archives: Path to SHA-256 of archives whose members are documents.
        stats: Row id to size and times of files that turned out to be the same.
        gone: Path to document, of those whose files have vanished.
        renamed: New path to old one, of files that vanished here and appeared there.
    """

    def __init__(
        self,
        store: Store,
        settings: Settings,
        roots: Sequence[str],
        *,
        within: bool = False,
        rebuild: bool = False,
        allow_empty: bool = False,
    ) -> None:
        self._store = store
        self._settings = settings
        self.roots = roots
        self._followed = store.roots()
        self._rebuild = rebuild
        self._allow_empty = allow_empty
        self.known = {d.path: d for d in store.documents(below=roots)}
        self.remade = set() if rebuild else self._made_otherwise()
        self.failures: dict[str, str] = {}
        self.archives: dict[str, str] = {}
        self.stats: dict[int, str] = {}
        self.gone: dict[str, StoredDocument] = {}
        self.renamed: dict[str, str] = {}
        may_vanish = set(self._followed) if allow_empty else set()
        if within:
            may_vanish |= set(roots) - set(self._followed)
        there = [root for root in roots if root not in may_vanish or os.path.lexists(root)]
        self._files = list(walk(there, self._followed, store.home, self.failures))

    def changed(self, *, load: bool = True, progress: Progress | None = None) -> Iterator[ReadFile]:
        """Yield the files that the index does not hold as they are; look at each file once.

        Args:
            load: False leaves the documents out.
            progress: Called as files are looked at.
        """
        present: set[str] = set()
        new: list[tuple[str, str]] = []
        looked = read_changed(self._files, self._known(), self._settings, load=load)
        done = 0
        for found in looked:
            done += found.looked
            if progress:
                progress("reading files", done, len(self._files))
            present |= found.present
            self.failures |= found.failures
            self.archives |= found.archives
            self.stats |= found.stats
            for file in found.changed:
                stored = self.known.get(file.path)
                if stored is None:
                    new.append((file.path, file.sha256))
                elif stored.file_sha256 != file.sha256:
                    self.remade.discard(file.path)
                yield file
        self._guard_emptied(present)
        self.gone = {
            path: document
            for path, document in sorted(self.known.items())
            # Unless its folder could not be looked into: then nobody knows.
            if path not in present and not below_any(path, self.failures)
        }
        self.renamed = _renames(new, self.gone)

    def _made_otherwise(self) -> set[str]:
        options = load_options(self._settings)
        kinds = {document.media_type for document in self.known.values()}
        recipes = {kind: load_recipe(kind, options) for kind in kinds}
        return {p for p, d in self.known.items() if d.made_with != recipes[d.media_type]}

    def _known(self) -> Known:
        if self._rebuild:
            return Known()
        return Known(
            {path: d for path, d in self.known.items() if path not in self.remade},
            self._store.archives(),
            frozenset(self._store.failures()) | self.remade,
        )

    def _guard_emptied(self, present: set[str]) -> None:
        """Keep the documents of a followed folder in which there is nothing at all any more.

        A disk that is not mounted looks like that.
        """
        if self._allow_empty:
            return
        for root in outermost(self._followed):
            lost = [p for p in self.known if is_below(p, root) and p not in present]
            if not lost or below_any(root, self.failures):
                continue
            if not Path(root).exists():
                self.failures[root] = "no such file or folder; to drop it: pinpoint remove PATH"
            elif Path(root).is_dir() and not holds_files(root, self._store.home):
                self.failures[root] = (
                    f"is empty, but documents of it are indexed ({len(lost)}); is its disk "
                    "mounted? To drop them: pinpoint index --allow-empty"
                )


def _renames(new: Sequence[tuple[str, str]], gone: dict[str, StoredDocument]) -> dict[str, str]:
    """Pair new paths with vanished ones that held the same bytes, each used once."""
    by_hash: dict[str, list[str]] = {}
    for path in sorted(gone, reverse=True):
        by_hash.setdefault(gone[path].file_sha256, []).append(path)
    return {path: old.pop() for path, sha256 in new if (old := by_hash.get(sha256))}
