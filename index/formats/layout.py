"""Where each character of a text stands on the pages of its document, packed in few bytes."""

import struct
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Spots = NDArray[np.int32]
"""One row a character: page, line, x0, y0, x1, y1, as `pack` takes them."""

COLUMNS = 6
_HEADER = struct.Struct("<4sBI")  # magic, version, number of characters
_MAGIC = b"ppla"
_VERSION = 2
_WHOLE = 1  # the version that packed a text in one block
_BLOCK = 16384  # characters packed together; a quote in a long text unpacks one or two blocks
_PACKING = 4  # of 9: three times as fast as the usual 6, for a tenth more bytes
_TENTHS = 10
_BYTES = 4
_X0, _X1 = 2, 4  # columns


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A part of a line on a page, in points of the page's own coordinates (origin bottom left).

    A page's `/Rotate` turns these coordinates together with the page when it is shown.
    """

    page: int
    left: float
    bottom: float
    right: float
    top: float


def pack(spots: Spots) -> bytes:
    """Return `spots` as bytes.

    Args:
        spots: Integers of shape (characters, 6): page from 1, line, and left, bottom, right and
            top in tenths of a point. Characters of one line carry the same number, which counts
            within the page. Page 0 says that a character stands nowhere, such as a separator.

    Raises:
        ValueError: the array has another shape.
    """
    if spots.ndim != 2 or spots.shape[1] != COLUMNS:  # noqa: PLR2004 - rows and columns
        raise ValueError(f"spots have the shape {spots.shape}; make it (characters, {COLUMNS})")
    blocks = [_pack(spots[at : at + _BLOCK]) for at in range(0, len(spots), _BLOCK)]
    sizes = np.array([len(block) for block in blocks], "<u4").tobytes()
    return b"".join([_HEADER.pack(_MAGIC, _VERSION, len(spots)), sizes, *blocks])


def _pack(spots: Spots) -> bytes:
    stands = spots[:, 0] > 0
    last = np.maximum.accumulate(np.where(stands, np.arange(len(spots)), 0))
    steps = spots[last].T.astype("<i4", order="C")
    # Neighbours touch and are of one height, so steps pack far better than edges.
    steps[_X1] -= steps[_X0]
    steps[_X0, 1:] -= steps[_X0, :-1] + steps[_X1, :-1]
    for column in range(COLUMNS):
        if column not in (_X0, _X1):
            steps[column, 1:] = np.diff(steps[column])
    packing = zlib.compressobj(_PACKING)
    packed = [packing.compress(np.packbits(stands).tobytes())]
    packed += [packing.compress(steps.view(np.uint8)[:, at::_BYTES].tobytes())
               for at in range(_BYTES)]  # fmt: skip
    return b"".join([*packed, packing.flush()])


def unpack(layout: bytes) -> Spots:
    """Return the array that `pack` was given.

    Raises:
        ValueError: the bytes do not come from `pack`, or from a newer version of it.
    """
    return _spots(layout, 0, _size(layout))


def _size(layout: bytes) -> int:
    """Return the number of characters that a layout is for."""
    try:
        magic, version, size = _HEADER.unpack_from(layout)
    except struct.error as error:
        raise ValueError("layout is damaged; index the document again") from error
    if magic != _MAGIC or version not in (_WHOLE, _VERSION):
        raise ValueError(f"layout is of kind {magic!r}, version {version}; index it again")
    return int(size)


def _spots(layout: bytes, start: int, end: int) -> Spots:
    """Return the rows of `[start, end)`, which lies in the text."""
    size = _size(layout)
    found = [np.empty((0, COLUMNS), np.int32)]
    try:
        block, sizes, at = _blocks(layout, size)
        first, last = start // block, -(-end // block)
        ends = at + np.cumsum(sizes)
        for number in range(first, last):
            packed = layout[ends[number] - sizes[number] : ends[number]]
            found.append(_unpack(packed, min(block, size - number * block)))
    except (IndexError, ValueError, zlib.error) as error:
        raise ValueError("layout is damaged; index the document again") from error
    return np.concatenate(found)[start - first * block : end - first * block]


def _blocks(layout: bytes, size: int) -> tuple[int, NDArray[np.int64], int]:
    """Return the characters of a block, the bytes of each, and where the first begins."""
    at = _HEADER.size
    if layout[len(_MAGIC)] == _WHOLE:
        return max(size, 1), np.array([len(layout) - at]), at
    count = -(-size // _BLOCK)
    sizes = np.frombuffer(layout[at : at + 4 * count], "<u4").astype(np.int64)
    return _BLOCK, sizes, at + 4 * count


def _unpack(packed: bytes, size: int) -> Spots:
    body = np.frombuffer(zlib.decompress(packed), np.uint8)
    bits = (size + 7) // 8
    planes = body[bits:].reshape(_BYTES, COLUMNS * size)
    steps = np.ascontiguousarray(planes.T).view("<i4").reshape(COLUMNS, size).T
    width = steps[:, _X1]
    spots = np.cumsum(steps, axis=0, dtype=np.int32)
    spots[1:, _X0] += np.cumsum(width[:-1], dtype=np.int32)
    spots[:, _X1] = spots[:, _X0] + width
    stands = np.unpackbits(body[:bits], count=size).astype(bool)
    return np.where(stands[:, np.newaxis], spots, np.int32(0))


def rectangles(layout: bytes, start: int, end: int) -> list[Rectangle]:
    """Return what `[start, end)` of the text covers, one rectangle a line, in reading order.

    Characters that stand nowhere cover nothing; an empty span gives an empty list.

    Raises:
        ValueError: the span does not lie in the text, or the layout cannot be read.
    """
    size = _size(layout)
    if not 0 <= start <= end <= size:
        raise ValueError(f"[{start}, {end}) does not lie in a text of {size} characters")
    found: dict[tuple[int, int], list[int]] = {}
    for page, line, *box in _spots(layout, start, end).tolist():
        if page:
            known = found.setdefault((page, line), box)
            found[page, line] = [*map(min, known[:2], box[:2]), *map(max, known[2:], box[2:])]
    return [Rectangle(page, *(edge / _TENTHS for edge in box)) for (page, _), box in found.items()]
