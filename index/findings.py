"""What a check of the index found: for people and machines, and for the repair."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

Part = Literal[
    "database",
    "texts",
    "documents",
    "chunks",
    "vectors",
    "full text",
    "counts",
    "generations",
    "FAISS",
    "Tantivy",
]
Mend = Literal["indexes", "orphans", "words", "counts", "generations", "chunks", "FAISS", "Tantivy"]

RESTORE = "pinpoint restore FILE, or move pinpoint.db away and run: pinpoint index PATH"
INDEX = "pinpoint index"
AGAIN = "pinpoint remove PATH, then: pinpoint index"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be.

    Attributes:
        part: What of the index it is about.
        what: What is wrong, and where.
        mend: How it is made anew from what it is derived from; None if it is not derived.
        sha256: The text that it is about, if any.
        way_out: What a person does about it, if it is not mended.
    """

    part: Part
    what: str
    mend: Mend | None = None
    sha256: str | None = None
    way_out: str = "pinpoint check"


class Problem(BaseModel):
    """Something that was not as it should be, and whether it is now.

    `remade` is true of chunks that were taken out, and that the next sync makes again.
    """

    model_config = ConfigDict(frozen=True)

    part: Part
    what: str
    repaired: bool
    remade: bool = False
    way_out: str | None


class CheckReport(BaseModel):
    """What a check looked at, and what it found.

    `checked` counts what was looked at, by kind; `skipped` says what was not, and why. The way out
    of what is not repaired is the command that makes it whole.
    """

    model_config = ConfigDict(frozen=True)

    generation: int
    checked: dict[str, int]
    problems: tuple[Problem, ...] = ()
    skipped: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def whole(self) -> bool:
        """Whether nothing is left broken."""
        return all(problem.repaired for problem in self.problems)
