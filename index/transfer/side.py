"""The two indexes of a migration, each kept from all other writers as long as it is open."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from index.errors import PinpointError
from index.exchange import Numbers
from index.transfer.record import Listed, Record, Whole

MIGRATING = "migrating"
"""The name under which a Milvus target keeps its mark."""


def unfinished(name: str) -> PinpointError:
    """Return what is raised where a migration into an index was not finished."""
    return PinpointError(
        f"{name}: a migration into this index is not finished; go on with the `pinpoint migrate` "
        "that began it"
    )


class Mark(BaseModel):
    """What a target keeps of a migration into it that is not finished, besides what was copied.

    Attributes:
        source: `sqlite` or `milvus`.
        index_id: Of the source.
        generation: Of the source when the migration began.
        replaces: Numbers of the index that was there before; None if it could not be read.
    """

    model_config = ConfigDict(frozen=True)

    source: str
    index_id: str
    generation: int
    replaces: Numbers | None = Numbers()

    def is_of(self, kind: str, whole: Whole) -> bool:
        """Tell whether a migration of this index would go on from here."""
        mine = (self.source, self.index_id, self.generation)
        return mine == (kind, whole.index_id, whole.numbers.generation)


class Side(Protocol):
    """An index that is read.

    Attributes:
        name: For messages.
    """

    name: str

    def whole(self) -> Whole:
        """Return what is kept besides the documents."""

    def listed(self) -> list[Listed]:
        """Return all documents by row id."""

    def records(self, rowids: Sequence[int]) -> Iterator[Record]:
        """Yield these documents with all that belongs to them, by row id."""

    def check_unchanged(self) -> None:
        """Make sure that this is still the index that was opened.

        Raises:
            PinpointError: it has been changed.
        """


class Target(Side, Protocol):
    """An index that is written, and that nobody reads before it is published."""

    def present(self) -> Whole | None:
        """Return the finished index whose place this one takes; None if there is none.

        Raises:
            IndexDamagedError: there is one that cannot be read.
        """

    def mark(self) -> Mark | None:
        """Return the mark of a migration that was not finished."""

    def begin(self, mark: Mark, whole: Whole) -> None:
        """Throw away what is there, and note what is copied from now on.

        Args:
            mark: Without what it replaces, which the target finds out.
            whole: Of the source.
        """

    def copied(self) -> set[int]:
        """Return the row ids of documents that an earlier call has copied."""

    def keep(self, records: Iterable[Record]) -> None:
        """Write documents; they are kept, whatever happens, when this returns."""

    def complete(self, whole: Whole) -> None:
        """Write the rest."""

    def reject(self) -> None:
        """Note that what was copied is not worth going on from."""

    def publish(self, whole: Whole) -> None:
        """Let everybody see the index.

        Raises:
            PinpointError: another index has been made in its place meanwhile.
        """
