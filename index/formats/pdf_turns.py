"""Quarter turns that text is drawn at, and boxes turned back by them."""

import math

import numpy as np

from index.formats.pdf_calls import Floats, Ints

ASKEW = -1
_SKEW = 0.2  # text more askew than this to the page's edges is a watermark
_EDGES = np.array([(0, 1, 2, 3), (1, 2, 3, 0), (2, 3, 0, 1), (3, 0, 1, 2)])
"""By turn, which edge of a box is left, bottom, right and top when it is turned back."""
_SIGNS = np.array([(1, 1, 1, 1), (1, -1, 1, -1), (-1, -1, -1, -1), (-1, 1, -1, 1)])


def turned(box: tuple[float, ...], turn: int) -> tuple[float, float, float, float]:
    """Return left, bottom, right and top of a box turned back by quarter turns."""
    left, bottom, right, top = turned_all(np.array([box], float), np.array([turn]))[0].tolist()
    return left, bottom, right, top


def turned_all(boxes: Floats, turn: Ints) -> Floats:
    """Return boxes, a row each, turned back by quarter turns."""
    found: Floats = np.take_along_axis(boxes, _EDGES[turn], axis=1) * _SIGNS[turn]
    return found


def turn_of(a: float, b: float) -> int:
    """Return how many quarter turns anticlockwise a matrix gives, `ASKEW` for any other angle."""
    small, large = sorted((abs(a), abs(b)))
    if not 0 < large < math.inf or small > _SKEW * large:
        return ASKEW
    if abs(a) > abs(b):
        return 0 if a > 0 else 2
    return 1 if b > 0 else 3
