"""Cut a passage into windows that a reader can take in: runs of whole sentences."""

from bisect import bisect_left
from collections.abc import Sequence

Spans = Sequence[tuple[int, int]]


def cut(pieces: Spans, sentences: Spans, size: int, overlap: int) -> list[tuple[int, int]]:
    """Return `[start, end)` character windows that together cover all sentences, in order.

    A window ends where a sentence ends, so no answer inside a sentence is cut in two. Only a
    sentence that is longer than a window is cut itself, into windows that share `overlap` word
    pieces.

    Args:
        pieces: Characters of each word piece of the passage, in order.
        sentences: Characters of each sentence, in the same coordinates, in order.
        size: Most word pieces in a window, at least 1.
        overlap: Most word pieces that two windows share; less than `size`.

    Raises:
        ValueError: `overlap` is not less than `size`.
    """
    if not 0 <= overlap < size:
        raise ValueError(f"windows of {size} word pieces cannot share {overlap}")
    starts = [start for start, _ in pieces]
    units = []  # (first piece, one past the last piece) of what is kept together
    for start, end in sentences:
        first, last = bisect_left(starts, start), bisect_left(starts, end)
        while last - first > size:
            units.append((first, first + size))
            first += size - overlap
        if first < last:
            units.append((first, last))
    return [
        (pieces[first][0], pieces[last - 1][1]) for first, last in _joined(units, size, overlap)
    ]


def _joined(units: Spans, size: int, overlap: int) -> list[tuple[int, int]]:
    """Join neighbouring units up to `size`; begin the next window up to `overlap` earlier."""
    joined: list[tuple[int, int]] = []
    number = 0
    while number < len(units):
        first, last = units[number]
        following = number + 1
        while following < len(units) and units[following][1] - first <= size:
            last = units[following][1]
            following += 1
        joined.append((first, last))
        if following == len(units):
            break
        number = following
        while (
            number - 1 > 0
            and units[number - 1][0] > first
            and (
                last - units[number - 1][0] <= overlap
                and units[following][1] - units[number - 1][0] <= size
            )
        ):
            number -= 1
    return joined
