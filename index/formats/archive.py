"""Office files are ZIP archives: what is checked before any of their parts is unpacked."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from index.errors import LoadError
from index.formats.guard import reading
from index.formats.zip_entry import is_encrypted, is_too_tight, is_unusual, points_outside

MAX_ENTRIES = 10_000
"""Largest number of entries; a presentation of 500 slides has about 2,000."""
MAX_UNPACKED_BYTES = 512 * 1024 * 1024
"""Largest size of all entries together, unpacked."""
MAX_RATIO = 200
"""Largest unpacked size over packed size, for entries above `zip_entry.RATIO_FROM_BYTES`."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CHUNK_BYTES = 1024 * 1024
_DOCTYPE = re.compile(
    b"|".join(re.escape("<!DOCTYPE".encode(name)) for name in ("utf-8", "utf-16-le", "utf-16-be"))
)
_LONGEST_DOCTYPE = 18
_LOCAL_HEADER_BYTES = 30


def open_archive(
    content: bytes,
    kind: str,
    *,
    max_entries: int = MAX_ENTRIES,
    max_bytes: int = MAX_UNPACKED_BYTES,
    max_ratio: int = MAX_RATIO,
) -> zipfile.ZipFile:
    """Check an archive and return it open for reading.

    Every entry is unpacked once, a megabyte at a time, and thrown away: the sizes that an archive
    states are claims. Parts that end in `.xml`, `.rels` or `.vml` may not declare a document
    type, as only that can define entities; office programs never write one.

    Args:
        content: The file's bytes.
        kind: What the file claims to be, such as `DOCX`; used in messages.
        max_entries: Largest number of entries.
        max_bytes: Largest size of all entries together, unpacked.
        max_ratio: Largest unpacked size over packed size of one entry.

    Raises:
        LoadError: the bytes are no ZIP archive, are encrypted, or go beyond a limit.
    """
    if content.startswith(_OLE):
        raise LoadError(
            f"encrypted with a password, or in an old binary format (.doc, .xls, .ppt); "
            f"save it as {kind} without a password"
        )
    with reading(kind):
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = archive.infolist()
        if len(entries) > max_entries:
            raise _refused(kind, f"{len(entries)} entries, more than {max_entries}")
        left = max_bytes
        for entry in entries:
            _check_name(kind, entry)
            left -= _check_size(kind, content, entry, left, max_ratio)
        _refuse_strict(kind, archive)
        return archive


def _refused(kind: str, cause: str) -> LoadError:
    return LoadError(f"refused as unsafe {kind} file: {cause}; leave it out")


def _refuse_strict(kind: str, archive: zipfile.ZipFile) -> None:
    # The libraries know other names for the same parts only.
    relations = "_rels/.rels"
    if relations in archive.namelist() and b"purl.oclc.org/ooxml" in archive.read(relations):
        raise LoadError(f"in the rare strict variant of {kind}; save it as ordinary {kind}")


def _check_name(kind: str, entry: zipfile.ZipInfo) -> None:
    if points_outside(entry.filename):
        raise _refused(kind, f"entry {entry.filename[:80]!r} points outside the archive")
    if is_encrypted(entry):
        raise LoadError(f"encrypted with a password; save it as {kind} without one")
    if is_unusual(entry):
        raise _refused(kind, f"entry {entry.filename[:80]!r} is packed in an unusual way")


def _check_size(
    kind: str, content: bytes, entry: zipfile.ZipInfo, max_bytes: int, max_ratio: int
) -> int:
    """Return the entry's true unpacked size."""
    is_xml = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
    # Old OpenOffice gave the manifest a document type; nothing parses the manifest.
    is_xml = is_xml and not entry.filename.startswith("META-INF/")
    size, tail = 0, b""
    for chunk in _unpacked(content, entry):
        size += len(chunk)
        if size > max_bytes:
            raise _refused(kind, "it unpacks to more than the limit")
        if is_too_tight(entry, size, max_ratio):
            raise _refused(kind, f"entry {entry.filename[:80]!r} is packed too tightly")
        if size > entry.file_size:
            raise _refused(kind, f"entry {entry.filename[:80]!r} is larger than it says")
        if is_xml and _DOCTYPE.search(tail + chunk):
            raise _refused(kind, f"part {entry.filename[:80]!r} declares a document type")
        tail = chunk[-_LONGEST_DOCTYPE:]
    return size


def _unpacked(content: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    start = entry.header_offset + _LOCAL_HEADER_BYTES
    names = content[start - 4 : start]
    start += int.from_bytes(names[:2], "little") + int.from_bytes(names[2:], "little")
    packed = memoryview(content)[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        yield bytes(packed)
        return
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    chunk = unpacker.decompress(packed, _CHUNK_BYTES)
    while chunk:
        yield chunk
        chunk = unpacker.decompress(unpacker.unconsumed_tail, _CHUNK_BYTES)
