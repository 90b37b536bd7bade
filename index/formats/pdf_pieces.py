"""Lines of a page in pieces, each drawn in one go, and the gaps between them.

Programs draw each cell of a table by itself, so a gap between two text objects may part cells. A
gap that a drawn space fills parts words.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from index.formats.pdf_calls import Ints
from index.formats.pdf_glyphs import Glyphs

GAP = 0.15  # in ems: the least gap between two cells
ALIGNED = 0.03  # in ems: programs place cells exactly
_FIGURE = re.compile(r"[-–+(<>~±]?\s?[$€£¥]?\d")
_LEADER = re.compile(r"\.{5}")
_DRAWN = 2  # letters in one go
_ONE_WIDTH = 0.9  # of the letters, in a typewriter's font


@dataclass(slots=True)
class Piece:
    """Part of a line without such a gap.

    Attributes:
        glyphs: The characters of its page.
        first: Which of them is its first.
        end: Which one follows it in the file.
        left: Left edge in points; as in `Glyphs`, this and the next two are turned.
        right: Right edge.
        baseline: Height of the line it stands on.
        size: Size of its first character in points.
        inner: How often another text object goes on in it.
    """

    glyphs: Glyphs
    first: int
    end: int
    left: float
    right: float
    baseline: float
    size: float
    inner: int

    @property
    def text(self) -> str:
        """Its characters, without spaces."""
        return "".join(self.glyphs.texts[self.first : self.end])

    @property
    def is_figure(self) -> bool:
        """Whether it begins like a number."""
        return _FIGURE.match(self.text) is not None


@dataclass(slots=True, eq=False)
class Gap:
    """What is free between two pieces of a line.

    Attributes:
        line: Number of the line on its page, from the top.
        before: The piece left of it.
        behind: The piece right of it.
    """

    line: int
    before: Piece
    behind: Piece

    @property
    def left(self) -> float:
        """Its left edge in points."""
        return self.before.right

    @property
    def right(self) -> float:
        """Its right edge in points."""
        return self.behind.left

    @property
    def size(self) -> float:
        """The size of the larger piece in points."""
        return max(self.before.size, self.behind.size)

    @property
    def width(self) -> float:
        """Its width in ems."""
        return (self.right - self.left) / self.size


def make_pieces(glyphs: Glyphs, begin: Ints) -> Iterator[Piece]:
    """Yield the pieces that begin at some characters, of those that run as most of them do."""
    turns = glyphs.turn[begin]
    upright = turns == Counter(turns.tolist()).most_common(1)[0][0]
    ends = np.append(begin[1:], len(glyphs.texts))
    changes = np.concatenate([[0], np.cumsum(np.diff(glyphs.objects) != 0)])
    columns = (
        begin,
        ends,
        glyphs.left[begin],
        np.maximum.reduceat(glyphs.right, begin),
        glyphs.baseline[begin],
        glyphs.size[begin],
        changes[ends - 1] - changes[begin],
    )
    for values in zip(*(column[upright].tolist() for column in columns), strict=True):
        yield Piece(glyphs, *values)


def by_line(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Yield the pieces of each line, top to bottom, from left to right."""
    line: list[Piece] = []
    for piece in sorted(pieces, key=lambda p: (-p.baseline, p.left)):
        if line and line[0].baseline - piece.baseline >= 0.25 * piece.size:
            yield sorted(line, key=lambda p: p.left)
            line = []
        line.append(piece)
    if line:
        yield sorted(line, key=lambda p: p.left)


def gaps_of(number: int, line: Sequence[Piece]) -> list[Gap]:
    """Return the gaps of a line, none where it is drawn letter by letter or has leaders."""
    inner = sum(piece.inner for piece in line)
    letters = sum(piece.end - piece.first for piece in line)
    if len(line) == 1 or (inner and letters < _DRAWN * (len(line) + inner)):
        return []
    if any(_LEADER.search(piece.text) for piece in line):
        return []
    gaps = [Gap(number, *pair) for pair in pairwise(line)]
    return [gap for gap in gaps if gap.width >= GAP]


def has_one_width(pieces: Sequence[Piece]) -> bool:
    """Tell whether all letters are equally wide, as in a listing, where words align anyway.

    Figures and marks do not count; pieces without a letter have no width.
    """
    glyphs = pieces[0].glyphs
    drawn = (index for piece in pieces for index in range(piece.first, piece.end))
    at = np.array([index for index in drawn if glyphs.texts[index].isalpha()], np.int64)
    if not len(at):
        return False
    widths = (glyphs.right[at] - glyphs.left[at]) / glyphs.size[at]
    same = np.abs(widths - np.median(widths)) < ALIGNED
    return bool(same.sum() > _ONE_WIDTH * len(at))
