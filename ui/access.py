"""Who may use Pinpoint from a browser or a program: a file in the home, `access.json`."""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from index.atomic import replacing, unwritten
from index.errors import InputError, PinpointError
from index.lock import alone
from ui.person import Role
from ui.secret import hashed, new_id

FILE_NAME = "access.json"
_NAME = re.compile(r"[\w.@+-]{1,64}", re.ASCII)

Kind = Literal["password", "token"]


class Entry(BaseModel):
    """Somebody who may come in. `hash` is all that is kept of the password or token."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    name: str
    role: Role
    kind: Kind
    hash: str
    added: datetime


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1] = 1
    entries: tuple[Entry, ...] = ()


class Access:
    """The access file of a home; a change of it counts at the next look.

    Args:
        home: Folder of the index.
    """

    def __init__(self, home: Path) -> None:
        self.file = home / FILE_NAME
        self._read: tuple[tuple[int, ...], tuple[Entry, ...]] | None = None

    def entries(self) -> tuple[Entry, ...]:
        """Return all entries, sorted by name; none if there is no file.

        Raises:
            PinpointError: the file is damaged, cannot be read, or others may read it too.
        """
        try:
            found = self.file.stat()
            if self._read is None or self._read[0] != _mark(found):
                self._read = (_mark(found), self._load(found))
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise PinpointError(
                f"{self.file}: cannot be read ({error.strerror}); check its permissions"
            ) from error
        return self._read[1]

    def add(
        self,
        name: str,
        role: Role,
        kind: Kind,
        secret: str,
        *,
        id: str | None = None,  # noqa: A002
    ) -> Entry:
        """Add an entry, or put it in the place of the one with its name.

        Raises:
            InputError: the name cannot be taken.
            PinpointError: the file cannot be read or written.
        """
        check_name(name)
        entry = Entry(
            id=id or new_id(),
            name=name,
            role=role,
            kind=kind,
            hash=hashed(secret),
            added=datetime.now(UTC).replace(microsecond=0),
        )
        with self._changing():
            others = [other for other in self.entries() if other.name != name]
            self._write([*others, entry])
        return entry

    def remove(self, name: str) -> None:
        """Take an entry out.

        Raises:
            InputError: there is none of this name.
            PinpointError: the file cannot be read or written.
        """
        with self._changing():
            entries = self.entries()
            left = [entry for entry in entries if entry.name != name]
            if len(left) == len(entries):
                told = f"nobody is called {name} in {self.file}; see pinpoint access list"
                raise InputError(told)
            self._write(left)

    def _load(self, found: os.stat_result) -> tuple[Entry, ...]:
        if os.name == "posix" and stat.S_IMODE(found.st_mode) & 0o077:
            raise PinpointError(
                f"{self.file}: other accounts of this machine may read it; run chmod 600 on it"
            )
        try:
            return _File.model_validate_json(self.file.read_bytes()).entries
        except ValidationError:
            # What is wrong would show a hash.
            raise PinpointError(
                f"{self.file}: damaged; remove it and add everybody again with pinpoint access add"
            ) from None

    def _write(self, entries: list[Entry]) -> None:
        ordered = tuple(sorted(entries, key=lambda entry: entry.name))
        with replacing(self.file, 0o600) as stream:
            stream.write(_File(entries=ordered).model_dump_json(indent=1).encode())

    @contextmanager
    def _changing(self) -> Iterator[None]:
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with alone(self.file):
                yield
        except OSError as error:
            told = f"{self.file}: cannot be written ({error.strerror}); check the permissions"
            raise unwritten(told, error) from error


def check_name(name: str) -> None:
    """Look whether somebody can be called so.

    Raises:
        InputError: the name holds other characters, or too many.
    """
    if not _NAME.fullmatch(name):
        raise InputError(
            f"{name!r} cannot be a name here; take up to 64 letters, digits and . @ + - _"
        )


def _mark(found: os.stat_result) -> tuple[int, ...]:
    return (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_mode)
