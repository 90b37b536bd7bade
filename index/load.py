"""Turn a file's bytes into one canonical text, through a loader chosen by media type."""

import mimetypes
from collections.abc import Callable
from pathlib import Path

from index.document import Extracted
from index.errors import LoadError
from index.formats import csv, docx, json, odt, pptx, rtf, xlsx
from index.markdown import load_markdown
from index.plain import load_plain

Loader = Callable[[bytes, str], Extracted]
"""Takes a file's bytes and its stem (for a title or date of last resort)."""

LOADERS: dict[str, Loader] = {
    "text/plain": lambda content, stem: load_plain(decode(content), stem),
    "text/markdown": lambda content, stem: load_markdown(decode(content), stem),
    "text/csv": csv.load_csv,
    "text/tab-separated-values": csv.load_tsv,
    "application/json": json.load_json,
    "application/jsonl": json.load_jsonl,
    docx.MEDIA_TYPE: docx.load_docx,
    pptx.MEDIA_TYPE: pptx.load_pptx,
    xlsx.MEDIA_TYPE: xlsx.load_xlsx,
    odt.MEDIA_TYPE: odt.load_odt,
    rtf.MEDIA_TYPE: rtf.load_rtf,
}
"""Media type to loader. Add a document kind by adding a line here."""

_MEDIA_TYPES = {
    ".txt": "text/plain",
    ".text": "text/plain",
    ".log": "text/plain",
    ".rst": "text/plain",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".tab": "text/tab-separated-values",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".ndjson": "application/jsonl",
    ".docx": docx.MEDIA_TYPE,
    ".pptx": pptx.MEDIA_TYPE,
    ".xlsx": xlsx.MEDIA_TYPE,
    ".odt": odt.MEDIA_TYPE,
    ".rtf": rtf.MEDIA_TYPE,
}


_known_types = mimetypes.MimeTypes(())  # the machine's own tables would differ from the next one's


def media_type(path: Path) -> str:
    """Return the media type for a file name; a name that tells nothing is tried as plain text."""
    suffix = path.suffix.lower()
    guessed, encoding = _known_types.guess_type(path.name)
    if encoding:
        return f"application/{encoding}"
    return _MEDIA_TYPES.get(suffix) or guessed or "text/plain"


def load(path: Path, content: bytes) -> Extracted:
    """Extract the canonical text and structure of one file.

    Args:
        path: Where the bytes come from; its name gives the media type.
        content: The file's bytes.

    Raises:
        LoadError: no loader reads this kind, or the bytes are not text.
    """
    kind = media_type(path)
    loader = LOADERS.get(kind)
    if loader is None:
        known = ", ".join(sorted(name for name, kind in _MEDIA_TYPES.items() if kind in LOADERS))
        raise LoadError(f"{kind} cannot be read yet; convert it to one of {known}")
    return loader(content, path.stem)


def decode(content: bytes) -> str:
    """Decode UTF-8, or UTF-16 with a byte order mark; line ends stay as they are.

    Raises:
        LoadError: the bytes are neither, or hold a NUL character.
    """
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encoding = "utf-16" if utf16 else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise LoadError(
            f"not text: byte {error.start} is not valid {encoding.removesuffix('-sig').upper()}; "
            "save it as UTF-8, or leave it out"
        ) from error
    if "\0" in text:
        raise LoadError(f"not text: NUL at character {text.index(chr(0))}; leave it out")
    return text
