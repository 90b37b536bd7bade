"""What belongs to a version as a whole."""

from pydantic import BaseModel, ConfigDict, ValidationError

from index.errors import IndexTooNewError


class State(BaseModel):
    """What a version is besides its documents and chunks.

    Attributes:
        generation: Changes of documents so far.
        meta: Name to value: `index_id`, `model` and the like.
        roots: What sync follows, sorted.
        failures: Path to cause.
        archives: Path to SHA-256.
        counts: `documents`, `chunks`, `failed`, `partial`, `copies`.
        last_document: Largest row id given.
        last_chunk: Largest chunk id given.
        dimension: Width of the vectors; 0 while there are none.
        words: The server searches words too.
        previous: Number of the version before.
        previous_state: Key of its state.
        previous_dimension: Width of the vectors before.
        dying_documents: Row ids whose rows of before end with this version.
        dying_chunks_of: Row ids of documents whose chunks of before end with it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    generation: int = 0
    meta: dict[str, str] = {}
    roots: tuple[str, ...] = ()
    failures: dict[str, str] = {}
    archives: dict[str, str] = {}
    counts: dict[str, int] = {}
    last_document: int = 0
    last_chunk: int = 0
    dimension: int = 0
    words: bool = False
    previous: int = 0
    previous_state: str = ""
    previous_dimension: int = 0
    dying_documents: tuple[int, ...] = ()
    dying_chunks_of: tuple[int, ...] = ()


def loaded(text: str, address: str) -> State:
    """Return the state that was kept as JSON.

    Raises:
        IndexTooNewError: it says what this Pinpoint does not know.
    """
    try:
        return State.model_validate_json(text)
    except ValidationError as error:
        raise IndexTooNewError(
            f"{address}: written by a newer Pinpoint; upgrade Pinpoint, or name another collection "
            "in the setting `store`"
        ) from error
