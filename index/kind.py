"""Which kind of document a file is: its content decides, then its name."""

import io
import mimetypes
import re
import zipfile
from pathlib import Path

_OFFICE = "application/vnd.openxmlformats-officedocument"
ZIP = "application/zip"
OLE = "application/x-ole-storage"
PLAIN = "text/plain"
BY_NAME = {
    ".txt": PLAIN,
    ".text": PLAIN,
    ".log": PLAIN,
    ".rst": PLAIN,
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".htm": "text/html",
    ".html": "text/html",
    ".xht": "application/xhtml+xml",
    ".xhtml": "application/xhtml+xml",
    ".epub": "application/epub+zip",
    ".eml": "message/rfc822",
    ".ipynb": "application/x-ipynb+json",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".tab": "text/tab-separated-values",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".ndjson": "application/jsonl",
    ".docx": f"{_OFFICE}.wordprocessingml.document",
    ".pptx": f"{_OFFICE}.presentationml.presentation",
    ".xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".rtf": "application/rtf",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
}
"""File endings to media types."""
PICTURES = ("image/png", "image/jpeg", "image/tiff")
"""Kinds that only text recognition can read."""

_SIGNATURES = [  # of kinds that cannot be mistaken for text
    (b"%PDF-", "application/pdf"),
    (b"{\\rtf", "application/rtf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"\x89PNG\r\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
]
_OFFICE_PARTS = [
    ("word/document.xml", BY_NAME[".docx"]),
    ("ppt/presentation.xml", BY_NAME[".pptx"]),
    ("xl/workbook.xml", BY_NAME[".xlsx"]),
]
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+)?html\b", re.I | re.S
)
_HEADER = re.compile(rb"[\w-]{1,40}:|[ \t]")  # a mail's header, or a line that goes on with one
_MAIL_HEADERS = (b"received:", b"message-id:", b"mime-version:", b"return-path:", b"delivered-to:")
_TEXT = ("text/", "message/", "application/json", "application/x-ipynb", "application/xhtml")
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)
_MAX_MIMETYPE_BYTES = 200
_LEADING_BYTES = 1024  # PDF readers accept some bytes before the signature
_known_types = mimetypes.MimeTypes(())  # the machine's own tables would differ from the next one's


def media_type(path: Path, content: bytes) -> str:
    """Return the media type of a file; what tells nothing at all is tried as plain text.

    Args:
        path: Its name counts where the content is text.
        content: The file's bytes.
    """
    named = type_by_name(path)
    if content.startswith(b"PK\x03\x04") or content.startswith(b"PK\x05\x06"):
        return _in_zip(content, named)
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            return kind
    if b"%PDF-" in content[:_LEADING_BYTES]:
        return "application/pdf"
    if _HTML.match(content[:_LEADING_BYTES]) and not named.startswith(_TEXT[1:]):
        told = named == PLAIN or not named.startswith(_TEXT)  # an "Excel" file that is a page
        return "text/html" if told else named
    return "message/rfc822" if named == PLAIN and _is_mail(content) else named


def type_by_name(path: Path) -> str:
    """Return the media type that a file's name tells."""
    guessed, encoding = _known_types.guess_type(path.name)
    if encoding:
        return f"application/{encoding}"
    return BY_NAME.get(path.suffix.lower()) or guessed or PLAIN


def _in_zip(content: bytes, named: str) -> str:
    """Tell office documents and e-books from other archives by the parts they must have."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            stated = _stated(archive) if "mimetype" in names else None
    except Exception:  # damaged archives fail in many ways; the loader says what is broken
        return named if named != PLAIN else ZIP
    return stated or next((kind for part, kind in _OFFICE_PARTS if part in names), ZIP)


def _stated(archive: zipfile.ZipFile) -> str | None:
    entry = archive.getinfo("mimetype")
    # Other methods unpack without a bound on the size.
    plain = entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    if not plain or entry.file_size >= _MAX_MIMETYPE_BYTES:
        return None
    stated = archive.read(entry).decode("ascii", "replace").strip()
    return stated if _MEDIA_TYPE.fullmatch(stated) else None


def _is_mail(content: bytes) -> bool:
    """Tell whether headers open the text, one of them such as only mail has."""
    head = content[:20_000].replace(b"\r\n", b"\n").split(b"\n\n", 1)[0].split(b"\n")
    if not all(_HEADER.match(line) for line in head):
        return False
    return any(line.lower().startswith(_MAIL_HEADERS) for line in head)
