"""Texts of any length, kept in rows of a limited one and put together again."""

from collections.abc import Iterator

from index.errors import IndexDamagedError
from index.milvus.literal import literal, literals
from index.milvus.schema import NO_VECTOR
from index.milvus.table import Row, Table

PART_BYTES = 60_000
"""Of a row; Milvus takes 65,535 at most."""


def rows_of(born: int, key: str, text: str) -> Iterator[Row]:
    """Yield the rows that hold a text; an empty text is one empty row.

    Args:
        born: Number of the change that writes them.
        key: Under which the text is found; no two texts share one.
        text: Of any length.
    """
    for number, content in enumerate(_cut(text) or [""]):
        yield {
            "pk": f"{key}:{number}",
            "key": key,
            "born": born,
            "number": number,
            "content": content,
            "vector": NO_VECTOR,
        }


def read(table: Table, key: str, *, strong: bool = False) -> str:
    """Return the text under a key.

    Raises:
        IndexDamagedError: a part is missing.
    """
    consistency = "strong" if strong else "bounded"
    rows = table.query(f"key == {literal(key)}", ["number", "content"], consistency)
    rows.sort(key=lambda row: row["number"])
    if not rows or [row["number"] for row in rows] != list(range(len(rows))):
        raise IndexDamagedError(f"a part of {key} is missing in collection {table.tenant}")
    return "".join(row["content"] for row in rows)


def delete(table: Table, keys: list[str]) -> None:
    """Delete the texts under these keys."""
    for first in range(0, len(keys), 500):
        table.delete_where(f"key in {literals(keys[first : first + 500])}")


def _cut(text: str) -> list[str]:
    """Cut a text between characters into pieces that fit."""
    if len(text.encode()) <= PART_BYTES:
        return [text] if text else []
    pieces, start, step = [], 0, PART_BYTES // 4  # no character takes more than four bytes
    while start < len(text):
        pieces.append(text[start : start + step])
        start += step
    return pieces
