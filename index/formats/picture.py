"""Pictures of text (PNG, JPEG, TIFF), read by text recognition."""

from index.document import Extracted
from index.errors import LoadError
from index.formats.ocr import Frame, Sheet, recognise, segments_of
from index.formats.pdf import Stated, assemble
from index.formats.pdf_furniture import Page
from index.formats.pdf_pages import Read, describe_gaps


def load_picture(
    media_type: str, content: bytes, stem: str, *, ocr_language: str | None = None
) -> Extracted:
    """Read a picture's text; a TIFF may have several pages.

    In the layout one pixel is one point.

    Args:
        media_type: The picture's kind.
        content: The file's bytes.
        stem: Title of last resort.
        ocr_language: As tesseract names it; None where text recognition is not wanted.

    Raises:
        LoadError: text recognition is not wanted, fails, or finds no text.
    """
    if ocr_language is None:
        raise LoadError(
            f"{media_type} cannot be read yet; set ocr = true to read the text on it, or leave "
            "it out"
        )
    read = Read()
    for number, sheet in enumerate(recognise(content, ocr_language), 1):
        segments = segments_of(sheet, number, _upright(sheet))
        if segments:
            read.pages.append(Page(number, segments, 0.0, float(sheet.height)))
            read.turned.append([])
            read.by_ocr.append(number)
        else:
            read.blank.append(number)
    if not read.pages:
        raise LoadError("OCR found no text on it; leave it out")
    kept = [page.segments for page in read.pages]
    stated = Stated(media_type, warnings=describe_gaps(read))
    return assemble(read, kept, stem, stated)


def _upright(sheet: Sheet) -> Frame:
    return Frame((0, sheet.height), (sheet.width, sheet.height), (0, 0))
