"""Texts of any length, kept in rows of a limited one and put together again."""

from collections.abc import Iterator
from typing import cast

from index.errors import IndexDamagedError
from index.milvus.literal import literal, literals
from index.milvus.schema import NO_VECTOR
from index.milvus.table import Consistency, Row, Table

PART_BYTES = 60_000
"""Of a row; Milvus takes 65,535 at most."""


def rows_of(born: int, key: str, text: str) -> Iterator[Row]:
    """Yield the rows that hold a text; an empty text is one empty row.

    Args:
        born: Number of the change that writes them.
        key: Under which the text is found; no two texts share one.
        text: Of any length.
    """
    pieces = _cut(text) or [""]
    for number, content in enumerate(pieces):
        yield {
            "pk": f"{key}:{number}",
            "key": key,
            "born": born,
            "number": number,
            "total": len(pieces),
            "content": content,
            "vector": NO_VECTOR,
        }


def read(table: Table, key: str) -> str:
    """Return the text under a key.

    Raises:
        IndexDamagedError: a part is missing.
    """
    fields, levels = ["number", "total", "content"], ("bounded", "strong")
    for level in levels:  # what was written just now may need the slower one
        rows = table.query(f"key == {literal(key)}", fields, cast("Consistency", level))
        rows.sort(key=lambda row: int(row["number"]))
        numbers = [row["number"] for row in rows]
        if rows and numbers == list(range(rows[0]["total"])):
            return "".join(row["content"] for row in rows)
    raise IndexDamagedError(
        f"a part of {key} is missing in collection {table.tenant}; try again, and if that does not "
        "help, name another collection in the setting `store` and index into that"
    )


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
