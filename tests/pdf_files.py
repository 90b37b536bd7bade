"""PDFs with known text at known places."""

from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

FONT = "Helvetica"


def pdf(*pages, info=None, outline=(), rotation=0, encrypt=None, language=None):
    """Return a PDF; a page is a list of (x, y, text), with size, font and angle if not usual.

    `outline` names (page, title, level) from page 1.
    """
    content = BytesIO()
    canvas = Canvas(content, pagesize=(600, 800), invariant=1, encrypt=encrypt, lang=language)
    for key, value in ({"title": "", "author": ""} | (info or {})).items():
        getattr(canvas, f"set{key.title()}")(value)
    for number, page in enumerate(pages, 1):
        canvas.setPageRotation(rotation)
        for title, level in [(t, level) for at, t, level in outline if at == number]:
            canvas.bookmarkPage(title)
            canvas.addOutlineEntry(title, title, level)
        for piece in page:
            draw(canvas, *piece)
        canvas.showPage()
    canvas.save()
    return content.getvalue()


def draw(canvas, x, y, text, size=10, font=FONT, angle=0):  # noqa: PLR0917
    canvas.saveState()
    canvas.setFont(font, size)
    canvas.translate(x, y)
    canvas.rotate(angle)
    canvas.drawString(0, 0, text)
    canvas.restoreState()


def lines(*texts, x=50, y=700, leading=12, size=10, font=FONT):
    """Return pieces below each other; None leaves a line blank."""
    return [
        (x, y - leading * number, text, size, font)
        for number, text in enumerate(texts)
        if text is not None
    ]
