"""The pages of a PDF file, as far as they can be read."""

import math
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from index.errors import LoadError
from index.formats.ocr import read_rendered
from index.formats.pdf_furniture import Page
from index.formats.pdf_glyphs import read_glyphs
from index.formats.pdf_segments import Segment, make_segments
from index.formats.pdf_turns import turned

MAX_CHARS = 20_000_000  # more than any book; a page's content may unpack to far more than its file
_END = re.compile(rb"startxref\s+0*[1-9]")
_PASSWORD = "it needs a password; save a copy without one, or leave it out"  # noqa: S105
_BROKEN = "not a readable PDF: {}; get the file again, or leave it out"


@dataclass(slots=True)
class Read:
    """What was read of a file.

    Attributes:
        pages: Pages with text, and what stands on them the way most of it runs.
        turned: For each of these, what runs another way.
        without_text: Numbers of pages without a text layer.
        by_ocr: Numbers of pages whose picture was read.
        blank: Numbers of pages on whose picture no text was found.
        ocr_faults: Why a page's picture could not be read.
        unreadable: Numbers of pages that PDFium cannot read.
        beyond: First and last page left out for the limits.
        late: First and last page that time did not suffice for.
    """

    pages: list[Page] = field(default_factory=list)
    turned: list[list[Segment]] = field(default_factory=list)
    without_text: list[int] = field(default_factory=list)
    by_ocr: list[int] = field(default_factory=list)
    blank: list[int] = field(default_factory=list)
    ocr_faults: list[str] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)
    beyond: tuple[int, int] | None = None
    late: tuple[int, int] | None = None


@contextmanager
def opened_pdf(content: bytes) -> Iterator[Any]:
    """Open a PDF and close it behind the `with` block.

    Raises:
        LoadError: it is no PDF, cut off, damaged or needs a password.
    """
    import pypdfium2
    from pypdfium2 import raw

    if b"%PDF-" not in content[:1024]:
        raise LoadError(_BROKEN.format("it does not begin like one"))
    if not _END.search(content):
        raise LoadError(_BROKEN.format("its end is missing"))
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise LoadError(_PASSWORD) from error
        raise LoadError(_BROKEN.format("it is damaged")) from error
    try:
        yield document
    except (pypdfium2.PdfiumError, ArithmeticError, LookupError, ValueError) as error:
        # One file must not stop the others, whatever its damage leads to.
        raise LoadError(_BROKEN.format(f"its content is damaged ({error})")) from error
    finally:
        document.close()


def read_pages(
    document: Any,  # noqa: ANN401 - PDFium's own
    max_pages: int,
    ocr_language: str | None = None,
    deadline: float = math.inf,
) -> Read:
    """Return what stands on the first `max_pages` pages.

    Pages without a text layer go through text recognition where a language for it is named. The
    first page is read in any case, the others as long as `time.monotonic()` is before `deadline`.
    """
    import pypdfium2

    read = Read()
    count, budget = len(document), MAX_CHARS
    for number in range(1, count + 1):
        if number > max_pages or budget <= 0:
            read.beyond = (number, count)
            break
        if number > 1 and time.monotonic() >= deadline:
            read.late = (number, count)
            break
        try:
            segments, edges, size = _read_page(document, number, budget)
        except pypdfium2.PdfiumError:
            read.unreadable.append(number)
            continue
        budget -= size
        if not segments and ocr_language is not None:
            segments = _recognised(document, number, ocr_language, read)
        elif not segments:
            read.without_text.append(number)
        if segments:
            _add_page(read, number, segments, edges)
    return read


def _add_page(read: Read, number: int, segments: list[Segment], edges: tuple[float, ...]) -> None:
    turns: Counter[int] = Counter()
    for segment in segments:
        turns[segment.turn] += len(segment.text)
    turn = turns.most_common(1)[0][0]
    _, bottom, _, top = turned(edges, turn)
    upright = [segment for segment in segments if segment.turn == turn]
    read.pages.append(Page(number, upright, bottom, top))
    read.turned.append([segment for segment in segments if segment.turn != turn])


def _recognised(
    document: Any,  # noqa: ANN401 - PDFium's own
    number: int,
    language: str,
    read: Read,
) -> list[Segment]:
    """Return what text recognition finds on a page; what fails there is no fault of the others."""
    page = document[number - 1]
    try:
        segments = read_rendered(page, number, language)
        (read.by_ocr if segments else read.blank).append(number)
    except LoadError as error:
        segments = []
        read.without_text.append(number)
        if str(error) not in read.ocr_faults:
            read.ocr_faults.append(str(error))
    finally:
        page.close()
    return segments


def _read_page(
    document: Any,  # noqa: ANN401 - PDFium's own
    number: int,
    budget: int,
) -> tuple[list[Segment], tuple[float, ...], int]:
    page = document[number - 1]
    try:
        textpage = page.get_textpage()
        try:
            size = textpage.count_chars()
            segments = make_segments(read_glyphs(textpage), number) if size <= budget else []
            return segments, page.get_bbox(), size
        finally:
            textpage.close()
    finally:
        page.close()


def describe_gaps(read: Read) -> list[str]:
    """Return one short sentence for each kind of page that was not read, or not surely."""
    found = []
    for pages, fault in (
        (read.without_text, "no text layer"),
        (read.blank, "no text that OCR can see"),
        (read.unreadable, "damaged content"),
    ):
        if pages:
            found.append(_gap(sorted(pages), fault))
    if read.beyond:
        first, last = read.beyond
        found.append(f"pages {first}-{last} are over the limit; they were left out")
    if read.late:
        first, last = read.late
        found.append(
            f"pages {first}-{last} were not reached in time; raise extract_seconds "
            "and run pinpoint index --rebuild"
        )
    if read.by_ocr:
        were = "pages {} were" if len(read.by_ocr) > 1 else "page {} was"
        named = were.format(_runs(read.by_ocr))
        found.append(f"{named} read by OCR and may hold errors")
    return found + read.ocr_faults


def _runs(pages: list[int]) -> str:
    by_run = groupby(enumerate(pages), key=lambda pair: pair[1] - pair[0])
    runs = [[page for _, page in run] for _, run in by_run]
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)


def _gap(pages: list[int], fault: str) -> str:
    named = _runs(pages)
    if len(pages) == 1:
        return f"page {named} has {fault}; it was not searched"
    return f"pages {named} have {fault}; they were not searched"


def body_size(read: Read) -> float:
    """Return the size of most of the text, in points."""
    sizes: Counter[float] = Counter()
    for page in read.pages:
        for segment in page.segments:
            sizes[round(segment.size * 2) / 2] += len(segment.text)
    return sizes.most_common(1)[0][0]
