"""How the vectors are searched, for `pinpoint status`."""

from pydantic import BaseModel, ConfigDict

from index.dense_file import file_stamp
from index.sqlite_store import SqliteStore


class DenseStatus(BaseModel):
    """How the vectors are searched: what the file's stamp says.

    Attributes:
        kind: `exact` compares every vector, `approximate` those of the nearest lists.
        vectors: In the file; changes since are searched exactly beside it.
        recall: Recall@10 against exact search, measured when the file was written.
        probes: Lists looked into, of `lists`; None when exact.
        lists: None when exact.
        generation: That the file was made from.
    """

    model_config = ConfigDict(frozen=True)

    kind: str
    vectors: int
    recall: float
    probes: int | None
    lists: int | None
    generation: int


def dense_status(store: SqliteStore) -> DenseStatus | None:
    """Return what the stamp of the home's FAISS file says, or None without a file that it is of."""
    stamp = file_stamp(store.home, store.meta("index_id") or "")
    if stamp is None:
        return None
    made = stamp.made.model_dump(exclude={"trained_on"})
    return DenseStatus(**made, generation=stamp.generation)
