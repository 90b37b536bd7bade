"""PDF: text in reading order, with the place of every character on its page."""

import math
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from index.document import Extracted
from index.errors import LoadError
from index.formats.builder import TextBuilder
from index.formats.layout import COLUMNS, Spots, pack
from index.formats.pdf_furniture import without_furniture
from index.formats.pdf_headings import heading_ranks
from index.formats.pdf_metadata import authors_of, date_of, language_of, outline_of, title_of
from index.formats.pdf_order import reading_order
from index.formats.pdf_pages import Read, body_size, describe_gaps, opened_pdf, read_pages
from index.formats.pdf_parts import Part, find_parts, runs_on
from index.formats.pdf_segments import MARKER, Segment
from index.formats.pdf_tables import join_cells
from index.formats.pdf_text import cuts_words, join_lines, words_of
from index.metadata import stated_date

MAX_PAGES = 5000
_MEDIA_TYPE = "application/pdf"
_SHARE_FOR_PAGES = 0.5  # of the time; what follows takes less than reading them
_OPENING = 20  # parts in which a document gives its date
_one_at_a_time = threading.Lock()  # PDFium must not be used by two threads at once


@dataclass(frozen=True, slots=True)
class Stated:
    """What a file says of itself beside its text, under the names that `Extracted` has."""

    media_type: str
    title: str | None = None
    date: str | None = None
    authors: str | None = None
    language: str | None = None
    outline: Mapping[tuple[int, str], int] = field(default_factory=dict)
    warnings: Sequence[str] = ()


def load_pdf(
    content: bytes,
    stem: str,
    *,
    max_pages: int = MAX_PAGES,
    ocr_language: str | None = None,
    seconds: float | None = None,
) -> Extracted:
    """Read a PDF's text layer; pages without one are named in the warnings.

    Args:
        content: The file's bytes.
        stem: Title of last resort.
        max_pages: Pages read; those behind are left out and named in the warnings.
        ocr_language: Language, as tesseract names it, in which the pictures of pages without text
            are read; None leaves them unread.
        seconds: Time that it may take. Pages are read for half of it, as putting their text
            together takes less; those behind are left out and named in the warnings.

    Raises:
        LoadError: the file is no PDF, cut off or damaged beyond reading, needs a password, or no
            page read has a text layer.
    """
    started = time.monotonic()
    deadline = math.inf if seconds is None else started + seconds * _SHARE_FOR_PAGES
    with _one_at_a_time, opened_pdf(content) as document:
        read = read_pages(document, max_pages, ocr_language, deadline)
        kept = without_furniture(read.pages)
        read.without_text += [
            page.number
            for page, upright, other in zip(read.pages, kept, read.turned, strict=True)
            if not upright and not other
        ]
        warnings = describe_gaps(read)
        if not read.pages:
            way_out = (
                "set ocr = true for text recognition (OCR), or " if ocr_language is None else ""
            )
            raise LoadError(
                f"no text on any page ({'; '.join(warnings) or 'it has no pages'}); "
                f"{way_out}leave it out"
            )
        stated = Stated(
            _MEDIA_TYPE,
            title=title_of(document),
            date=date_of(document),
            authors=authors_of(document),
            language=language_of(document),
            outline=outline_of(document),
            warnings=warnings,
        )
        return assemble(read, kept, stem, stated)


def assemble(read: Read, kept: Sequence[Sequence[Segment]], stem: str, stated: Stated) -> Extracted:
    """Put the text of pages together.

    Args:
        read: The pages, at least one of them.
        kept: What of each page, the way most of it runs, belongs to the text.
        stem: Title of last resort.
        stated: What the file says of itself.
    """
    body = body_size(read)
    parts = _find_parts(read, kept, body, stated.outline)
    texts = _texts(parts)
    ranks = heading_ranks(parts, [text for text, _ in texts], body, stated.outline)
    headings = [text for (text, _), rank in zip(texts, ranks, strict=True) if rank is not None]
    first = texts[0][0] if ranks[0] is not None else None
    builder = TextBuilder()
    spots = _build(builder, parts, texts, ranks)
    _locate_pages(builder, spots)
    opening = "\n".join(text for text, _ in texts[:_OPENING])
    return builder.build(
        title=stated.title or first or stem,
        media_type=stated.media_type,
        date=stated_date(opening, headings, stem) or stated.date,
        authors=stated.authors,
        language=stated.language,
        layout=pack(spots),
        warnings=stated.warnings,
    )


def _find_parts(
    read: Read,
    kept: Sequence[Sequence[Segment]],
    body: float,
    outline: Mapping[tuple[int, str], int],
) -> list[Part]:
    parts: list[Part] = []
    for page, upright, other in zip(read.pages, kept, read.turned, strict=True):
        titles = frozenset(title for number, title in outline if number == page.number)
        for run in (*_runs(upright), *_runs(other)):
            found = find_parts(run, body, titles)
            if parts and runs_on(parts[-1], found[0]):
                parts[-1].lines += found.pop(0).lines
            parts += found
    return parts


def _runs(segments: Sequence[Segment]) -> list[list[Segment]]:
    turns = sorted({segment.turn for segment in segments})
    return [run for turn in turns for run in reading_order([s for s in segments if s.turn == turn])]


def _texts(parts: Sequence[Part]) -> list[tuple[str, Spots]]:
    words = words_of(line for part in parts for line in part.lines)
    cuts = cuts_words((part.lines for part in parts if part.kind != "row"), words)
    return [
        join_lines([join_cells(part.lines)] if part.kind == "row" else part.lines, words, cuts=cuts)
        for part in parts
    ]


def _build(
    builder: TextBuilder,
    parts: Sequence[Part],
    texts: Sequence[tuple[str, Spots]],
    ranks: Sequence[float | None],
) -> Spots:
    """Fill the builder, and return where each character of its text stands."""
    path: list[tuple[float, str]] = []
    spots: list[Spots] = []
    end = 0
    for part, (text, places), rank in zip(parts, texts, ranks, strict=True):
        if rank is not None:
            path = [above for above in path if above[0] < rank]
            path.append((rank, text))
        marker = MARKER.match(text) if part.kind == "item" else None
        above = [title for _, title in path]
        kind = part.kind if rank is None else "heading"
        start, stop = builder.add(
            text, heading=above, kind=kind, lead=marker.end() if marker else 0
        )
        spots += [np.zeros((start - end, COLUMNS), np.int32), places]
        end = stop
    return np.concatenate(spots)


def _locate_pages(builder: TextBuilder, spots: Spots) -> None:
    at = np.flatnonzero(spots[:, 0])
    numbers, first = np.unique(spots[at, 0], return_index=True)
    ends = [*first[1:], len(at)]
    for number, start, end in zip(numbers.tolist(), first, ends, strict=True):
        builder.locate(int(at[start]), int(at[end - 1]) + 1, "page", str(number))
