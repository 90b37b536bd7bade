"""Turn a file's bytes into one canonical text, through a loader chosen by media type."""

import mimetypes
from collections.abc import Callable
from pathlib import Path

from index.charset import decode
from index.document import Extracted
from index.errors import LoadError
from index.formats.pdf import load_pdf
from index.formats.epub import load_epub
from index.formats.html import load_html
from index.formats.mail import load_mail
from index.formats.notebook import load_notebook
from index.markdown import load_markdown
from index.plain import load_plain

Loader = Callable[[bytes, str], Extracted]
"""Takes a file's bytes and its stem (for a title or date of last resort)."""

LOADERS: dict[str, Loader] = {
    "text/plain": lambda content, stem: load_plain(decode(content), stem),
    "text/markdown": lambda content, stem: load_markdown(decode(content), stem),
    "application/pdf": load_pdf,
    "text/html": load_html,
    "application/xhtml+xml": load_html,
    "application/epub+zip": load_epub,
    "message/rfc822": load_mail,
    "application/x-ipynb+json": load_notebook,
}
"""Media type to loader. Add a document kind by adding a line here."""

_MEDIA_TYPES = {
    ".txt": "text/plain",
    ".text": "text/plain",
    ".log": "text/plain",
    ".rst": "text/plain",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".xht": "application/xhtml+xml",
    ".epub": "application/epub+zip",
    ".eml": "message/rfc822",
    ".ipynb": "application/x-ipynb+json",
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
        known = ", ".join(sorted(LOADERS))
        raise LoadError(f"{kind} cannot be read yet; convert it to one of {known}")
    return loader(content, path.stem)
