"""Spaces before the characters of a page: the file's own, and those that PDFium puts in."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.formats.pdf_calls import Addresses, Floats, Ints, PageCharacters
from index.formats.pdf_turns import turned_all

Bools = NDArray[np.bool_]

_SMALLEST = 0.1  # points


@dataclass(frozen=True, slots=True)
class Placed:
    """Visible characters, one row each.

    Attributes:
        places: Where they stand among all of the page.
        objects: Which text object draws each, 0 for none.
        upright: Their boxes in points, turned so that the text is upright.
        turn: Quarter turns anticlockwise that they are drawn at.
    """

    places: Ints
    objects: Addresses
    upright: Floats
    turn: Ints


def any_between(places: Ints, marks: Bools) -> Bools:
    """Tell for each place whether a mark stands between the one before and it."""
    counts = np.concatenate([[0], np.cumsum(marks)])[places]
    return np.diff(counts, prepend=0) > 0


def drawn_spaces(page: PageCharacters, at: Ints, spaces: Bools) -> Bools:
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


def justified(places: Ints, spaces: Bools, objects: Addresses) -> Bools:
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


def apart(page: PageCharacters, at: Ints, spaces: Bools, visible: Placed) -> Floats:
    """Return the distance of each character to what another text object drew before it.

    A space counts as drawn where it stands; where PDFium has moved it, it fills the gap.
    """
    found = np.zeros(len(visible.places))
    borders = np.flatnonzero(visible.objects[1:] != visible.objects[:-1]) + 1
    found[borders] = visible.upright[borders, 0] - visible.upright[borders - 1, 2]
    last = _last_between(visible.places, spaces)
    borders = borders[(last[borders] >= 0) & (found[borders] > 0)]
    indices = at[last[borders]]
    ends = turned_all(page.boxes(indices), visible.turn[borders])[:, 2]
    left = np.minimum(found[borders], visible.upright[borders, 0] - ends)
    found[borders] = np.where(page.is_generated(indices), 0, left)
    return found
