"""Where the texts of documents come from when quotes are checked: files, or the index."""

import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple, Protocol

from index.content import content_at, file_around
from index.document import Extracted
from index.errors import LoadError, PinpointError
from index.extract import Extractor
from index.files import read_file, upwards, walk
from index.settings import Settings
from index.store import Store, text_sha256
from index.stores import open_store

_HELD_CHARS = 40_000_000


class Text(NamedTuple):
    """A document as it is now: where it is, and the SHA-256 of its text and of its file."""

    path: str
    document: Extracted
    sha256: str
    file_sha256: str


class Texts(Protocol):
    """Gives documents by path, and says where else to look for one."""

    def read(self, path: str) -> Text | None:
        """Return the document at a path, None where there is none.

        Raises:
            LoadError: it is there but cannot be read.
        """

    def same(self, text_sha256: str, file_sha256: str | None, size_bytes: int) -> Iterator[str]:
        """Yield paths at which the same text, or the same file, is likely to be found."""

    def named_alike(self, path: str) -> Sequence[str]:
        """Return paths whose last parts are those of a path that is gone, the most alike first."""


class _Held(OrderedDict[str, Text]):
    """The texts last read, by path, up to so many characters; one longer text is held alone."""

    def hold(self, text: Text) -> Text:
        """Keep a text and return it."""
        self[text.path] = text
        while (
            len(self) > 1 and sum(len(each.document.text) for each in self.values()) > _HELD_CHARS
        ):
            self.popitem(last=False)
        return text


class FileTexts:
    """Reads documents from files, as indexing does. Use it in a `with` block.

    Args:
        settings: How files are read, and within which limits.
        folders: Where to look for documents that are not at their paths.
        home: Of an index that may know other paths of a text; there need not be one.
    """

    def __init__(
        self, settings: Settings, folders: Sequence[Path | str] = (), home: Path | None = None
    ) -> None:
        self._settings = settings
        self._folders = [str(Path(folder).absolute()) for folder in folders]
        self._home = home
        self._ending = ExitStack()
        self._extractor = Extractor(settings)
        self._held = _Held()
        self._files: list[str] | None = None

    def __enter__(self) -> "FileTexts":
        self._ending.enter_context(self._extractor)
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.close()

    def read(self, path: str) -> Text | None:
        """Return the document at a path; see `Texts.read`."""
        if path in self._held:
            return self._held[path]
        file = file_around(path)
        content = None if file is None else content_at(path, file, self._settings)
        if content is None:
            return None
        document = self._extractor.extract(Path(path), content)
        digest = hashlib.sha256(content).hexdigest()
        return self._held.hold(Text(path, document, text_sha256(document.text), digest))

    def same(self, text_sha256: str, file_sha256: str | None, size_bytes: int) -> Iterator[str]:
        """Yield the paths that the index knows, then the files that have these bytes."""
        yield from self._indexed(text_sha256)
        for file in self._below() if file_sha256 is not None else ():
            if self._has(file, file_sha256, size_bytes):
                yield file

    def named_alike(self, path: str) -> Sequence[str]:
        """Return files of the same name, and members of archives of the same name."""
        found = []
        for place in upwards(path):
            name, rest = Path(place).name, path[len(place) :]
            found += [file + rest for file in self._below() if name and Path(file).name == name]
        return sorted(set(found), key=lambda each: (-_common_tail(each, path), each))

    def _indexed(self, sha256: str) -> tuple[str, ...]:
        if self._home is None:
            return ()
        try:
            with open_store(self._home) as store:
                return store.paths_of(sha256)
        except PinpointError:  # no index, or one that cannot be asked: files are what counts
            return ()

    def _below(self) -> list[str]:
        if self._files is None:
            home = self._home or Path("/")
            self._files = list(walk(self._folders, self._folders, home, {}))
        return self._files

    def _has(self, file: str, sha256: str | None, size_bytes: int) -> bool:
        try:
            if Path(file).stat().st_size != size_bytes:
                return False
            content = read_file(Path(file), self._settings.max_file_bytes)
        except (OSError, LoadError):
            return False
        return hashlib.sha256(content).hexdigest() == sha256


class IndexTexts:
    """Takes documents from an index, with no file opened.

    Args:
        store: The index.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._failures = store.failures()
        self._held = _Held()

    def read(self, path: str) -> Text | None:
        """Return the document at a path; see `Texts.read`."""
        if path in self._held:
            return self._held[path]
        found = self._store.documents(below=[path])
        stored = next((each for each in found if each.path == path), None)
        if stored is None:
            if path in self._failures:
                raise LoadError(self._failures[path])
            return None
        document = self._store.extracted(stored.rowid)
        return self._held.hold(Text(path, document, stored.sha256, stored.file_sha256))

    def same(self, text_sha256: str, file_sha256: str | None, size_bytes: int) -> Iterator[str]:  # noqa: ARG002
        """Yield the paths of documents with this text."""
        yield from self._store.paths_of(text_sha256)

    def named_alike(self, path: str) -> Sequence[str]:  # noqa: ARG002
        """Return nothing: an index knows its documents by their paths."""
        return ()


def _common_tail(one: str, other: str) -> int:
    """Return how many last parts two paths have in common."""
    pairs = zip(reversed(Path(one).parts), reversed(Path(other).parts), strict=False)
    count = 0
    for first, second in pairs:
        if first != second:
            break
        count += 1
    return count
