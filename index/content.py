"""The bytes at a document's path, which may lead into an archive."""

import os
from dataclasses import dataclass
from pathlib import Path

from index.errors import LoadError
from index.files import read_file, upwards
from index.members import members
from index.settings import Settings


def content_at(path: str, file: str, settings: Settings) -> bytes | None:
    """Return the bytes of a file or of a member of an archive, None where there is no such member.

    Args:
        path: Of the document.
        file: The file it lies in: its own path, or that of the outermost archive.
        settings: `max_file_bytes` and the limits of archives.

    Raises:
        LoadError: the file is not there, or cannot be read within the limits.
    """
    content = read_file(Path(file), settings.max_file_bytes)
    if path == file:
        return content
    others = _AllBut(path)
    for member in members(file, content, settings, held=others):
        if member.cause is not None and member.path not in others:
            raise LoadError(member.cause)
        if member.content is not None and member.path == path:
            return member.content
    return None


def file_around(path: str) -> str | None:
    """Return the file on the disk that a document's path names or leads into; None without one."""
    return next((place for place in upwards(path) if Path(place).is_file()), None)


@dataclass(frozen=True, slots=True)
class _AllBut:
    """The members of an archive that need not be unpacked for the sake of one."""

    path: str

    def __contains__(self, member: object) -> bool:
        place = str(member)
        # An archive around the wanted member has to be opened too.
        return self.path != place and not self.path.startswith(place + os.sep)
