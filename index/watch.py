"""Follows the folders of an index, and brings each change into it soon after it is written."""

import threading
import time
from collections.abc import Callable, Collection, Generator, Iterable, Sequence
from contextlib import closing, suppress
from pathlib import Path

from index.embed import Embedder
from index.errors import IndexMissingError, InputError, PinpointError
from index.files import below_any, canonical, file_stat, in_sight, upwards
from index.report import Failure, SyncReport, WatchEvent
from index.settings import Settings
from index.stores import open_store
from index.sync import sync

Source = Callable[[Sequence[str], threading.Event], Generator[set[str], None, None]]
"""Folders and files to a stream of sets of paths that changed below them.

It yields at least every second, an empty set if nothing has changed, and ends with the event.
What changes after the first one is not missed.
"""

_QUIET_MS = 100  # a change is taken up when nothing else changes for so long
_LONGEST_MS = 1000  # or after so long, where something changes all the time
_TICK_MS = 1000
_AGAIN_SECONDS = 1.0
_LONGEST_WAIT_SECONDS = 30.0
_WHOLE_SECONDS = 600.0  # not every file system tells of all changes, nor a link of its target's


def watch(
    home: Path,
    paths: Sequence[Path | str],
    embedder: Embedder,
    settings: Settings,
    tell: Callable[[WatchEvent], None],
    *,
    stop: threading.Event | None = None,
    source: Source | None = None,
) -> None:
    """Sync, and then sync whatever changes until told to stop.

    Each sync looks only at what has changed. A file that cannot be read while it is being written
    is tried again until it is left alone. While another process writes to the index, or the disk
    is full, changes wait; a followed folder that is away loses nothing, and is looked at as a
    whole when it is back. Folders that another process adds to the index are followed too.

    Args:
        home: Folder of the index.
        paths: Files and folders to follow from now on, besides those of the index.
        embedder: Used only where a chunk's text has no vector yet.
        settings: As for a sync.
        tell: Called with what each sync did, or with what is in the way.
        stop: Ends the watch when set.
        source: Where changes are learnt from; None asks the operating system.

    Raises:
        IndexMissingError: there is no index and nothing to follow, or the index has gone.
        InputError: there is nothing to follow.
    """
    ending = stop or threading.Event()
    following = _Watch(
        home, embedder, settings, tell=tell, stop=ending, source=source or _from_system
    )
    following.run(paths)


