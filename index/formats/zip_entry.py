"""What an entry of a ZIP archive says of itself, as every reader of such archives must heed it."""

import re
import zipfile
from collections.abc import Iterator

RATIO_FROM_BYTES = 4 * 1024 * 1024
"""Unpacked size from which the ratio counts; a small part of blanks harms nobody."""

_PIECE_BYTES = 1024 * 1024
_ENCRYPTED = 0x1  # a flag
_DRIVE = re.compile(r"[A-Za-z]:")


def points_outside(name: str) -> bool:
    """Tell whether a name would lead out of the folder that it is unpacked into."""
    plain = name.replace("\\", "/")
    return plain.startswith("/") or ".." in plain.split("/") or _DRIVE.match(plain) is not None


def is_encrypted(entry: zipfile.ZipInfo) -> bool:
    """Tell whether an entry needs a password."""
    return bool(entry.flag_bits & _ENCRYPTED)


def is_unusual(entry: zipfile.ZipInfo) -> bool:
    """Tell whether an entry is packed in a way that the library unpacks without any bound."""
    return entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def is_too_tight(entry: zipfile.ZipInfo, size: int, ratio: int) -> bool:
    """Tell whether an entry of an unpacked size stands for more than `ratio` times its bytes."""
    return size > max(RATIO_FROM_BYTES, ratio * entry.compress_size)


def pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield an entry's content, a megabyte at a time.

    A read of everything at once would unpack a lie before its size is looked at.

    Raises:
        zipfile.BadZipFile: it is damaged, or larger than it says.
    """
    with archive.open(entry) as stream:
        while piece := stream.read(_PIECE_BYTES):
            yield piece
