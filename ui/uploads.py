"""The folder of uploaded documents in the home, and what comes into it."""

import filecmp
import os
import tempfile
from itertools import count
from pathlib import Path
from typing import IO

from pydantic import BaseModel, ConfigDict

from index.atomic import unwritten
from index.errors import InputError, LoadError, PinpointError
from index.files import UPLOADS
from index.kind import ZIP, media_type
from index.load import loader_of
from ui.safe_name import safe_name


class Refused(BaseModel):
    """An uploaded file that was not kept, under the name with which it came."""

    model_config = ConfigDict(frozen=True)

    name: str
    cause: str


def uploads_folder(home: Path) -> Path:
    """Return the folder that uploaded documents are kept in; it may not be there yet."""
    return home.resolve() / UPLOADS


class Uploads:
    """Takes in files, one after the other: `begin`, `write` as often as needed, `end`.

    A file is written beside the others under a name that nobody reads, and gets its own once it is
    whole. Use as a context, which leaves no half of a file behind.

    Args:
        home: Folder of the index; the uploads are a folder in it.
        limit_bytes: Larger files are refused.
        replace: A file takes the place of an older one with its name; else it gets a number.

    Attributes:
        saved: Paths of the files that were kept, or that were there already as they came.
        refused: The others.
    """

    def __init__(self, home: Path, limit_bytes: int, *, replace: bool = False) -> None:
        self._folder = uploads_folder(home)
        self._limit_bytes = limit_bytes
        self._replace = replace
        self._sent = ""
        self._name: str | None = None
        self._size_bytes = 0
        self._half: IO[bytes] | None = None
        self.saved: list[Path] = []
        self.refused: list[Refused] = []

    def __enter__(self) -> "Uploads":
        """Make the folder.

        Raises:
            PinpointError: it cannot be made.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._trouble(error) from error
        return self

    def __exit__(self, *_: object) -> None:
        """Drop what is not whole."""
        self._drop()

    def begin(self, sent: str) -> None:
        """Begin a file under the name that was sent for it."""
        self._drop()
        self._sent, self._size_bytes = sent, 0
        try:
            self._name = safe_name(sent)
            self._half = tempfile.NamedTemporaryFile(  # noqa: SIM115 - is closed in `_drop`
                dir=self._folder, prefix=".", suffix=".upload", delete=False
            )
        except InputError as error:
            self._refuse(str(error))
        except OSError as error:
            raise self._trouble(error) from error

    def write(self, data: bytes) -> None:
        """Add to the file; one that was refused is only counted."""
        self._size_bytes += len(data)
        if self._half is None:
            return
        if self._size_bytes > self._limit_bytes:
            self._refuse(f"larger than {self._limit_bytes} bytes; raise max_file_bytes")
            return
        try:
            self._half.write(data)
        except OSError as error:
            raise self._trouble(error) from error

    def end(self) -> None:
        """End the file, and keep it if it can be read."""
        if self._half is None or self._name is None:
            return
        half = Path(self._half.name)
        try:
            self._half.close()
            content = half.read_bytes()
            kind = media_type(Path(self._name), content)
            if kind != ZIP:
                loader_of(kind)
            self.saved.append(self._settle(half, self._name))
        except LoadError as error:
            self._refuse(str(error))
        except OSError as error:
            raise self._trouble(error) from error
        finally:
            self._drop()

    def _settle(self, half: Path, name: str) -> Path:
        """Give a whole file its name, or the next that is free."""
        target = self._folder / name
        if self._replace and target not in self.saved and not target.is_dir():
            return half.replace(target)
        for number in count(1):
            if number > 1:
                target = self._folder / f"{Path(name).stem} ({number}){Path(name).suffix}"
            if target.is_file() and filecmp.cmp(half, target, shallow=False):
                return target
            try:
                os.close(os.open(target, os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                continue
            return half.replace(target)
        raise AssertionError

    def _refuse(self, cause: str) -> None:
        self.refused.append(Refused(name=self._sent, cause=cause))
        self._drop()

    def _drop(self) -> None:
        if self._half is not None:
            self._half.close()
            Path(self._half.name).unlink(missing_ok=True)
        self._half = None

    def _trouble(self, error: OSError) -> PinpointError:
        told = f"{self._folder}: cannot be written ({error.strerror}); make room, or check its "
        return unwritten(f"{told}permissions", error)
