"""What a calibration found, and what is kept of it."""

import hashlib
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from qa.calibration.curves import Reliability, RiskPoint
from qa.calibration.maps import AnyMap


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Counts(_Frozen):
    """How many questions came from where.

    `file`, `pin` and `rating` are the user's own. `own_left_out` are own questions asked once more
    without the documents that answer them, `foreign` questions about other matters: the documents
    answer neither. `unknown` own ones were left out, as nothing tells whether their answer is right
    now.
    """

    file: int = 0
    pin: int = 0
    rating: int = 0
    own_left_out: int = 0
    foreign: int = 0
    unknown: int = 0

    @property
    def labelled(self) -> int:
        """The user's own questions that were used."""
        return self.file + self.pin + self.rating

    @property
    def used(self) -> int:
        """All questions that were used."""
        return self.labelled + self.own_left_out + self.foreign


class Stamp(_Frozen):
    """What raw confidence comes from: a calibration holds for nothing else.

    SHA-256 of the reader's files, of the weights of its confidence, and of the embedder's files;
    `version` is that of the code between them.
    """

    reader: str
    confidence: str
    embedder: str
    version: int


class CalibrationReport(_Frozen):
    """What a calibration found; `pinpoint calibrate --json` prints exactly this.

    `before` is raw confidence and `after` the calibrated one, by cross-validation: each question
    is judged by a map fitted without it. `points` say what each threshold costs, the highest first.
    `chosen` is the lowest threshold that keeps the `risk` asked for with the upper end of its
    interval; it is None where none does, and then nothing is stored. `unanswerable` is the share of
    all questions that the documents do not answer.
    """

    made_at: AwareDatetime
    generation: int
    reader: str
    counts: Counts
    right: int
    unanswerable: float
    kind: Literal["platt", "isotonic"]
    before: Reliability
    after: Reliability
    points: tuple[RiskPoint, ...]
    risk: float
    min_coverage: float
    chosen: RiskPoint | None


class Calibration(_Frozen):
    """A calibration as it is stored: the map, the lowest raw score that answers, how it was found.

    `score` is that of `report.chosen`.
    """

    stamp: Stamp
    map: AnyMap
    score: float
    report: CalibrationReport

    @property
    def fingerprint(self) -> str:
        """SHA-256 over what changes answers: the map and the lowest score."""
        told = self.model_dump_json(include={"map", "score"})
        return hashlib.sha256(told.encode()).hexdigest()


class CalibrationStatus(_Frozen):
    """The calibration that is stored in a home, as `pinpoint status` shows it.

    `ignored` says why it is not in use, None where it is. The rest is None where the file cannot be
    read: how many `questions` it was made from, at which `generation` of the index, the `threshold`
    as calibrated confidence, the `risk` of a given answer to be wrong with its interval (90%), and
    the risk that was asked for.
    """

    ignored: str | None
    questions: int | None = None
    generation: int | None = None
    threshold: float | None = None
    risk: float | None = None
    risk_low: float | None = None
    risk_high: float | None = None
    risk_asked: float | None = None
