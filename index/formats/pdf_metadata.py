"""What a PDF says about itself: title, authors, date, language, outline."""

import ctypes
import re
from datetime import date
from itertools import islice
from typing import Any

from index.formats.pdf_parts import plain_title

_USELESS_TITLE = re.compile(
    r"(?:microsoft |libreoffice ).*|(?:untitled|unbenannt|document|dokument|presentation|slide|"
    r"title|scan|scanned|none|null|unknown)[\s\d_-]*|\(?anonymous\)?|powerpoint presentation|"
    r"\S+\.(?:pdf|tex|dvi|ps)|.*\.(?:docx?|xlsx?|pptx?|od[tsp]|rtf|txt|html?|indd|qxd)|[\W\d_]*",
    re.IGNORECASE,
)
_USELESS_AUTHORS = re.compile(
    r"\(?(?:anonymous|unknown|user|owner|admin(?:istrator)?|author|root|none|null)\)?|[\W\d_]*",
    re.IGNORECASE,
)
_DATE = re.compile(r"(?:D:)?\s*(\d{4})(\d{2})?(\d{2})?")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_].*)?")
_MAX_OUTLINE = 5000
_MAX_CHARS = 300


def title_of(document: Any) -> str | None:  # noqa: ANN401 - PDFium's own
    """Return the title, or None where there is none or only what a program put there."""
    title = _entry(document, "Title")
    return None if _USELESS_TITLE.fullmatch(title) else title


def authors_of(document: Any) -> str | None:  # noqa: ANN401 - PDFium's own
    """Return the authors as the PDF names them, or None."""
    authors = _entry(document, "Author")
    return None if _USELESS_AUTHORS.fullmatch(authors) else authors


def date_of(document: Any) -> str | None:  # noqa: ANN401 - PDFium's own
    """Return the day of creation as `YYYY-MM-DD`, or None."""
    match = _DATE.match(_entry(document, "CreationDate"))
    if match is None or match[2] is None or match[3] is None:
        return None
    try:
        return date(*map(int, match.groups())).isoformat()
    except ValueError:  # the 31st of February
        return None


def language_of(document: Any) -> str | None:  # noqa: ANN401 - PDFium's own
    """Return the ISO 639 code of the document's language, or None."""
    import pypdfium2.raw as pdfium

    size = pdfium.FPDFCatalog_GetLanguage(document, None, 0)
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    pdfium.FPDFCatalog_GetLanguage(document, buffer, size)
    match = _LANGUAGE.fullmatch(_decoded(bytes(buffer)))
    return match[1].lower() if match else None


def outline_of(document: Any) -> dict[tuple[int, str], int]:  # noqa: ANN401 - PDFium's own
    """Return each outline entry's page, from 1, and `plain_title`, to its level from 0."""
    import pypdfium2

    found: dict[tuple[int, str], int] = {}
    try:
        for entry in islice(document.get_toc(max_depth=6), _MAX_OUTLINE):
            target = entry.get_dest()
            page = target.get_index() if target else None
            title = plain_title(_tidy(entry.get_title()))
            if title and page is not None:
                found.setdefault((page + 1, title), entry.level)
    except (pypdfium2.PdfiumError, UnicodeError):
        return {}  # the outline only helps to see headings
    return found


def _entry(document: Any, key: str) -> str:  # noqa: ANN401 - PDFium's own
    import pypdfium2.raw as pdfium

    name = key.encode() + b"\0"
    size = pdfium.FPDF_GetMetaText(document, name, None, 0)
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDF_GetMetaText(document, name, buffer, size)
    return _tidy(_decoded(buffer.raw))


def _decoded(content: bytes) -> str:
    return content.decode("utf-16-le", errors="replace").split("\0", 1)[0]


def _tidy(text: str) -> str:
    return " ".join(re.sub(r"[\x00-\x1f\ud800-\udfff]", " ", text).split())[:_MAX_CHARS]
