"""The bounds of a question as people give them: dates, folders and kinds of documents."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from index.errors import InputError
from index.files import canonical, outermost, place
from index.filter import Filter
from index.kind_names import KINDS

MOST_FOLDERS = 200
"""Each takes two conditions at most, and SQLite nests no more than 1000."""

Day = date | str | None
"""A date, or `YYYY-MM-DD`; None bounds nothing."""
Paths = Sequence[Path | str] | Path | str
"""One path or several."""


def bounds(
    *, since: Day = None, until: Day = None, folders: Paths = (), kinds: Sequence[str] | str = ()
) -> Filter:
    """Return the filter that these bounds make together.

    Args:
        since: Only documents dated on this day or later.
        until: Only documents dated on this day or earlier.
        folders: Only documents below one of these folders or archives, or these files; none means
            everywhere.
        kinds: Only documents of these kinds, by their names in `index.kind_names.KINDS`; none
            means all.

    Raises:
        InputError: a date is none or `since` is after `until`, a path is none, there are more than
            `MOST_FOLDERS`, or a kind is unknown.
    """
    first, last = _iso_date("since", since), _iso_date("until", until)
    if first and last and first > last:
        raise InputError(f"since {first} is after until {last}; no document can match")
    return Filter(first, last, _places(folders), _media_types(kinds))


def _iso_date(name: str, value: Day) -> str | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value)[:10] if isinstance(value, date) else value).isoformat()
    except ValueError as error:
        raise InputError(f"{name} {value!r} is not a date; write it as YYYY-MM-DD") from error


def _places(folders: Paths) -> tuple[str, ...]:
    given = [folders] if isinstance(folders, str | Path) else list(folders)
    if len(given) > MOST_FOLDERS:
        raise InputError(
            f"{len(given)} folders are given, the limit is {MOST_FOLDERS}; name one above them"
        )
    return tuple(outermost(found for folder in given for found in _absolute(folder)))


def _absolute(folder: Path | str) -> Iterator[str]:
    """Yield under which names documents there are indexed; a link has a name of its own."""
    if not str(folder):
        raise InputError("a folder's path is empty; name a folder, an archive or a file")
    try:
        yield canonical(folder)
        yield place(folder)
    except (ValueError, RuntimeError) as error:  # a null character; the home of nobody
        raise InputError(f"folder {str(folder)!r}: {error}; name another path") from error


def _media_types(kinds: Iterable[str]) -> tuple[str, ...]:
    given = [kinds] if isinstance(kinds, str) else kinds
    names = {kind.strip().casefold() for kind in given}
    for name in sorted(names - KINDS.keys()):
        raise InputError(f"kind {name!r} is unknown; the kinds are {', '.join(sorted(KINDS))}")
    return tuple(sorted(media_type for name in names for media_type in KINDS[name]))
