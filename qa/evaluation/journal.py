"""The file that an evaluation writes as it goes, so that one that was stopped goes on."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TypeVar

from index.errors import InputError, PinpointError
from qa.evaluation.record import Record
from qa.evaluation.setup import Setup

_FORMAT = "pinpoint evaluation records"
_VERSION = 1
_BEGIN = json.dumps({"format": _FORMAT})[:-1].encode()
_T = TypeVar("_T")


class Journal:
    """A line that says what the records are made with, then a record a line.

    Args:
        path: Of the file.
        setup: What its records must be made with.
    """

    def __init__(self, path: Path, setup: Setup) -> None:
        self.path = path
        self._setup = setup

    def read(self) -> list[Record]:
        """Return the records that are there; none where there is no file.

        A last line that was not written to its end is left out.

        Raises:
            InputError: it holds something else, or records made with something else.
            PinpointError: it cannot be read.
        """
        setup, records = read_records(self.path) if self.path.exists() else (None, [])
        if setup is not None and (other := self._setup.differences(setup)):
            raise InputError(
                f"{self.path}: its records were made with another {', '.join(other)}; remove the "
                "file to begin anew, or name another with --records"
            )
        return records

    @contextmanager
    def appending(self) -> Iterator["Writer"]:
        """Yield what writes further records behind those that `read` gave.

        Raises:
            PinpointError: it cannot be written.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab+") as stream:
                _cut_torn_line(stream)
                if stream.tell() == 0:
                    setup = self._setup.model_dump(mode="json")
                    head = {"format": _FORMAT, "version": _VERSION, "setup": setup}
                    _write(stream, json.dumps(head, ensure_ascii=False))
                yield Writer(stream)
        except OSError as error:
            raise PinpointError(
                f"{self.path}: cannot be written ({error.strerror}); name another file with "
                "--records"
            ) from error


class Writer:
    """Writes records, each at once."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def write(self, record: Record) -> None:
        """Write a record."""
        _write(self._stream, record.model_dump_json())


def read_records(path: Path) -> tuple[Setup | None, list[Record]]:
    """Return what the records of a file are made with, None where it is empty, and the records.

    Raises:
        InputError: it holds something else.
        PinpointError: it cannot be read.
    """
    try:
        *lines, torn = path.read_bytes().split(b"\n")
    except OSError as error:
        raise PinpointError(f"{path}: cannot be read ({error.strerror}); check the name") from error
    if not lines and torn[: len(_BEGIN)] == _BEGIN[: len(torn)]:
        return None, []
    lines = lines or [torn]  # the whole of another file
    setup = _parsed(path, 1, lines[0], lambda line: _setup(json.loads(line)))
    numbered = enumerate(lines[1:], 2)
    return setup, [_parsed(path, n, line, Record.model_validate_json) for n, line in numbered]


def _parsed(path: Path, number: int, line: bytes, parse: Callable[[bytes], _T]) -> _T:
    try:
        return parse(line)
    except (ValueError, KeyError, TypeError) as error:  # pydantic's is a ValueError
        cause = str(error).splitlines()[0]
        raise InputError(
            f"{path}: line {number}: is no record of an evaluation ({cause}); remove the file to "
            "begin anew, or name another with --records"
        ) from error


def _setup(head: dict[str, Any]) -> Setup:
    if head["format"] != _FORMAT or head["version"] != _VERSION:
        raise ValueError(f"format {head['format']!r}, version {head['version']!r}")
    return Setup.model_validate(head["setup"])


def _cut_torn_line(stream: IO[bytes]) -> None:
    """Drop what stands behind the last line end."""
    stream.seek(0)
    content = stream.read()
    stream.truncate(content.rfind(b"\n") + 1)
    stream.seek(0, 2)


def _write(stream: IO[bytes], line: str) -> None:
    stream.write(line.encode() + b"\n")
    stream.flush()
