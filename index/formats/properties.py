"""Title, authors, date and language, as office files state them in their properties."""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from index.formats.xml import parse_part
from index.metadata import language_code

_DC = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
_NO_TITLES = {  # what programs write when nobody gave a title
    *("powerpoint presentation", "powerpoint-präsentation", "présentation powerpoint"),
    *("presentación de powerpoint", "presentazione standard di powerpoint", "slide 1"),
    *("word document", "untitled", "document", "presentation", "unknown title"),
}


@dataclass(frozen=True, slots=True)
class Properties:
    """What a file says about itself; `date` is `YYYY-MM-DD`, `language` an ISO 639 code."""

    title: str | None = None
    authors: str | None = None
    date: str | None = None
    language: str | None = None


def core_properties(archive: zipfile.ZipFile) -> Properties:
    """Return the core properties of a DOCX, PPTX or XLSX file; empty ones if it has none.

    The date is that of the last change, else that of creation.
    """
    find = _finder(archive, "docProps/core.xml")
    return Properties(
        title=given_title(find(_DC + "title")),
        authors=find(_DC + "creator"),
        date=iso_day(find(_TERMS + "modified")) or iso_day(find(_TERMS + "created")),
        language=language_code(find(_DC + "language")),
    )


def open_document_properties(archive: zipfile.ZipFile) -> Properties:
    """Return the same of an OpenDocument file; its author is the one who began it."""
    find = _finder(archive, "meta.xml")
    return Properties(
        title=given_title(find(_DC + "title")),
        authors=find(_META + "initial-creator") or find(_DC + "creator"),
        date=iso_day(find(_DC + "date")) or iso_day(find(_META + "creation-date")),
        language=language_code(find(_DC + "language")),
    )


def iso_day(text: str | None) -> str | None:
    """Return the day of an ISO 8601 time stamp, or None if it states none."""
    try:
        return date.fromisoformat((text or "")[:10]).isoformat()
    except ValueError:
        return None


def _finder(archive: zipfile.ZipFile, part: str) -> Callable[[str], str | None]:
    root = parse_part(archive, part) if part in archive.namelist() else None

    def find(tag: str) -> str | None:
        text = root.findtext(f".//{tag}") if root is not None else None
        return " ".join((text or "").split()) or None

    return find


def given_title(text: str | None) -> str | None:
    """Return a title that a person gave, None for one that a program put there."""
    return None if (text or "").lower() in _NO_TITLES else text
