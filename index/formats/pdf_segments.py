"""Runs of characters that stand side by side on a page of a PDF, with the box of each."""

import ctypes
import math
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np

from index.formats.layout import COLUMNS, Spots

NOWHERE = np.zeros((1, COLUMNS), np.int32)
_MARKER = r"(?:[•◦▪‣●○■□–*+-]|\(?\d{1,3}[.)]|\(?[a-z][.)]|\[\d{1,3}\])"
MARKER = re.compile(_MARKER + r"\s+(?=\S)")
_LONE_MARKER = re.compile(_MARKER)
_HYPHEN_AT_LINE_END = 2  # PDFium's own mark
_BULLETS = {0xF0A7: "▪", 0xF0B7: "•"}  # Symbol and Wingdings, as word processors use them
_INVISIBLE = {"\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\ufffe", "\uffff"}
_SURROGATES = range(0xD800, 0xE000)
_FIRST_HALVES = range(0xD800, 0xDC00)
_SMALLEST = 0.1  # points, as the next
_FAR = 1e6  # no page is that large, only a damaged file
_SKEW = 0.2  # text more askew than this to the page's edges is a watermark
_WORD_GAP = 0.15  # in ems, as are those below
_STREAM_GAP = 1.2  # within one line drawn in one go: the widest space of justified text
_JUSTIFIED_GAP = 10.0  # the same, where the file itself has a space
_DRAWN_GAP = 0.6  # between pieces drawn one by one; less than any gutter
_MARKER_GAP = 4.0  # between a list marker and its item


@dataclass(slots=True)
class Segment:
    """A piece of a line.

    Attributes:
        text: Its characters.
        spots: One row a character, as `layout.pack` takes them.
        left: Left edge in points; this and the next two are turned so that the text is upright.
        right: Right edge.
        baseline: Height of the line it stands on.
        size: Size of most of its characters in points.
        turn: Quarter turns anticlockwise that the text is drawn at.
    """

    text: str
    spots: Spots
    left: float
    right: float
    baseline: float
    size: float
    turn: int = 0

    @property
    def page(self) -> int:
        """The number of its page, from 1."""
        return int(self.spots[0, 0])


@dataclass(slots=True)
class _Glyph:
    text: str
    box: tuple[int, ...]
    left: float
    right: float
    baseline: float
    size: float
    turn: int
    spaced: bool  # a space stands before it
    justified: bool  # that space is the file's own, drawn in one go with what is around it


def read_segments(textpage: Any, number: int) -> list[Segment]:  # noqa: ANN401 - PDFium's own
    """Return the segments of a page in no particular order.

    Args:
        textpage: The page's text as PDFium has it.
        number: The page's number, from 1.
    """
    runs: list[list[_Glyph]] = []
    for glyph in _glyphs(textpage):
        if runs and _goes_on(runs[-1][-1], glyph):
            runs[-1].append(glyph)
        else:
            runs.append([glyph])
    found = [_segment(run, number, line) for line, run in enumerate(runs)]
    return _joined([segment for segment in found if segment.text.strip(" \u00ad")])


def rows(segments: Sequence[Segment]) -> list[list[Segment]]:
    """Return the segments by line, top to bottom, and each line's left to right."""
    found: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda s: (-s.baseline, s.left)):
        level = found[-1][0].baseline - segment.baseline if found else math.inf
        if level < 0.25 * segment.size:
            found[-1].append(segment)
        else:
            found.append([segment])
    return [sorted(row, key=lambda s: s.left) for row in found]


def merged(row: Sequence[Segment]) -> Segment:
    """Return the segments of a line as one, with a space where there is a gap between them."""
    whole = row[0]
    for piece in row[1:]:
        spots = piece.spots.copy()
        spots[spots[:, 0] > 0, 1] = whole.spots[0, 1]
        gap = piece.left - whole.right > _WORD_GAP * piece.size
        longer = whole if len(whole.text) >= len(piece.text) else piece
        whole = Segment(
            whole.text + (" " if gap else "") + piece.text,
            np.concatenate([whole.spots, NOWHERE, spots] if gap else [whole.spots, spots]),
            whole.left,
            max(whole.right, piece.right),
            longer.baseline,
            longer.size,
            whole.turn,
        )
    return whole


def _joined(segments: list[Segment]) -> list[Segment]:
    """Put together what is one piece of a line but was drawn in several goes."""
    found: list[Segment] = []
    ordered = sorted(segments, key=lambda s: s.turn)
    for _, turned in groupby(ordered, key=lambda s: s.turn):
        for row in rows(list(turned)):
            pieces = [row[0]]
            for segment in row[1:]:
                gap = (segment.left - pieces[-1].right) / max(segment.size, 1)
                marker = _LONE_MARKER.fullmatch(pieces[-1].text)
                if -_DRAWN_GAP < gap < (_MARKER_GAP if marker else _DRAWN_GAP):
                    pieces[-1] = merged([pieces[-1], segment])
                else:
                    pieces.append(segment)
            found += pieces
    return found


