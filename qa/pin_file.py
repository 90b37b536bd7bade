"""Pinned questions in a file of their own, which can be kept under version control."""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from pydantic import ValidationError

from index.atomic import unwritten
from index.errors import InputError, PinpointError
from index.lock import alone
from index.own_files import PINS_FORMAT
from qa.pin import Pin
from qa.receipt import Receipt, with_paths
from qa.receipt_file import check_version, told, write_text

FILE_NAME = "pins.json"
VERSION = 1
"""Raise it when an older Pinpoint could not read, or would misread, what is written."""


class PinFile:
    """The pinned questions in a file, in the order in which they were pinned.

    Paths below the file's own folder are written relative to it, so that the file can be moved
    together with the documents. Safe to use from several threads and processes.

    Args:
        path: The file; there need not be one yet.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._base = os.path.realpath(path.parent)

    @classmethod
    def of(cls, home: Path) -> "PinFile":
        """Return that of a home."""
        return cls(home / FILE_NAME)

    def read(self) -> tuple[Pin, ...]:
        """Return the pins; none where there is no file.

        Raises:
            PinpointError: the file cannot be read, is damaged, or is none of pins.
        """
        try:
            text = self.path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            return ()
        except (OSError, UnicodeDecodeError) as error:
            raise PinpointError(f"{self.path}: cannot be read ({error})") from error
        return tuple(self._pins(text))

    def put(self, receipts: Sequence[Receipt]) -> tuple[Pin, ...]:
        """Pin answers; each takes the place of that to the same question, or comes last.

        Raises:
            PinpointError: as `read`, or the file cannot be written.
        """
        made = tuple(map(Pin.of, receipts))
        with self._change() as pins:
            pins.update({pin.id: pin for pin in made})
        return made

    def remove(self, named: str) -> Pin:
        """Take a pin out, named by its id or its question, and return it.

        Raises:
            InputError: no pin, or more than one, is named so.
            PinpointError: as `put`.
        """
        with self._change() as pins:
            pin = pick(tuple(pins.values()), named)
            del pins[pin.id]
        return pin

    @contextmanager
    def _change(self) -> Iterator[dict[str, Pin]]:
        if not self.path.parent.is_dir():
            raise PinpointError(f"{self.path}: there is no such folder; make it, or name another")
        with ExitStack() as stack:
            try:
                stack.enter_context(alone(self.path))
            except OSError as error:
                told = f"{self.path}: cannot be written ({error.strerror}); name another file"
                raise unwritten(told, error) from error
            pins = {pin.id: pin for pin in self.read()}
            yield pins
            self._write(pins.values())

    def _write(self, pins: Iterable[Pin]) -> None:
        moved = (with_paths(pin.receipt, self._relative) for pin in pins)
        content = [receipt.model_dump(mode="json") for receipt in moved]
        whole = {"format": PINS_FORMAT, "version": VERSION, "pins": content}
        write_text(self.path, json.dumps(whole, indent=2, ensure_ascii=False) + "\n")

    def _pins(self, text: str) -> Iterator[Pin]:
        try:
            found = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise PinpointError(
                f"{self.path}: is no JSON ({error}); mend it, or move it away"
            ) from error
        if not isinstance(found, dict) or found.get("format") != PINS_FORMAT:
            raise InputError(f"{self.path}: holds no pins; name another file")
        check_version(found, VERSION, str(self.path))
        try:
            for content in found["pins"]:
                receipt = Receipt.model_validate(content)
                yield Pin.of(with_paths(receipt, self._absolute))
        except ValidationError as error:
            raise PinpointError(
                f"{self.path}: {told(error)}; mend the file, or move it away"
            ) from error
        except (KeyError, TypeError) as error:
            raise PinpointError(f"{self.path}: its list of pins is damaged") from error

    def _relative(self, path: str) -> str:
        below = f"{path}{os.sep}".startswith(self._base.rstrip(os.sep) + os.sep)
        return Path(os.path.relpath(path, self._base)).as_posix() if below else path

    def _absolute(self, path: str) -> str:
        return os.path.normpath(Path(self._base, path))


def pick(pins: Sequence[Pin], named: str) -> Pin:
    """Return the pin with an id, or else with a question.

    Raises:
        InputError: there is no such pin, or more than one.
    """
    wanted = named.strip()
    found = [pin for pin in pins if pin.id == wanted] or [
        pin for pin in pins if wanted in (pin.receipt.asked, pin.receipt.answer.question)
    ]
    if not found:
        raise InputError(f"there is no pin {wanted!r}; see: pinpoint pins")
    if len(found) > 1:
        ids = ", ".join(pin.id for pin in found)
        raise InputError(f"several pins ask {wanted!r}; name one by its id: {ids}")
    return found[0]
