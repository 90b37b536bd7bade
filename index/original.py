"""The files that documents were read from, given out only as they were when they were read."""

import hashlib
from collections import OrderedDict
from collections.abc import Collection
from pathlib import Path

from index.content import content_at
from index.errors import LoadError, OriginalChangedError, OriginalGoneError
from index.files import file_stat, upwards
from index.rows import StoredDocument
from index.settings import Settings

_REMEMBERED = 256
_GONE = "is not where it was indexed; run pinpoint index, ask again"


class Originals:
    """Reads original files; no path but those of the index is ever opened.

    Args:
        settings: `max_file_bytes` and the limits of archives.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._verified: OrderedDict[tuple[str, str], str] = OrderedDict()

    def read(self, document: StoredDocument, archives: Collection[str]) -> bytes:
        """Return the file's bytes, whose SHA-256 is the one that was indexed.

        Args:
            document: As the index has it.
            archives: Paths of the archives whose members are documents.

        Raises:
            OriginalGoneError: there is no such file or member any more.
            OriginalChangedError: it holds something else, or cannot be read within the limits.
        """
        file = _outer(document.path, archives)
        stat = file_stat(file)
        try:
            content = self._content(document.path, file)
        except LoadError as error:
            raise OriginalChangedError(f"{document.path}: {error}") from error
        if hashlib.sha256(content).hexdigest() != document.file_sha256:
            raise OriginalChangedError(
                f"{document.path} has changed since it was indexed; run pinpoint index, ask again"
            )
        if stat is not None and stat == file_stat(file):
            self._remember((document.path, document.file_sha256), stat)
        return content

    def check(self, document: StoredDocument, archives: Collection[str]) -> None:
        """Do as `read` does; a file whose size and times prove enough is not opened again."""
        stat = file_stat(_outer(document.path, archives))
        known = self._verified.get((document.path, document.file_sha256))
        if stat is None or stat != known:
            self.read(document, archives)

    def _content(self, path: str, file: str) -> bytes:
        if not Path(file).exists():
            raise OriginalGoneError(f"{path} {_GONE}")
        content = content_at(path, file, self._settings)
        if content is None:
            raise OriginalGoneError(f"{path} {_GONE}")
        return content

    def _remember(self, key: tuple[str, str], stat: str) -> None:
        self._verified[key] = stat
        while len(self._verified) > _REMEMBERED:
            self._verified.popitem(last=False)


def _outer(path: str, archives: Collection[str]) -> str:
    """Return the file that a document lies in: an archive's path, or its own."""
    return next((place for place in upwards(path) if place in archives), path)