class _Watch:
    def __init__(
        self,
        home: Path,
        embedder: Embedder,
        settings: Settings,
        *,
        tell: Callable[[WatchEvent], None],
        stop: threading.Event,
        source: Source,
    ) -> None:
        self._home = home
        self._embedder = embedder
        self._settings = settings
        self._tell = tell
        self._stop = stop
        self._source = source
        self._named: list[str] = []
        self._roots: dict[str, object] = {}  # each with what tells it from another in its place
        self._waiting: set[str] = set()  # changed, and not in the index yet
        self._unfinished: set[str] = set()  # could not be read while they were written
        self._failed: set[Failure] = set()  # as was told
        self._all = True  # everything has to be looked at
        self._last_whole = 0.0
        self._not_before = 0.0
        self._wait_seconds = _AGAIN_SECONDS
        self._trouble: str | None = None
        self._no_notices: str | None = None
        self._told_first = False

    def run(self, paths: Sequence[Path | str]) -> None:
        self._named = [canonical(path) for path in paths]
        while not self._stop.is_set():
            self._roots = self._still_followed() if self._told_first else self._followed()
            there = [root for root, number in self._roots.items() if number is not None]
            self._work()
            self._get_ready()
            self._waiting |= set(there)  # what changes until they are watched
            try:
                with closing(self._source(there, self._stop)) as changes:
                    self._follow(changes)
            except (OSError, RuntimeError) as error:  # of the system's notices, not of a sync
                self._all = True
                self._go_without_notices(str(error))

    def _go_without_notices(self, cause: str) -> None:
        """Wait until everything is to be looked at again; say why once."""
        if cause != self._no_notices:
            seconds = f"{_LONGEST_WAIT_SECONDS:.0f} seconds"
            self._tell(WatchEvent(trouble=f"changes are looked for every {seconds}, as the system "
                                  f"does not tell of them ({cause})"))  # fmt: skip
        self._no_notices = cause
        self._stop.wait(_LONGEST_WAIT_SECONDS)

    def _get_ready(self) -> None:
        """Load the model before the first change comes; a sync says what is wrong with it."""
        with suppress(Exception):
            self._embedder.info()

    def _follow(self, changes: Iterable[set[str]]) -> None:
        for changed in changes:
            self._take(changed)
            if self._stop.is_set():
                return
            self._work()
            # One that was moved away and back is no longer watched, though it looks the same.
            if self._has_moved() or not changed.isdisjoint(self._roots):
                return

    def _take(self, changed: set[str]) -> None:
        """Note changed paths that a whole sync would come to.

        What a folder that was empty held is only known to be gone once there is something in it.
        """
        failed = {failure.path for failure in self._failed}
        for path in changed:
            root = next((place for place in upwards(path) if place in self._roots), None)
            if root is not None and in_sight(path, root, self._home):
                self._waiting.add(root if root in failed else path)

    def _has_moved(self) -> bool:
        """Tell whether other folders are followed than are watched; those that came are looked at.

        A disk that is mounted or taken away gives another folder under the same name.
        """
        now = self._still_followed()
        if now == self._roots:
            return False
        self._waiting |= {root for root, number in now.items() if self._roots.get(root) != number}
        return True

    def _still_followed(self) -> dict[str, object]:
        """Return what is followed; while the index cannot be read, what was."""
        try:
            return self._followed()
        except (IndexMissingError, InputError):
            raise
        except PinpointError as error:
            self._hindered(str(error))
            return self._roots

    def _followed(self) -> dict[str, object]:
        try:
            with open_store(self._home) as store:
                roots = store.roots()
        except IndexMissingError:
            if self._told_first or not self._named:
                raise
            roots = []
        if not self._told_first:
            roots = sorted({*roots, *self._named})
        if not roots:
            raise InputError("nothing to watch: name a file or a folder")
        return {root: _number(root) for root in roots}

    def _work(self) -> None:
        """Bring what is waiting into the index, unless something was in the way just now."""
        now = time.monotonic()
        if now - self._last_whole > _WHOLE_SECONDS:
            self._all = True
        self._waiting |= self._unfinished
        if now < self._not_before or not (self._all or self._waiting):
            return
        try:
            report = self._sync()
        except (IndexMissingError, InputError):
            raise
        except Exception as error:
            self._hindered(str(error) or type(error).__name__)
            return
        self._trouble, self._wait_seconds = None, _AGAIN_SECONDS
        looked = set(self._roots) if self._all else self._waiting
        self._all, self._waiting = False, set()
        self._report(report, looked)

    def _sync(self) -> SyncReport:
        if self._all:
            self._last_whole = time.monotonic()
        if self._named and not self._told_first:
            return sync(self._home, sorted(self._roots), self._embedder, self._settings)
        with open_store(self._home):  # one that has gone is not made anew
            pass
        paths = None if self._all else sorted(self._waiting)
        return sync(self._home, paths, self._embedder, self._settings, within=not self._all)

    def _report(self, report: SyncReport, looked: Collection[str]) -> None:
        """Tell what happened, but nothing of files still being written, nor what was told."""
        self._unfinished = {
            failure.path
            for failure in report.failed
            if Path(failure.path).is_file() and file_stat(Path(failure.path)) is None
        }
        if self._unfinished:
            self._not_before = time.monotonic() + _AGAIN_SECONDS
        last = {f for f in report.failed if f.path not in self._unfinished}
        failed = tuple(f for f in report.failed if f in last - self._failed)
        self._failed = {f for f in self._failed if not below_any(f.path, looked)} | last
        counts = (report.added, report.updated, report.renamed, report.removed, report.remade)
        if any(counts) or failed or not self._told_first:
            self._told_first = True
            self._tell(WatchEvent(report=report.model_copy(update={"failed": failed})))

    def _hindered(self, trouble: str) -> None:
        """Wait, longer each time; say why once."""
        if trouble != self._trouble:
            self._tell(WatchEvent(trouble=trouble))
        self._trouble = trouble
        self._not_before = time.monotonic() + self._wait_seconds
        self._wait_seconds = min(2 * self._wait_seconds, _LONGEST_WAIT_SECONDS)


def _number(root: str) -> object:
    try:
        found = Path(root).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _from_system(roots: Sequence[str], stop: threading.Event) -> Generator[set[str], None, None]:
    """Yield what the operating system tells of; see `Source`."""
    if not roots:  # all are away
        while not stop.wait(_TICK_MS / 1000):
            yield set()
        return
    from watchfiles import watch as notices

    for changed in notices(
        *roots,
        watch_filter=None,
        debounce=_LONGEST_MS,
        step=_QUIET_MS,
        stop_event=stop,
        rust_timeout=_TICK_MS,
        yield_on_timeout=True,
        ignore_permission_denied=True,
    ):
        yield {path for _, path in changed}
