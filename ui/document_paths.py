"""Which paths the page may add and remove."""

from collections.abc import Sequence
from pathlib import Path

from index.errors import InputError
from index.files import canonical, is_below
from index.stores import open_store
from ui.uploads import uploads_folder


def folder_to_add(home: Path, named: str) -> Path:
    """Return the folder or file that somebody named to be followed.

    Raises:
        InputError: it is not there, not a whole path, cannot be read, or holds too much.
    """
    if not named.strip():
        raise InputError("no folder is named; write its whole path")
    path = Path(named.strip()).expanduser()
    if "\0" in named or not path.is_absolute():
        raise InputError(
            f"{named.strip()} is not a whole path; begin at the top, as in {Path.home()}"
        )
    path = Path(canonical(path))
    if path == Path(path.anchor):
        raise InputError(f"{path} is all of this machine; name a folder in it")
    if is_below(str(path), canonical(home)) and not is_below(str(path), str(uploads_folder(home))):
        raise InputError(f"{path} belongs to the index itself; name another folder")
    try:
        if path.is_dir():
            next(path.iterdir(), None)
        elif not path.exists():
            raise InputError(f"{path}: no such file or folder; check how it is written")
    except OSError as error:
        raise InputError(
            f"{path}: cannot be read ({error.strerror}); check its permissions"
        ) from error
    return path


def check_removable(home: Path, paths: Sequence[str]) -> None:
    """Look whether all paths are documents, followed, or listed as failed.

    Raises:
        InputError: one is not, or none is named.
        IndexMissingError: there is no index yet.
    """
    if not paths:
        raise InputError("nothing is selected; select documents first")
    with open_store(home) as store:
        known = {document.path for document in store.documents(below=paths)}
        known |= {*store.failures(), *store.roots()}
    for path in paths:
        if path not in known:
            raise InputError(f"{path}: not in this index any more; look at the list again")


def files_of(paths: Sequence[str]) -> list[str]:
    """Return the files that documents come from; a member of an archive comes from the archive."""
    return sorted({next((p for p in _upwards(path) if Path(p).is_file()), path) for path in paths})


def _upwards(path: str) -> list[str]:
    return [path, *map(str, Path(path).parents)]


def delete_uploads(home: Path, paths: Sequence[str]) -> None:
    """Delete those of the files that lie in the folder of uploads; others stay.

    Raises:
        InputError: one cannot be deleted.
    """
    folder = str(uploads_folder(home))
    for path in paths:
        real = Path(canonical(Path(path).parent), Path(path).name)
        if path == folder or not is_below(str(real), folder) or real.is_dir():
            continue
        try:
            real.unlink(missing_ok=True)
        except NotADirectoryError:  # a member of an archive
            continue
        except OSError as error:
            raise InputError(
                f"{path}: removed from the index, but cannot be deleted ({error.strerror})"
            ) from error
