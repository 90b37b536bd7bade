"""The members of ZIP archives, unpacked one by one, in memory and within limits."""

import io
import os
import stat
import zipfile
from collections.abc import Container, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from index.errors import LoadError
from index.formats.guard import reading
from index.formats.zip_entry import (
    is_encrypted,
    is_too_tight,
    is_unusual,
    pieces,
    points_outside,
)
from index.kind import ZIP, media_type
from index.settings import Settings

_NAME_IS_UTF8 = 0x800  # a flag of an entry


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside an archive: its bytes, or the cause why there are none.

    Both are None for a member that the caller holds already.
    """

    path: str
    content: bytes | None = None
    cause: str | None = None


def members(
    path: str, content: bytes, settings: Settings, held: Container[str] = ()
) -> Iterator[Member]:
    """Yield the files inside an archive, and inside archives in it, in the archive's order.

    A member's path is the archive's path, a slash, and the member's name. Names with a part that
    starts with a dot are passed over. Of two members of one name the later one counts.

    Args:
        path: The archive's path.
        content: Its bytes.
        settings: `max_file_bytes` and the limits of archives.
        held: Paths of members that need not be unpacked.

    Raises:
        LoadError: it is no ZIP archive, is damaged, or goes beyond a limit; nothing is unpacked.
    """
    return _Unpacking(settings, held).members(path, content, depth=1)


class _Unpacking:
    """One archive with all that lies in it: the limits count for both together."""

    def __init__(self, settings: Settings, held: Container[str]) -> None:
        self._settings = settings
        self._held = held
        self._files_left = settings.archive_max_files
        self._bytes_left = settings.archive_max_unpacked_bytes
        self._seen: set[str] = set()

    def members(self, path: str, content: bytes, depth: int) -> Iterator[Member]:
        with reading("ZIP"):
            archive = zipfile.ZipFile(io.BytesIO(content))
        entries = {_name(entry): entry for entry in archive.infolist()}
        self._admit(archive.infolist())
        for name, entry in entries.items():
            if name.endswith("/") or _is_hidden(name):
                continue
            place = path + os.sep + name.replace("/", os.sep)
            try:
                yield from self._member(archive, entry, name, place, depth)
            except LoadError as error:
                yield Member(place, cause=str(error))

    def _admit(self, entries: Sequence[zipfile.ZipInfo]) -> None:
        """Refuse an archive for what it says of itself, before anything is unpacked."""
        files, size = len(entries), sum(entry.file_size for entry in entries)
        if files > self._files_left:
            limit = self._settings.archive_max_files
            raise LoadError(f"holds more than {limit} files; raise archive_max_files")
        if size > self._bytes_left:
            limit = self._settings.archive_max_unpacked_bytes
            raise LoadError(f"unpacks to more than {limit} bytes; raise archive_max_unpacked_bytes")
        self._files_left -= files
        self._bytes_left -= size

    def _member(
        self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, place: str, depth: int
    ) -> Iterator[Member]:
        if place in self._seen:
            raise LoadError("another member has the same path; rename one of them")
        self._seen.add(place)
        if place in self._held:
            yield Member(place)
            return
        self._check(entry, name)
        with reading("ZIP"):
            content = b"".join(pieces(archive, entry))
        if media_type(Path(place), content) != ZIP:
            yield Member(place, content)
        elif depth >= self._settings.archive_max_depth:
            raise LoadError(f"an archive in {depth} others; raise archive_max_depth, or unpack it")
        else:
            yield from self.members(place, content, depth + 1)

    def _check(self, entry: zipfile.ZipInfo, name: str) -> None:
        _check_entry(entry, name)
        limit, ratio = self._settings.max_file_bytes, self._settings.archive_max_ratio
        size = entry.file_size
        if size > limit:
            raise LoadError(f"{size} bytes, over the limit of {limit}; raise max_file_bytes")
        if is_too_tight(entry, size, ratio):
            raise LoadError(
                f"unpacks to more than {ratio} times its size; raise archive_max_ratio, or "
                "leave it out"
            )


def _check_entry(entry: zipfile.ZipInfo, name: str) -> None:
    if points_outside(name):
        raise LoadError("its name points outside the archive; rename it, or leave it out")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        what = "a link" if kind == stat.S_IFLNK else "not a file (a device, pipe or socket)"
        raise LoadError(f"{what}; pack the file itself, or leave it out")
    if is_encrypted(entry):
        raise LoadError("encrypted with a password; pack it without one")
    if is_unusual(entry):
        raise LoadError("packed in an unusual way; pack it again with the usual one (deflate)")


def _name(entry: zipfile.ZipInfo) -> str:
    """Return a member's name with plain slashes and without idle parts (`./a//b` is `a/b`)."""
    name = entry.filename
    if not entry.flag_bits & _NAME_IS_UTF8:
        with suppress(UnicodeError):  # many programs write UTF-8 and do not say so
            name = name.encode("cp437").decode("utf-8")
    name = name.replace("\\", "/")
    if name.startswith("/"):
        return name
    folder = "/" if name.endswith("/") else ""
    return "/".join(part for part in name.split("/") if part not in ("", ".")) + folder


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") and part != ".." for part in name.split("/"))
