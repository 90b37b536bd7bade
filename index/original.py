"""The files that documents were read from, given out only as they were when they were read."""

import hashlib
import os
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from index.errors import LoadError, OriginalChangedError, OriginalGoneError
from index.files import file_stat, read_file, upwards
from index.members import members
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
        content = read_file(Path(file), self._settings.max_file_bytes)
        if path == file:
            return content
        others = _AllBut(path)
        for member in members(file, content, self._settings, held=others):
            if member.cause is not None and member.path not in others:
                raise LoadError(member.cause)
            if member.content is not None and member.path == path:
                return member.content
        raise OriginalGoneError(f"{path} {_GONE}")

    def _remember(self, key: tuple[str, str], stat: str) -> None:
        self._verified[key] = stat
        while len(self._verified) > _REMEMBERED:
            self._verified.popitem(last=False)


def _outer(path: str, archives: Collection[str]) -> str:
    """Return the file that a document lies in: an archive's path, or its own."""
    return next((place for place in upwards(path) if place in archives), path)


@dataclass(frozen=True, slots=True)
class _AllBut:
    """The members of an archive that need not be unpacked for the sake of one."""

    path: str

    def __contains__(self, member: object) -> bool:
        place = str(member)
        # An archive around the wanted member has to be opened too.
        return self.path != place and not self.path.startswith(place + os.sep)
