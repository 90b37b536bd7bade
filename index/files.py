"""Which files lie below the paths that an index follows, and their bytes."""

import os
import re
import time
from collections.abc import Collection, Container, Iterable, Iterator
from pathlib import Path

from index.errors import InputError, LoadError

UPLOADS = "uploads"
"""The folder in the home for documents that were sent to the page."""

_SETTLED_NANOSECONDS = 2_000_000_000  # the coarsest clock of a file system ticks every 2 seconds
_TEMPORARY = re.compile(
    r".*~|~\$.*|#.*#|4913|.*\.(?:sw[a-z]|tmp|part|partial|crdownload|download)", re.I | re.S
)


def walk(
    roots: Iterable[str], followed: Iterable[str], home: Path, failures: dict[str, str]
) -> Iterator[str]:
    """Yield every file below the roots once, sorted; note what cannot be looked into.

    Names that start with a dot are passed over, as are the files that programs keep for a while
    beside the one they write (see `is_temporary`), and the index's own home but for the documents
    that were uploaded into it. A link to a file is taken under the link's name, unless the file is
    found under its own name anyway; links to folders are not followed, because they can form
    circles.
    """
    found: dict[str, bool] = {}  # path to whether it is a link
    elsewhere = set(followed)
    for root in roots:
        elsewhere.discard(root)
        if not Path(root).exists():
            failures[root] = "no such file or folder; to drop it: pinpoint remove PATH"
        elif Path(root).is_dir():
            found.update(_below(root, str(home.resolve()), failures))
            if (uploads := _uploads(home)) != root and is_below(uploads, root):
                found.update(_below(uploads, uploads, failures) if Path(uploads).is_dir() else ())
        else:
            found[root] = Path(root).is_symlink()
    for path in sorted(found):
        if not _is_unicode(path):
            failures[_shown(path)] = "the name is not UTF-8; rename it"
        elif not (found[path] and _is_found_anyway(path, found, elsewhere)):
            yield path


def _is_found_anyway(link: str, found: Container[str], elsewhere: Collection[str]) -> bool:
    target = os.path.realpath(link)
    if target == link:  # a link to itself leads nowhere
        return False
    return target in found or (Path(target).exists() and below_any(target, elsewhere))


def _below(root: str, home: str, failures: dict[str, str]) -> Iterator[tuple[str, bool]]:
    """Yield the files below a folder, and whether each is a link."""
    folders = [root]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as entries:
                seen = [entry for entry in entries if not entry.name.startswith(".")]
        except OSError as error:
            failures[_shown(folder)] = f"cannot be read: {error.strerror}"
            continue
        for entry in seen:
            path = os.path.join(folder, entry.name)  # noqa: PTH118 - ten thousand times
            if entry.is_dir(follow_symlinks=False):
                if path != home:
                    folders.append(path)
            elif not (is_temporary(entry.name) or (entry.is_symlink() and Path(path).is_dir())):
                yield path, entry.is_symlink()


def holds_files(root: str, home: Path) -> bool:
    """Tell whether there is any file below a folder; looks no further than to the first."""
    return any(True for _ in _below(root, str(home.resolve()), {}))


def is_temporary(name: str) -> bool:
    """Tell whether a file's name is one that programs give to files they keep for a while.

    Backups and swap files of editors (`~`, `.swp`, `4913`, `#notes#`), the note that an office
    program leaves beside an open document (`~$`), and files that are still being downloaded or
    written (`.tmp`, `.part`, `.crdownload`).
    """
    return _TEMPORARY.fullmatch(name) is not None


def in_sight(path: str, root: str, home: Path) -> bool:
    """Tell whether `walk` would come to a path below a root."""
    uploads = _uploads(home)
    uploaded = is_below(path, uploads)
    below = Path(path).relative_to(uploads if uploaded and is_below(uploads, root) else root)
    hidden = any(part.startswith(".") for part in below.parts)
    own = is_below(path, str(home.resolve())) and not uploaded
    return path == root or not (hidden or is_temporary(below.name) or own)


def _uploads(home: Path) -> str:
    return str(home.resolve() / UPLOADS)


def canonical(path: Path | str) -> str:
    """Return the absolute path without links: one file, one name.

    Raises:
        InputError: the path is not UTF-8.
    """
    return _unicode(os.path.realpath(Path(path).expanduser()))  # leaves a link to itself as it is


def place(path: Path | str) -> str:
    """Return the absolute path without links above it; a link keeps its own name.

    Raises:
        InputError: the path is not UTF-8.
    """
    absolute = Path(path).absolute()
    return _unicode(str(Path(os.path.realpath(absolute.parent), absolute.name)))


def _unicode(path: str) -> str:
    if not _is_unicode(path):
        raise InputError(f"{_shown(path)}: the name is not UTF-8; rename it")
    return path


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


def file_stat(path: Path | str) -> str | None:
    """Return what changes whenever a file does: its size, times and number.

    None where it cannot be told, or where the file changed so lately that a further change could
    leave the times as they are.
    """
    try:
        found = os.stat(path)  # noqa: PTH116 - ten thousand times
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
    return bool(roots) and any(place in roots for place in upwards(path))


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
