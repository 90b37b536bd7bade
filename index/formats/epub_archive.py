"""The files inside an EPUB, unpacked within limits and found by safe names only."""

import io
import posixpath
import zipfile
import zlib
from urllib.parse import unquote, urlsplit

from index.errors import LoadError
from index.formats.zip_entry import is_unusual, pieces

MAX_FILES = 20_000
"""Entries that a book may have."""

MAX_UNPACKED_BYTES = 256 * 1024 * 1024
"""Bytes that all files read from a book may have together."""

_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError),
    *(OSError, ValueError, OverflowError, MemoryError, IndexError, UnicodeError),
)


class Archive:
    """Reads files of a zip archive.

    Args:
        content: The archive's bytes.
        max_bytes: Bytes that all files read may have together.

    Raises:
        LoadError: it is no zip archive, or has more than `MAX_FILES` entries.
    """

    def __init__(self, content: bytes, *, max_bytes: int = MAX_UNPACKED_BYTES) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            self._names = {info.filename: info for info in self._zip.infolist()}
        except _BROKEN as error:
            raise LoadError(f"no EPUB: {error}; get the file again, or leave it out") from error
        if len(self._names) > MAX_FILES:
            raise LoadError(f"the book has more than {MAX_FILES:,} files; leave it out")
        self._max_bytes = self._left = max_bytes

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def read(self, name: str) -> bytes:
        """Return a file's bytes; what is said of its size is not believed.

        Raises:
            LoadError: there is no such file, it is damaged or protected, or the limit is reached.
        """
        if name not in self._names:
            raise LoadError(f"the book lacks its file {name}; get the file again, or leave it out")
        try:
            return self._unpack(self._names[name])
        except _BROKEN as error:
            raise LoadError(
                f"{name} in the book cannot be unpacked ({error}); get the file again"
            ) from error

    def _unpack(self, info: zipfile.ZipInfo) -> bytes:
        if is_unusual(info):
            raise LoadError(
                f"{info.filename} in the book is packed in an unusual way; leave it out"
            )
        found = []
        for piece in pieces(self._zip, info):
            self._left -= len(piece)
            if self._left < 0:
                raise LoadError(
                    f"the book unpacks to more than {self._max_bytes:,} bytes; leave it out"
                )
            found.append(piece)
        return b"".join(found)


def resolve(base: str, href: str) -> tuple[str, str]:
    """Return `(name, id)` of what a link in the file `base` points to, inside the archive.

    Raises:
        LoadError: the link leads out of the archive.
    """
    try:
        parts = urlsplit(href)
        path = unquote(parts.path)
    except ValueError:
        parts = None
    if parts is None or parts.scheme or parts.netloc:
        raise LoadError(f"the book refers to {href[:80]!r}, outside of it; leave it out")
    name = posixpath.normpath(posixpath.join(posixpath.dirname(base), path)) if path else base
    if name.startswith(("/", "../")) or name == ".." or "\0" in name or "\\" in name:
        raise LoadError(f"the book refers to {href[:80]!r}, outside of it; leave it out")
    return name, unquote(parts.fragment)
