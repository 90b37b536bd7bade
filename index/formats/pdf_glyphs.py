"""The visible characters of a page of a PDF, read in bulk."""

import math
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.formats.pdf_calls import Addresses, Codes, Floats, Ints, PageCharacters

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

Bools = NDArray[np.bool_]


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
        objects: Which text object draws it, 0 for none.
        apart: Points between it and what another text object drew before it, spaces too; 0 where
            it is of the same one.
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
    objects: Addresses
    apart: Floats


def read_glyphs(textpage: Any) -> Glyphs:  # noqa: ANN401 - PDFium's own
    """Return the visible characters of a page, without those far off it or askew.

    Args:
        textpage: The page's text as PDFium has it.
    """
    page = PageCharacters(textpage)
    at, codes = _whole(page.codes())
    known, which = np.unique(codes, return_inverse=True)
    letters = [_letters(code) for code in known.tolist()]
    blank = np.array([text.isspace() for text in letters], bool)[which]
    places = np.flatnonzero(np.array([len(text) > 0 for text in letters], bool)[which] & ~blank)
    objects = page.text_objects(at)
    edges = page.boxes(at[places])
    turn, size, baseline = _shapes(page, at[places], objects[places])
    near = (np.abs(edges) < _FAR).all(axis=1) & (np.abs(baseline) < _FAR)
    kept = near & (turn != _ASKEW)
    places, edges, turn = places[kept], edges[kept], turn[kept]
    upright = _turned(edges, turn)
    drawn = _drawn(page, at, blank & (objects > 0))
    return Glyphs(
        [letters[code] for code in which[places].tolist()],
        np.rint(edges * 10).astype(np.int32),
        upright[:, 0],
        upright[:, 2],
        baseline[kept],
        size[kept],
        turn,
        _any_between(places, blank | np.isin(codes, _LINE_ENDS)),
        _justified(places, drawn, objects),
        objects[places],
        _apart(page, at, drawn, _Drawn(places, objects[places], upright, turn)),
    )


@dataclass(frozen=True, slots=True)
class _Drawn:
    places: Ints
    objects: Addresses
    upright: Floats
    turn: Ints


def turned(box: tuple[float, ...], turn: int) -> tuple[float, float, float, float]:
    """Return left, bottom, right and top of a box turned back by quarter turns."""
    left, bottom, right, top = _turned(np.array([box], float), np.array([turn]))[0].tolist()
    return left, bottom, right, top


def _turned(boxes: Floats, turn: Ints) -> Floats:
    found: Floats = np.take_along_axis(boxes, _EDGES[turn], axis=1) * _SIGNS[turn]
    return found


def _whole(codes: Codes) -> tuple[Ints, Codes]:
    """Return each character's index and code; two halves of one are put together."""
    if not ((codes >= _SURROGATES.start) & (codes < _SURROGATES.stop)).any():
        return np.arange(len(codes)), codes
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


def _shapes(page: PageCharacters, indices: Ints, objects: Addresses) -> tuple[Ints, Floats, Floats]:
    """Return the turn, size and baseline of characters; a text object has one matrix."""
    lone = np.where(objects > 0, objects, np.arange(len(objects), dtype=np.uint64))
    _, first, which = np.unique(lone, return_index=True, return_inverse=True)
    matrices, sizes = page.matrices(indices[first]), page.font_sizes(indices[first])
    shapes = list(map(_shape, *matrices[:, :4].T.tolist(), sizes.tolist()))
    found = np.array(shapes, np.float64).reshape(-1, 2)[which]
    turn = found[:, 0].astype(np.int64)

    # A level text object has one baseline, unless it runs from top to bottom.
    ends = first.copy()
    ends[which] = np.arange(len(which))
    start, end = (_baselines(page, indices[at], turn[at]) for at in (first, ends))
    uneven = (matrices[:, 1] != 0) | (start != end)
    baseline, asked = start[which], uneven[which]
    baseline[asked] = _baselines(page, indices[asked], turn[asked])
    return turn, found[:, 1], baseline


def _baselines(page: PageCharacters, indices: Ints, turn: Ints) -> Floats:
    return _turned(np.tile(page.origins(indices), 2), turn)[:, 1]


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


def _drawn(page: PageCharacters, at: Ints, spaces: Bools) -> Bools:
    """Return which spaces are the file's own.

    Where a space of the file follows a gap, PDFium puts its own in the gap and drops the file's.
    Its own then stands where the file's did; without one, where the next character does.
    """
    drawn, places = spaces.copy(), np.flatnonzero(spaces)
    drawn[places] = ~page.is_generated(at[places])
    places = np.flatnonzero(spaces & ~drawn)
    steps = page.origins(at[places] + 1) - page.origins(at[places])
    drawn[places] = np.abs(steps).max(axis=1, initial=0) > _SMALLEST
    return drawn


def _justified(places: Ints, spaces: Bools, objects: Addresses) -> Bools:
    """Tell for each place whether the last space before it is of the same text object."""
    last = _last_between(places, spaces)
    same: Bools = (last >= 0) & (objects[last] == objects[places])
    return same


def _last_between(places: Ints, marks: Bools) -> Ints:
    """Return for each place the last mark between the one before and it, -1 for none."""
    last = np.maximum.accumulate(np.where(marks, np.arange(len(marks)), -1))[places]
    before = np.concatenate([[-1], places[:-1]]) if len(places) else places
    found: Ints = np.where(last > before, last, -1)
    return found


def _apart(page: PageCharacters, at: Ints, spaces: Bools, drawn: _Drawn) -> Floats:
    """Return the distance of each character to what another text object drew before it.

    A space counts as drawn where it stands; where PDFium has moved it, it fills the gap.
    """
    found = np.zeros(len(drawn.places))
    borders = np.flatnonzero(drawn.objects[1:] != drawn.objects[:-1]) + 1
    found[borders] = drawn.upright[borders, 0] - drawn.upright[borders - 1, 2]
    last = _last_between(drawn.places, spaces)
    borders = borders[(last[borders] >= 0) & (found[borders] > 0)]
    indices = at[last[borders]]
    ends = _turned(page.boxes(indices), drawn.turn[borders])[:, 2]
    left = np.minimum(found[borders], drawn.upright[borders, 0] - ends)
    found[borders] = np.where(page.is_generated(indices), 0, left)
    return found


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