def _goes_on(before: _Glyph, glyph: _Glyph) -> bool:
    em = max(before.size, glyph.size)
    level = abs(before.baseline - glyph.baseline)
    gap = glyph.left - before.right
    on_line = before.turn == glyph.turn and level < 0.5 * em
    # Within one operation, a space of any width is a space; cells are parted by moves.
    widest = _JUSTIFIED_GAP if glyph.justified else _STREAM_GAP
    return on_line and -0.5 * em < gap < widest * em


def _segment(run: list[_Glyph], page: int, line: int) -> Segment:
    text: list[str] = []
    spots: list[tuple[int, ...]] = []
    right = run[0].left
    for glyph in run:
        if text and (glyph.spaced or glyph.left - right > 2 * _WORD_GAP * glyph.size):
            text.append(" ")
            spots.append((0,) * COLUMNS)
        text.append(glyph.text)
        spots += [(page, line, *glyph.box)] * len(glyph.text)
        right = glyph.right
    size = Counter(glyph.size for glyph in run).most_common(1)[0][0]
    return Segment(
        "".join(text),
        np.array(spots, np.int32),
        run[0].left,
        max(glyph.right for glyph in run),
        next(glyph.baseline for glyph in run if glyph.size == size),
        size,
        run[0].turn,
    )


def _glyphs(textpage: Any) -> Iterator[_Glyph]:  # noqa: ANN401 - PDFium's own
    import pypdfium2.raw as pdfium

    box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    spaced, space_of = False, None
    for index, code in _codes(textpage):
        text = _letters(code)
        if not text or text.isspace():
            spaced = spaced or bool(text) or code in (0x0A, 0x0D)
            if text and not pdfium.FPDFText_IsGenerated(textpage, index):
                space_of = _drawing(pdfium.FPDFText_GetTextObject(textpage, index))
            continue
        pdfium.FPDFText_GetMatrix(textpage, index, matrix)
        pdfium.FPDFText_GetCharOrigin(textpage, index, x, y)
        pdfium.FPDFText_GetLooseCharBox(textpage, index, box)
        edges = (box.left, box.bottom, box.right, box.top)
        turn = _turn(matrix.a, matrix.b)
        if turn is None or not all(abs(v) < _FAR for v in (*edges, x.value, y.value)):
            continue
        size = abs(pdfium.FPDFText_GetFontSize(textpage, index)) * math.hypot(matrix.c, matrix.d)
        left, _, right, _ = turned(edges, turn)
        baseline = turned((x.value, y.value, x.value, y.value), turn)[1]
        tenths = tuple(round(edge * 10) for edge in edges)
        justified = space_of is not None and space_of == _drawing(
            pdfium.FPDFText_GetTextObject(textpage, index)
        )
        size = round(size, 1) if _SMALLEST <= size < _FAR else 1.0
        yield _Glyph(text, tenths, left, right, baseline, size, turn, spaced, justified)
        spaced, space_of = False, None


def _codes(textpage: Any) -> Iterator[tuple[int, int]]:  # noqa: ANN401 - PDFium's own
    """Yield each character's index and code; two halves of one are put together."""
    import pypdfium2.raw as pdfium

    high = 0
    for index in range(textpage.count_chars()):
        code = pdfium.FPDFText_GetUnicode(textpage, index)
        if code in _SURROGATES and code not in _FIRST_HALVES:
            code = 0x10000 + (high - 0xD800) * 0x400 + code - 0xDC00 if high else 0
        high = code if code in _FIRST_HALVES else 0
        if not high:
            yield index, code


def _drawing(text_object: Any) -> int | None:  # noqa: ANN401 - PDFium's own
    return ctypes.cast(text_object, ctypes.c_void_p).value


def turned(box: tuple[float, ...], turn: int) -> tuple[float, float, float, float]:
    """Return left, bottom, right and top of a box turned back by quarter turns."""
    x0, y0, x1, y1 = box
    return ((x0, y0, x1, y1), (y0, -x1, y1, -x0), (-x1, -y1, -x0, -y0), (-y1, x0, -y0, x1))[turn]


def _turn(a: float, b: float) -> int | None:
    small, large = sorted((abs(a), abs(b)))
    if not 0 < large < math.inf or small > _SKEW * large:
        return None
    if abs(a) > abs(b):
        return 0 if a > 0 else 2
    return 1 if b > 0 else 3


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
