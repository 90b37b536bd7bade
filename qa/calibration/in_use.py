"""Whether the calibration that is stored in a home holds for what answers now."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from index.errors import PinpointError
from index.settings import Settings
from qa.calibration.models import Calibration, CalibrationStatus, Stamp
from qa.calibration.stamp import differs, stamp
from qa.calibration.stored import CalibrationFile
from qa.read import Reader


class CalibrationInUse:
    """The calibration of a home, passed over where it was made for something else.

    Args:
        home: Folder of the index.
        settings: Name the reader.
        reader: One that takes its place.
    """

    def __init__(self, home: Path, settings: Settings, reader: Reader | None) -> None:
        self.file = CalibrationFile(home)
        self.reader = settings.reader if reader is None else type(reader).__name__
        self._made = cache(lambda embedder: stamp(settings, embedder, reader))

    def stamp(self, embedder: str) -> Stamp | None:
        """Return what raw confidence comes from now; None where that cannot be told."""
        return self._made(embedder)

    def now(self, embedder: Callable[[], str]) -> Calibration | None:
        """Return the calibration to be applied, None where there is none that holds.

        Args:
            embedder: Gives the embedding model's fingerprint; called only where it is needed.
        """
        try:
            found = self.file.read()
        except PinpointError:  # the status says so
            return None
        if found is None or differs(found.stamp, self.stamp(embedder())):
            return None
        return found

    def status(self, embedder: str | None) -> CalibrationStatus | None:
        """Return what `pinpoint status` says of it; None where there is none.

        Args:
            embedder: Fingerprint of the model that the index was made with, if any.
        """
        try:
            found = self.file.read()
            if found is None:
                return None
            ignored = differs(found.stamp, self.stamp(embedder or ""))
        except PinpointError as error:
            return CalibrationStatus(ignored=str(error))
        report, chosen = found.report, found.report.chosen
        return CalibrationStatus(
            ignored=ignored,
            questions=report.counts.used,
            generation=report.generation,
            threshold=None if chosen is None else chosen.confidence,
            risk=None if chosen is None else chosen.risk,
            risk_low=None if chosen is None else chosen.low,
            risk_high=None if chosen is None else chosen.high,
            risk_asked=report.risk,
        )
