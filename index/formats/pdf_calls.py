"""What PDFium knows of a page's characters, asked for many of them at a time.

pypdfium2's functions convert and check their arguments in Python, which takes longer than what
they ask for. The same functions, given bare addresses to write to, are several times as fast.
"""

import ctypes
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Codes = NDArray[np.uint32]
Addresses = NDArray[np.uint64]


class PageCharacters:
    """The characters of a page, by their index; all answers have one row for each index given.

    Args:
        textpage: The page's text as PDFium has it; it must stay open.
    """

    def __init__(self, textpage: Any) -> None:  # noqa: ANN401 - PDFium's own
        self._textpage = textpage  # the address is good as long as it lives
        self._page = ctypes.cast(textpage.raw, ctypes.c_void_p).value or 0
        self._calls = _calls()

    def codes(self) -> Codes:
        """Return the UTF-16 or UTF-32 code of every character of the page."""
        count = self._textpage.count_chars()
        codes = map(self._calls.code_of, repeat(self._page), range(count))
        return np.fromiter(codes, np.uint32, count)

    def text_objects(self, indices: Ints) -> Addresses:
        """Return which text object draws each character, 0 for none."""
        found = map(self._calls.object_of, repeat(self._page), indices.tolist())
        return np.fromiter(found, np.uint64, len(indices))

    def is_generated(self, indices: Ints) -> NDArray[np.bool_]:
        """Tell which characters are not the file's own but put in by PDFium."""
        found = map(self._calls.is_generated, repeat(self._page), indices.tolist())
        generated: NDArray[np.bool_] = np.fromiter(found, np.int64, len(indices)) == 1
        return generated

    def font_sizes(self, indices: Ints) -> Floats:
        """Return the size of each character's font, before its matrix."""
        found = map(self._calls.size_of, repeat(self._page), indices.tolist())
        return np.fromiter(found, np.float64, len(indices))

    def boxes(self, indices: Ints) -> Floats:
        """Return left, bottom, right and top in points, with the font's ascent and descent."""
        boxes = np.zeros((len(indices), 4), np.float32)  # FS_RECTF: left, top, right, bottom
        self._fill(self._calls.box_of, indices, boxes.ctypes.data, 4 * boxes.itemsize)
        return boxes[:, [0, 3, 2, 1]].astype(np.float64)

    def matrices(self, indices: Ints) -> NDArray[np.float32]:
        """Return a, b, c, d, e and f of each character's matrix."""
        matrices = np.zeros((len(indices), 6), np.float32)  # FS_MATRIX
        self._fill(self._calls.matrix_of, indices, matrices.ctypes.data, 6 * matrices.itemsize)
        return matrices

    def origins(self, indices: Ints) -> Floats:
        """Return x and y of the places where characters are drawn, in points."""
        points = np.zeros((len(indices), 2), np.float64)
        second = points.ctypes.data + points.itemsize
        step = 2 * points.itemsize
        ys = range(second, second + step * len(indices), step)
        self._fill(self._calls.origin_of, indices, points.ctypes.data, step, ys)
        return points

    def _fill(
        self, call: Callable[..., int], indices: Ints, first: int, step: int, *more: range
    ) -> None:
        """Have PDFium write an answer for each index, `step` bytes apart."""
        rows = range(first, first + step * len(indices), step)
        deque(map(call, repeat(self._page), indices.tolist(), rows, *more), maxlen=0)


@dataclass(frozen=True, slots=True)
class _Calls:
    code_of: Callable[..., int]
    is_generated: Callable[..., int]
    object_of: Callable[..., int]
    box_of: Callable[..., int]
    origin_of: Callable[..., int]
    matrix_of: Callable[..., int]
    size_of: Callable[..., float]


@cache
def _calls() -> _Calls:
    import pypdfium2.raw as pdfium

    address, number = ctypes.c_size_t, ctypes.c_int

    def bare(function: Any, returned: Any, *taken: Any) -> Any:  # noqa: ANN401 - ctypes
        of_type = ctypes.PYFUNCTYPE(returned, address, number, *taken)
        return of_type(ctypes.cast(function, ctypes.c_void_p).value or 0)

    return _Calls(
        bare(pdfium.FPDFText_GetUnicode, ctypes.c_uint),
        bare(pdfium.FPDFText_IsGenerated, number),
        bare(pdfium.FPDFText_GetTextObject, address),
        bare(pdfium.FPDFText_GetLooseCharBox, number, address),
        bare(pdfium.FPDFText_GetCharOrigin, number, address, address),
        bare(pdfium.FPDFText_GetMatrix, number, address),
        bare(pdfium.FPDFText_GetFontSize, ctypes.c_double),
    )
