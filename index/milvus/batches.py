"""How many rows go into one message, and values into one expression."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

MESSAGE_BYTES = 8_000_000
"""Far below what a server takes at once by default (64 MiB), so that its log can hold it too."""

_MOST_ROWS = 10_000
KEYS_AT_ONCE = 1000
_PAGE_BYTES = 16_000_000
_LARGEST_PAGE_ROWS = 16_384
_FIELD_BYTES = 8

_T = TypeVar("_T")


def batches(rows: Iterable[Mapping[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Cut rows into lists that fit a message; a row that is larger goes alone."""
    batch: list[dict[str, Any]] = []
    size_bytes = 0
    for row in rows:
        row_bytes = size(row)
        if batch and (size_bytes + row_bytes > MESSAGE_BYTES or len(batch) == _MOST_ROWS):
            yield batch
            batch, size_bytes = [], 0
        batch.append(dict(row))
        size_bytes += row_bytes
    if batch:
        yield batch


def slices(values: Iterable[_T], size: int = KEYS_AT_ONCE) -> Iterator[list[_T]]:
    """Cut values into lists of at most so many, which fit an expression."""
    every = list(values)
    for start in range(0, len(every), size):
        yield every[start : start + size]


def page_size(page: Sequence[Mapping[str, Any]]) -> int:
    """Return how many rows to ask for next, after a page of such rows."""
    mean_bytes = sum(map(size, page)) / len(page)
    return max(1, min(_LARGEST_PAGE_ROWS, int(_PAGE_BYTES / mean_bytes)))


def size(row: Mapping[str, Any]) -> int:
    """Return about how many bytes a row takes in a message."""
    return sum(_FIELD_BYTES + _value_bytes(value) for value in row.values())


def _value_bytes(value: object) -> int:
    if isinstance(value, str):
        return len(value.encode())
    length = getattr(value, "__len__", None)
    return 4 * length() if length else _FIELD_BYTES  # a vector of 32-bit numbers, or one number
