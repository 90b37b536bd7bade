"""What follows a commit: rows that died are marked, and those that nobody can see any more go."""

import logging
import time
from collections.abc import Collection, Iterable, Sequence

from index.errors import StoreError
from index.milvus import parts
from index.milvus.batches import slices
from index.milvus.connection import Connection
from index.milvus.ledger import Version
from index.milvus.literal import literals
from index.milvus.rows import COPIED_CHUNK, COPIED_DOCUMENT
from index.milvus.state import State
from index.milvus.table import Table

DOCUMENTS_AT_ONCE = 200  # whose chunks are read with their vectors

_LAG_SECONDS = 1.0
"""How long deleted rows may still be read, with room: up to 0.2 s was seen on Milvus 2.3.5."""

_KEYS = ("text_key", "structure_key")

_log = logging.getLogger(__name__)


def state_key(number: int) -> str:
    """Return the key of the parts of a version's state."""
    return f"state:{number}"


def mark_dead(connection: Connection, version: Version, state: State) -> None:
    """Mark the rows that end with a version; may be called again when it was cut off.

    Whoever reads the version before finds each row once or, under two keys, twice.

    Args:
        connection: To the server.
        version: That is committed and not yet settled.
        state: Of this version.
    """
    number = version.mark
    alive = f"born <= {state.previous} and died > {number}"
    _mark(connection.documents, COPIED_DOCUMENT, "id", state.dying_documents, alive, number)
    if state.dying_chunks_of and state.previous_dimension:
        chunks = connection.chunks(state.previous_dimension)
        _mark(chunks, COPIED_CHUNK, "document", state.dying_chunks_of, alive, number)


def _mark(  # noqa: PLR0917
    table: Table, fields: Sequence[str], by: str, ids: Sequence[int], alive: str, died: int
) -> None:
    if not ids:
        return
    for some in slices(ids, DOCUMENTS_AT_ONCE):
        rows = table.query(f"{alive} and {by} in {literals(some)}", fields)
        # No upsert of rows that are read: for a moment, a server may show neither the old nor the
        # new one. So a marked copy comes first, under a key of its own, and then the old row goes.
        table.upsert({**row, "pk": f"{row['pk']}x", "died": died} for row in rows)
        table.count(f"died == {died}")  # strong: the copies can be read
        table.delete(row["pk"] for row in rows)
    table.count("")
    time.sleep(_LAG_SECONDS)


def clean(connection: Connection, version: Version, state: State, before: State) -> None:
    """Delete what no reader sees any more: nobody reads more than one version behind.

    Args:
        connection: To the server.
        version: The current one.
        state: Of this version.
        before: State of the version before it.
    """
    gone = f"died <= {before.previous}"
    if version.closed:
        gone = f"{gone} or born in {literals(version.closed)}"
    elif not before.previous:
        gone = ""  # nothing can have gone yet
    try:
        if gone:
            for dimension in connection.chunk_widths():  # a dead sync may have had any model
                _delete_seen(connection.chunks(dimension), gone)
            _clean_documents(connection, version, state, gone)
        for dimension in connection.unfinished_widths():
            _delete_seen(connection.unfinished(dimension), "")
    except StoreError as error:
        _log.warning("%s; the next change deletes what is left", error)


def _delete_seen(table: Table, gone: str) -> None:
    """Delete rows that a quick read finds; what it misses is found another time."""
    table.delete(row["pk"] for row in table.query(gone, ["pk"], "bounded"))


def _clean_documents(connection: Connection, version: Version, state: State, gone: str) -> None:
    """Delete documents with all parts that nobody else has.

    The rows of documents go last: if this ends before, what else is to go is found by them again.
    """
    dead = connection.documents.query(gone, _KEYS, "bounded")
    keys = {row[name] for row in dead for name in _KEYS}
    keys -= _used(connection, keys, without={row["pk"] for row in dead})
    # No newer states: who slept here lost the lease, and another process's is the current one.
    old = f'key >= "state:" and key < "state;" and born < {version.mark}'
    states = connection.parts.query(old, ["key"], "bounded")
    keys |= {row["key"] for row in states} - {state.previous_state}
    parts.delete(connection.parts, sorted(keys))
    if version.closed:
        _delete_seen(connection.parts, f"born in {literals(version.closed)}")
    connection.documents.delete(row["pk"] for row in dead)


def _used(connection: Connection, keys: Iterable[str], without: Collection[str]) -> set[str]:
    used: set[str] = set()
    for some in slices(sorted(keys), DOCUMENTS_AT_ONCE):
        for name in _KEYS:
            rows = connection.documents.query(f"{name} in {literals(some)}", [name])
            used |= {row[name] for row in rows if row["pk"] not in without}
    return used
