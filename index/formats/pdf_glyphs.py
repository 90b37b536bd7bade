"""The visible characters of a page of a PDF, read in bulk."""

import ctypes
import math
import sys
import unicodedata
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

_HYPHEN_AT_LINE_END = 2  # PDFium's own mark
_LINE_ENDS = (0x0A, 0x0D)
_BULLETS = {0xF0A7: "▪", 0xF0B7: "•"}  # Symbol and Wingdings, as word processors use them
_INVISIBLE = {"\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\ufffe", "\uffff"}
_SURROGATES = range(0xD800, 0xE000)
_FIRST_HALVES = range(0xD800, 0xDC00)
_SMALLEST = 0.1  # points, as the next
_FAR = 1e6  # no page is that large, only a damaged file
_SKEW = 0.2  # text more askew than this to the page's edges is a watermark
_CACHED = 1 << 14
_ASKEW = -1
_EDGES = np.array([(0, 1, 2, 3), (1, 2, 3, 0), (2, 3, 0, 1), (3, 0, 1, 2)])
"""By turn, which edge of a box is left, bottom, right and top when it is turned back."""
_SIGNS = np.array([(1, 1, 1, 1), (1, -1, 1, -1), (-1, -1, -1, -1), (-1, 1, -1, 1)])

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Codes = NDArray[np.uint32]
Addresses = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Visible characters in the file's order, one row of each array a character.

    Attributes:
        texts: What each stands for: one letter, or those of a ligature.
        boxes: Left, bottom, right and top on the page in tenths of a point.
        left: Left edge in points; this and the next two are turned so that the text is upright.
        right: Right edge.
        baseline: Height of the line that it stands on.
        size: Size in points.
        turn: Quarter turns anticlockwise that it is drawn at.
        spaced: Whether a space stands before it.
        justified: Whether that space is the file's own, drawn in one go with what is around it.
    """

    texts: Sequence[str]
    boxes: NDArray[np.int32]
    left: Floats
    right: Floats
    baseline: Floats
    size: Floats
    turn: Ints
    spaced: Bools
    justified: Bools


def read_glyphs(textpage: Any) -> Glyphs:  # noqa: ANN401 - PDFium's own
    """Return the visible characters of a page, without those far off it or askew.

    Args:
        textpage: The page's text as PDFium has it.
    """
    page, calls = ctypes.cast(textpage.raw, ctypes.c_void_p).value or 0, _calls()
    at, codes = _codes(page, textpage.count_chars())
    known, which = np.unique(codes, return_inverse=True)
    letters = [_letters(code) for code in known.tolist()]
    blank = np.array([text.isspace() for text in letters], bool)[which]
    visible = np.array([bool(text) and not text.isspace() for text in letters], bool)[which]
    objects = np.fromiter(map(calls.object_of, repeat(page), at.tolist()), np.uint64, len(at))

    places = np.flatnonzero(visible)
    edges = _boxes(page, at[places])
    turn, size, baseline = _shapes(page, at[places], objects[places], edges)
    near = (np.abs(edges) < _FAR).all(axis=1) & (np.abs(baseline) < _FAR)
    kept = near & (turn != _ASKEW)
    places, edges, turn = places[kept], edges[kept], turn[kept]

    spaced = _any_between(places, blank | np.isin(codes, _LINE_ENDS))
    upright = _turned(edges, turn)
    return Glyphs(
        [letters[code] for code in which[places].tolist()],
        np.rint(edges * 10).astype(np.int32),
        upright[:, 0],
        upright[:, 2],
        baseline[kept],
        size[kept],
        turn,
        spaced,
        _justified(places, _drawn(page, at, blank & (objects > 0)), objects),
    )


def turned(box: tuple[float, ...], turn: int) -> tuple[float, float, float, float]:
    """Return left, bottom, right and top of a box turned back by quarter turns."""
    left, bottom, right, top = _turned(np.array([box], float), np.array([turn]))[0].tolist()
    return left, bottom, right, top


def _turned(boxes: Floats, turn: Ints) -> Floats:
    found: Floats = np.take_along_axis(boxes, _EDGES[turn], axis=1) * _SIGNS[turn]
    return found


def _codes(page: int, count: int) -> tuple[Ints, Codes]:
    """Return each character's index and code; two halves of one are put together."""
    codes = np.fromiter(map(_calls().code_of, repeat(page), range(count)), np.uint32, count)
    if not ((codes >= _SURROGATES.start) & (codes < _SURROGATES.stop)).any():
        return np.arange(count), codes
    found, high = [], 0
    for index, code in enumerate(codes.tolist()):
        whole = code
        if code in _SURROGATES and code not in _FIRST_HALVES:
            whole = 0x10000 + (high - 0xD800) * 0x400 + code - 0xDC00 if high else 0
        high = code if code in _FIRST_HALVES else 0
        if not high:
            found.append((index, whole))
    pairs = np.array(found, np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1].astype(np.uint32)


