"""A calibration whose numbers can be seen at a glance."""

from datetime import UTC, datetime

import numpy as np

from qa.calibration.curves import RiskPoint, reliability
from qa.calibration.maps import Isotonic
from qa.calibration.models import Calibration, CalibrationReport, Counts, Stamp

STAMP = Stamp(reader="reader", confidence="weights", embedder="embedder", version=1)
HALVED = Isotonic(questions=998, scores=(0.0, 1.0), probabilities=(0.0, 0.5))
"""Half of the raw score, but never below 0.001."""

CHOSEN = RiskPoint(
    score=0.8, confidence=0.4, answered=50, wrong=2, coverage=0.5, risk=0.04, low=0.01, high=0.09
)
ALL = CHOSEN.model_copy(
    update={"score": 0.2, "confidence": 0.1, "answered": 90, "wrong": 18, "coverage": 0.9}
    | {"risk": 0.2, "low": 0.15, "high": 0.28}
)


def report(chosen=CHOSEN, **changes):
    confidence, right = np.array([0.15, 0.85, 0.95, 0.85]), np.array([False, True, True, False])
    fields = {
        "made_at": datetime(2026, 11, 28, 9, 30, tzinfo=UTC),
        "generation": 3,
        "reader": "pinpoint-reader",
        "counts": Counts(file=70, pin=5, own_left_out=13, foreign=12),
        "right": 60,
        "unanswerable": 0.25,
        "kind": "isotonic",
        "before": reliability(confidence, right),
        "after": reliability(confidence / 2, right),
        "points": (CHOSEN, ALL),
        "risk": 0.1,
        "min_coverage": 0.0,
        "chosen": chosen,
    }
    return CalibrationReport(**fields | changes)


def calibration(stamp=STAMP, **changes):
    made = {"stamp": stamp, "map": HALVED, "score": 0.8, "report": report()}
    return Calibration(**made | changes)
