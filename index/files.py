"""Which files lie below the paths that an index follows, and their bytes."""

import os
import time
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from index.errors import InputError, LoadError

_SETTLED_NANOSECONDS = 2_000_000_000  # the coarsest clock of a file system ticks every 2 seconds


def walk(
    roots: Iterable[str], followed: Iterable[str], home: Path, failures: dict[str, str]
) -> Iterator[str]:
    """Yield every file below the roots once, sorted; note what cannot be looked into.

    Names that start with a dot are passed over, and so is the index's own home. A link to a file
    is taken under the link's name, unless the file is found under its own name anyway; links to
    folders are not followed, because they can form circles.
    """
    found: set[str] = set()
    elsewhere = set(followed)
    for root in roots:
        elsewhere.discard(root)
        if not Path(root).exists():
            failures[root] = "no such file or folder; to drop it: pinpoint remove PATH"
        elif Path(root).is_dir():
            found.update(_below(root, home.resolve(), failures))
        else:
            found.add(root)
    for path in sorted(found):
        if not _is_unicode(path):
            failures[_shown(path)] = "the name is not UTF-8; rename it"
            continue
        target = os.path.realpath(path)
        twice = target in found or (Path(target).exists() and below_any(target, elsewhere))
        if target == path or not twice:
            yield path


def _below(root: str, home: Path, failures: dict[str, str]) -> Iterator[str]:
    def note(error: OSError) -> None:
        failures[_shown(str(error.filename))] = f"cannot be read: {error.strerror}"

    for folder, folders, names in os.walk(root, onerror=note):
        folders[:] = [
            name for name in folders if not name.startswith(".") and Path(folder, name) != home
        ]
        yield from (str(Path(folder, name)) for name in names if not name.startswith("."))


def canonical(path: Path | str) -> str:
    """Return the absolute path without links: one file, one name.

    Raises:
        InputError: the path is not UTF-8.
    """
    resolved = os.path.realpath(Path(path).expanduser())  # leaves a link to itself as it is
    if not _is_unicode(resolved):
        raise InputError(f"{_shown(resolved)}: the name is not UTF-8; rename it")
    return resolved


def _is_unicode(path: str) -> bool:
    """Tell whether a file name was UTF-8; Python hands over other bytes as lone surrogates."""
    return path.isascii() or not any("\ud800" <= character <= "\udfff" for character in path)


def _shown(path: str) -> str:
    return os.fsencode(path).decode("utf-8", "replace")


def read_file(path: Path, limit_bytes: int) -> bytes:
    """Return a file's bytes.

    Raises:
        LoadError: it cannot be read, is no ordinary file, or is larger than the limit.
    """
    try:
        if not path.is_file() and path.exists():
            raise LoadError("not a file (a device, pipe or socket); leave it out")
        size = path.stat().st_size
        if size > limit_bytes:
            raise LoadError(f"{size} bytes, over the limit of {limit_bytes}; raise max_file_bytes")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise LoadError("no such file; a link leads nowhere, or it has just gone") from error
    except OSError as error:
        raise LoadError(f"cannot be read: {error.strerror}; check its permissions") from error


def file_stat(path: Path) -> str | None:
    """Return what changes whenever a file does: its size, times and number.

    None where it cannot be told, or where the file changed so lately that a further change could
    leave the times as they are.
    """
    try:
        found = path.stat()
    except OSError:
        return None
    if max(found.st_mtime_ns, found.st_ctime_ns) > time.time_ns() - _SETTLED_NANOSECONDS:
        return None
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino}"


def is_below(path: str, root: str) -> bool:
    """Tell whether a path is the root itself or lies below it."""
    return path == root or path.startswith(root.rstrip(os.sep) + os.sep)


def below_any(path: str, roots: Collection[str]) -> bool:
    """Tell whether a path is one of the roots or lies below one."""
    return any(place in roots for place in upwards(path))


def upwards(path: str) -> Iterator[str]:
    """Yield a path and every folder, or archive, above it, innermost first."""
    yield path
    end = path.rfind(os.sep)
    while end > 0:
        yield path[:end]
        end = path.rfind(os.sep, 0, end)
    yield path[: path.find(os.sep) + 1]  # the outermost folder ends with its slash


def outermost(paths: Iterable[str]) -> list[str]:
    """Return the paths without those that lie below another one, sorted."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not below_any(path, kept):
            kept.append(path)
    return kept