def _boxes(page: int, indices: Ints) -> Floats:
    """Return left, bottom, right and top of characters in points."""
    boxes = np.zeros((len(indices), 4), np.float32)  # FS_RECTF: left, top, right and bottom
    rows = _addresses(boxes.ctypes.data, 4 * boxes.itemsize, len(indices))
    deque(map(_calls().box_of, repeat(page), indices.tolist(), rows), maxlen=0)
    return boxes[:, [0, 3, 2, 1]].astype(np.float64)


def _origins(page: int, indices: Ints) -> Floats:
    """Return x and y of the places where characters are drawn, in points."""
    points = np.zeros((len(indices), 2), np.float64)
    first, size = points.ctypes.data, points.itemsize
    xs, ys = (_addresses(at, 2 * size, len(indices)) for at in (first, first + size))
    deque(map(_calls().origin_of, repeat(page), indices.tolist(), xs, ys), maxlen=0)
    return points


def _shapes(
    page: int, indices: Ints, objects: Addresses, edges: Floats
) -> tuple[Ints, Floats, Floats]:
    """Return the turn, size and baseline of characters; a text object has one matrix."""
    lone = np.where(objects > 0, objects, np.arange(len(objects), dtype=np.uint64))
    _, first, which = np.unique(lone, return_index=True, return_inverse=True)
    chosen = indices[first].tolist()
    matrices = np.zeros((len(chosen), 6), np.float32)  # FS_MATRIX: a, b, c, d, e and f
    rows = _addresses(matrices.ctypes.data, 6 * matrices.itemsize, len(chosen))
    deque(map(_calls().matrix_of, repeat(page), chosen, rows), maxlen=0)
    sizes = map(_calls().size_of, repeat(page), chosen)
    shapes = list(map(_shape, *matrices[:, :4].T.tolist(), sizes))
    found = np.array(shapes, np.float64).reshape(-1, 2)[which]
    turn = found[:, 0].astype(np.int64)

    # Where a text object is level and its boxes are too, its characters have one baseline.
    level, heads = matrices[which, 1] == 0, first[which]
    uneven = np.bincount(which[edges[:, 1] != edges[heads, 1]], minlength=len(chosen)) > 0
    asked = ~level | uneven[which]
    asked[first] = True
    baseline = np.zeros(len(turn))
    baseline[asked] = _turned(np.tile(_origins(page, indices[asked]), 2), turn[asked])[:, 1]
    return turn, found[:, 1], np.where(asked, baseline, baseline[heads])


def _addresses(first: int, step: int, count: int) -> range:
    return range(first, first + step * count, step)


@lru_cache(_CACHED)
def _shape(a: float, b: float, c: float, d: float, size: float) -> tuple[int, float]:
    """Return the turn and the size that a text object's matrix gives to its font size."""
    height = abs(size) * math.hypot(c, d)
    return _turn(a, b), round(height, 1) if _SMALLEST <= height < _FAR else 1.0


def _turn(a: float, b: float) -> int:
    small, large = sorted((abs(a), abs(b)))
    if not 0 < large < math.inf or small > _SKEW * large:
        return _ASKEW
    if abs(a) > abs(b):
        return 0 if a > 0 else 2
    return 1 if b > 0 else 3


def _any_between(places: Ints, marks: Bools) -> Bools:
    """Tell for each place whether a mark stands between the one before and it."""
    counts = np.concatenate([[0], np.cumsum(marks)])[places]
    return np.diff(counts, prepend=0) > 0


def _drawn(page: int, at: Ints, spaces: Bools) -> Bools:
    """Return which spaces are the file's own, and not put in by PDFium."""
    drawn, places = spaces.copy(), np.flatnonzero(spaces)
    generated = map(_calls().is_generated, repeat(page), at[places].tolist())
    drawn[places] = np.fromiter(generated, np.int64, len(places)) == 0
    return drawn


def _justified(places: Ints, spaces: Bools, objects: Addresses) -> Bools:
    """Tell for each place whether the last space before it is of the same text object."""
    last = np.maximum.accumulate(np.where(spaces, np.arange(len(spaces)), -1))[places]
    before = np.concatenate([[-1], places[:-1]]) if len(places) else places
    same: Bools = (last > before) & (objects[last] == objects[places])
    return same


@lru_cache(_CACHED)
def _letters(code: int) -> str:
    """Return what a character code stands for: ligatures as letters, every space as a space."""
    if code == _HYPHEN_AT_LINE_END:
        return "-"
    if code in _BULLETS:
        return _BULLETS[code]
    text = chr(code) if code <= sys.maxunicode else ""
    if not text or text in _INVISIBLE or unicodedata.category(text) in ("Cc", "Cs", "Cn"):
        return ""
    if unicodedata.category(text) == "Zs":
        return " "
    return unicodedata.normalize("NFKC", text) if "\ufb00" <= text <= "\ufb06" else text


@dataclass(frozen=True, slots=True)
class _Calls:
    """Functions of PDFium that take bare addresses, which is several times as fast."""

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
