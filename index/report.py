"""What a sync did, or would do."""

from collections.abc import Callable
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

Progress = Callable[[str, int, int], None]
"""Called with what is going on (`reading files`, `embedding chunks`), how many are done, of all."""


class Failure(BaseModel):
    """A file or folder that could not be indexed; what was indexed of it before is kept."""

    model_config = ConfigDict(frozen=True)

    path: str
    cause: str


class SyncReport(BaseModel):
    """What a sync did: documents by what became of them, and chunks embedded.

    `remade` counts documents whose files are the same, but which another model, another way of
    chunking or another loader made anew; `reasons` say which of these. `resumed` counts vectors
    that an interrupted sync had already made.
    """

    model_config = ConfigDict(frozen=True)

    added: int = 0
    updated: int = 0
    renamed: int = 0
    removed: int = 0
    remade: int = 0
    unchanged: int = 0
    failed: tuple[Failure, ...] = ()
    reasons: tuple[str, ...] = ()
    embedded: int = 0
    resumed: int = 0
    seconds: float = 0.0


class WatchEvent(BaseModel):
    """What happened during a watch: a sync that changed something, or something in the way.

    `at` is when, with the time zone. Exactly one of `report` and `trouble` is there.
    """

    model_config = ConfigDict(frozen=True)

    at: datetime = Field(default_factory=lambda: datetime.now().astimezone())
    report: SyncReport | None = None
    trouble: str | None = None


class SyncPlan(BaseModel):
    """What a sync would do, file by file; whether a file can be read is not tried.

    `renamed` are pairs of the old and the new path. `failed` are files and folders that could not
    be looked at.
    """

    model_config = ConfigDict(frozen=True)

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    removed: tuple[str, ...] = ()
    remade: tuple[str, ...] = ()
    unchanged: int = 0
    failed: tuple[Failure, ...] = ()
    reasons: tuple[str, ...] = ()
