"""A calibration from beginning to end: ask, judge, fit, choose the threshold."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from index.errors import InputError, PinpointError
from index.filter import Filter
from index.stores import open_store
from qa.calibration import fit
from qa.calibration.asking import Asked, Progress, asked
from qa.calibration.curves import Bools, Floats, lowest_within, reliability, risk_points
from qa.calibration.labels import labelled
from qa.calibration.models import Calibration, CalibrationReport, Counts, Stamp
from qa.calibration.negatives import Ask, foreign
from qa.models import Answer

MOST_UNANSWERABLE = 0.9


@dataclass(frozen=True)
class Wanted:
    """What the user asks for; see `Pinpoint.calibrate`.

    Raises:
        InputError: a number is out of bounds.
    """

    risk: float = 0.1
    min_coverage: float = 0.0
    unanswerable: float = 0.25

    def __post_init__(self) -> None:
        """Check the bounds."""
        if not 0 < self.risk < 1:
            raise InputError(f"a risk of {self.risk} is none; give a share above 0 and below 1")
        if not 0 <= self.min_coverage <= 1:
            raise InputError(f"a coverage of {self.min_coverage} is none; give a share from 0 to 1")
        if not 0 <= self.unanswerable <= MOST_UNANSWERABLE:
            raise InputError(
                f"{self.unanswerable} is no share of questions without an answer; give one from 0 "
                f"to {MOST_UNANSWERABLE}"
            )


def calibrate(
    home: Path,
    ask: Ask,
    files: Iterable[Path | str],
    wanted: Wanted,
    *,
    stamp: Stamp | None,
    reader: str,
    progress: Progress = lambda _done, _total: None,
) -> Calibration | CalibrationReport:
    """Ask all questions; return the calibration, or the report alone if no threshold will do.

    Args:
        home: Folder of the index.
        ask: Asks with raw confidence.
        files: Labelled questions besides those pinned and rated in the home.
        wanted: What the user asks for.
        stamp: What raw confidence comes from.
        reader: Its name.
        progress: Told after each question.

    Raises:
        InputError: the reader cannot be told from others, or a file cannot be used.
        PinpointError: there are too few questions, confidence tells nothing on them, or the index
            changed meanwhile.
    """
    if stamp is None:
        raise InputError(
            f"the reader {reader} has no fingerprint, so that its calibration could be taken for "
            "another's; give it a `fingerprint`, a text that changes with its scores"
        )
    with open_store(home) as store:
        generation, others = store.generation(), foreign(store)
    own = labelled(home, files)
    fit.check_labelled(len(own))

    def steady(question: str, within: Filter) -> Answer:
        answer = ask(question, within)
        if answer.index.generation != generation:
            raise PinpointError(
                f"the index in {home} changed while it was calibrated; calibrate again when "
                "nothing changes it"
            )
        return answer

    found = asked(steady, own, others, wanted.unanswerable, progress)
    return concluded(found, wanted, stamp=stamp, reader=reader, generation=generation)


def concluded(
    found: Sequence[Asked], wanted: Wanted, *, stamp: Stamp, reader: str, generation: int
) -> Calibration | CalibrationReport:
    """Fit the map to what was asked, measure both, and choose the threshold.

    Raises:
        PinpointError: there are too few questions, or confidence tells nothing on them.
    """
    known = [each for each in found if each.right is not None]
    counts = _counts(found)
    fit.check_labelled(counts.labelled)
    scored = [each for each in known if each.score is not None]
    scores: Floats = np.array([each.score for each in scored], dtype=np.float64)
    right: Bools = np.array([each.right for each in scored], dtype=np.bool_)
    fit.check_both(right)
    isotonic = len(scored) >= fit.ISOTONIC_FROM
    made = fit.fit(scores, right, isotonic=isotonic)
    if not made.tells:
        raise PinpointError(
            "on these questions the reader's confidence does not tell right answers from wrong "
            "ones, so no threshold can; look for questions whose given answers are not right"
        )
    groups = [each.question for each in scored]
    after = fit.cross_validated(scores, right, groups, isotonic=isotonic)
    points = risk_points(scores, right, len(known), made.of)
    chosen = lowest_within(points, wanted.risk, wanted.min_coverage)
    report = CalibrationReport(
        made_at=datetime.now(UTC),
        generation=generation,
        reader=reader,
        counts=counts,
        right=int(right.sum()),
        kind=made.kind,
        before=reliability(scores, right),
        after=reliability(after, right),
        points=points,
        risk=wanted.risk,
        min_coverage=wanted.min_coverage,
        unanswerable=sum(not each.answerable for each in known) / len(known),
        chosen=chosen,
    )
    if chosen is None:
        return report
    return Calibration(stamp=stamp, map=made, score=chosen.score, report=report)


def _counts(found: Sequence[Asked]) -> Counts:
    counted = Counter(each.origin for each in found if each.right is not None)
    return Counts(**counted, unknown=sum(each.right is None for each in found))
