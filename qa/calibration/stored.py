"""The calibration of a home in a file of its own, read again when it changes."""

import json
import threading
from pathlib import Path

from pydantic import ValidationError

from index.errors import PinpointError
from qa.calibration.models import Calibration
from qa.receipt_file import check_version, told, write_text

FILE_NAME = "calibration.json"
FORMAT = "pinpoint calibration"
VERSION = 1
"""Raise it when an older Pinpoint could not read, or would misread, what is written."""

_Seen = tuple[int, int, int] | None


class CalibrationFile:
    """The calibration stored in a home; safe to use from several threads.

    Args:
        home: Folder of the index.
    """

    def __init__(self, home: Path) -> None:
        self.path = home / FILE_NAME
        self._lock = threading.Lock()
        self._seen: _Seen = None
        self._found: Calibration | PinpointError | None = None

    def read(self) -> Calibration | None:
        """Return the calibration, None where there is none; read again when it changed.

        Raises:
            PinpointError: the file cannot be read, is damaged, or is of a newer Pinpoint.
        """
        with self._lock:
            seen = self._look()
            if seen is None or seen != self._seen:
                self._found = self._read() if seen else None
                self._seen = seen
            found = self._found
        if isinstance(found, PinpointError):
            raise found
        return found

    def write(self, calibration: Calibration) -> None:
        """Store a calibration in the place of the one before.

        Raises:
            PinpointError: the file cannot be written.
        """
        content = calibration.model_dump(mode="json")
        whole = {"format": FORMAT, "version": VERSION, **content}
        write_text(self.path, json.dumps(whole, indent=1) + "\n")

    def remove(self) -> bool:
        """Take the calibration away; tell whether there was one.

        Raises:
            PinpointError: the file cannot be removed.
        """
        try:
            self.path.unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise PinpointError(f"{self.path}: cannot be removed ({error})") from error
        return True

    def _look(self) -> _Seen:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _read(self) -> Calibration | PinpointError | None:
        way_out = "calibrate again, or remove it with: pinpoint calibrate --remove"
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
            if not isinstance(found, dict) or found.pop("format", None) != FORMAT:
                return PinpointError(f"{self.path}: holds no calibration; {way_out}")
            check_version(found, VERSION, str(self.path))
            del found["version"]
            return Calibration.model_validate_json(json.dumps(found))
        except FileNotFoundError:
            return None
        except ValidationError as error:
            return PinpointError(f"{self.path}: {told(error)}; {way_out}")
        except PinpointError as error:
            return PinpointError(f"{error}; or {way_out}")
        except (OSError, ValueError, RecursionError) as error:
            return PinpointError(f"{self.path}: cannot be read ({error}); {way_out}")
