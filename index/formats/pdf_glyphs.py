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
from index.formats.pdf_spaces import Bools, Placed, any_between, apart, drawn_spaces, justified
from index.formats.pdf_turns import ASKEW, turn_of, turned_all

_HYPHEN_AT_LINE_END = 2  # PDFium's own mark
_LINE_ENDS = (0x0A, 0x0D)
_BULLETS = {0xF0A7: "▪", 0xF0B7: "•"}  # Symbol and Wingdings, as word processors use them
_INVISIBLE = {"\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\ufffe", "\uffff"}
_SURROGATES = range(0xD800, 0xE000)
_FIRST_HALVES = range(0xD800, 0xDC00)
_SMALLEST = 0.1  # points, as the next
_FAR = 1e6  # no page is that large, only a damaged file
_CACHED = 1 << 14


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
    kept = near & (turn != ASKEW)
    places, edges, turn = places[kept], edges[kept], turn[kept]
    upright = turned_all(edges, turn)
    spaces = drawn_spaces(page, at, blank & (objects > 0))
    return Glyphs(
        [letters[code] for code in which[places].tolist()],
        np.rint(edges * 10).astype(np.int32),
        upright[:, 0],
        upright[:, 2],
        baseline[kept],
        size[kept],
        turn,
        any_between(places, blank | np.isin(codes, _LINE_ENDS)),
        justified(places, spaces, objects),
        objects[places],
        apart(page, at, spaces, Placed(places, objects[places], upright, turn)),
    )


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
    return turned_all(np.tile(page.origins(indices), 2), turn)[:, 1]


@lru_cache(_CACHED)
def _shape(a: float, b: float, c: float, d: float, size: float) -> tuple[int, float]:
    """Return the turn and the size that a text object's matrix gives to its font size."""
    height = abs(size) * math.hypot(c, d)
    return turn_of(a, b), round(height, 1) if _SMALLEST <= height < _FAR else 1.0


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
