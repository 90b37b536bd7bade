"""Texts of any length, kept in rows of a limited one and put together again."""

from collections.abc import Iterable, Iterator
from operator import itemgetter

from index.errors import IndexDamagedError
from index.milvus.batches import slices
from index.milvus.literal import literal, literals
from index.milvus.schema import NO_VECTOR
from index.milvus.table import Consistency, Row, Table

FIELDS = ("number", "total", "content")
"""What `joined` needs of a row."""

_REBUILD = (
    "read your files again with `pinpoint index --rebuild`, and take out with `pinpoint remove` "
    "what has no file any more"
)
_WAY_OUT = {"state": "name another collection in the setting `store` and index into that"}

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
    levels: tuple[Consistency, ...] = ("bounded", "strong")
    for level in levels:  # what was written just now may need the slower one
        text = joined(table.query(f"key == {literal(key)}", FIELDS, level))
        if text is not None:
            return text
    raise IndexDamagedError(
        f"a part of {key} is missing in collection {table.tenant}; try again, and if that does not "
        f"help, {_WAY_OUT.get(key.partition(':')[0], _REBUILD)}"
    )


def joined(rows: Iterable[Row]) -> str | None:
    """Return the text of one key's rows, with `FIELDS`; None if not all of them are there."""
    ordered = sorted(rows, key=itemgetter("number"))
    numbers = [row["number"] for row in ordered]
    if not ordered or numbers != list(range(ordered[0]["total"])):
        return None
    return "".join(row["content"] for row in ordered)


def delete(table: Table, keys: list[str]) -> None:
    """Delete the texts under these keys."""
    for some in slices(keys):
        table.delete_where(f"key in {literals(some)}")


def _cut(text: str) -> list[str]:
    """Cut a text between characters into pieces that fit."""
    if len(text.encode()) <= PART_BYTES:
        return [text] if text else []
    pieces, start, step = [], 0, PART_BYTES // 4  # no character takes more than four bytes
    while start < len(text):
        pieces.append(text[start : start + step])
        start += step
    return pieces
