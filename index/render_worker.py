"""The process that draws pages of PDF files, which may be made to do harm.

    python -m index.render_worker MEMORY_MB

Speaks as `index.worker` does. A request with bytes replaces the file that it keeps; one without
asks for a page: its `number` from 1, and either `rectangles` on it or the `width` of a picture.
"""

import base64
import io
import json
import math
import os
import sys
from contextlib import ExitStack
from typing import Any

from index.errors import LoadError
from index.formats.pdf_pages import opened_pdf
from index.worker import OUT_OF_MEMORY, limit_memory, one_cause

_MAX_PIXELS = 12_000_000
_GRID = 1_000_000  # device units that a page's edge is cut into


def main() -> None:
    """Answer requests until standard input ends."""
    limit_memory(int(sys.argv[1]))
    try:
        _serve()
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def _serve() -> None:
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    held, document = ExitStack(), None
    while line := requests.readline():
        request = json.loads(line)
        content = requests.read(request["size"])
        try:
            with one_cause():
                if content:
                    held.close()
                    document = None
                    document = held.enter_context(opened_pdf(content))
                answer = _answer(document, request)
        except LoadError as error:
            answer = {"error": str(error)}
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


def _answer(document: Any, request: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401 - PDFium's own
    number = request["number"]
    if document is None:
        raise LoadError("no file to draw; is it damaged?")
    if not 1 <= number <= len(document):
        raise LoadError(f"it has no page {number}; it has {len(document)}")
    page = document[number - 1]
    try:
        if request["width"] is None:
            return _shape(document, page, request["rectangles"])
        return {"png": base64.b64encode(_picture(page, request["width"])).decode()}
    finally:
        page.close()


def _shape(document: Any, page: Any, rectangles: list[list[float]]) -> dict[str, Any]:  # noqa: ANN401
    width, height = page.get_size()
    boxes = [_box(page, *rectangle) for rectangle in rectangles]
    return {"count": len(document), "width": width, "height": height, "boxes": boxes}


def _box(page: Any, left: float, bottom: float, right: float, top: float) -> list[float]:  # noqa: ANN401
    """Return left, top, width and height as shares of the page as it is shown.

    PDFium's own mapping minds the page's rotation and the box that it is cropped to.
    """
    x0, y0 = _shown(page, left, top)
    x1, y1 = _shown(page, right, bottom)
    return [min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0)]


def _shown(page: Any, x: float, y: float) -> tuple[float, float]:  # noqa: ANN401
    import ctypes

    import pypdfium2.raw as pdfium

    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, _GRID, _GRID, 0, x, y, across, down)
    return across.value / _GRID, down.value / _GRID


def _picture(page: Any, width: int) -> bytes:  # noqa: ANN401
    wide, high = page.get_size()
    if not (wide > 0 and high > 0):
        raise LoadError("the page has no size")
    scale = min(width / wide, math.sqrt(_MAX_PIXELS / (wide * high)))
    picture = io.BytesIO()
    page.render(scale=scale, may_draw_forms=False).to_pil().save(picture, "PNG", compress_level=3)
    return picture.getvalue()


if __name__ == "__main__":
    main()
