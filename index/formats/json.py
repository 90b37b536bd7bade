"""Texts in JSON and JSON Lines: the long strings, or the named fields."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from typing import Any

from index.document import Extracted
from index.errors import LoadError
from index.formats.builder import TextBuilder
from index.formats.table import row_text
from index.formats.text import mend, squeeze
from index.metadata import find_date, stated_date

MIN_WORDS = 3
"""A string of fewer words is a label rather than text."""

_MAX_CAUSE_CHARS = 120
_LABEL_WORDS = 15
_DATES = ("date", "published", "modified", "created")


class _Pairs(list[tuple[str, Any]]):
    """An object with all its pairs: a key that is there twice hides neither value."""


class _Number(str):
    """A number as it is written, however long."""

    __slots__ = ()


def load_json(content: bytes, stem: str, fields: Sequence[str] = ()) -> Extracted:
    """Read the texts of a JSON document; the keys above a text are its heading.

    The entries of a list at the top are `record` locations, counted from 1; so are those of the
    only list of objects under a key at the top. A record whose values are all simple becomes one
    row, `Year: 2023; Revenue: 4.2`, unless one of them is a sentence. The title is the string under
    `title` at the top, else the file's name.

    Args:
        content: The document, in UTF-8, UTF-16 or UTF-32.
        stem: The file's name without its ending.
        fields: Keys, or paths of keys joined by dots, to read; all that is under them is read,
            and nothing else. Empty: every string of at least `MIN_WORDS` words.

    Raises:
        LoadError: the bytes are not JSON, or nested too deeply.
    """
    value = _parse(_decode(content))
    above, records = _records(value)
    return _build(records, value, stem, media_type="application/json", fields=fields, above=above)


def load_jsonl(content: bytes, stem: str, fields: Sequence[str] = ()) -> Extracted:
    """Read JSON Lines; a `record` location is named for its line, and a bad line is a warning.

    Otherwise as `load_json`.

    Raises:
        LoadError: no line is JSON.
    """
    records, warnings = [], []
    for number, line in enumerate(_decode(content).split("\n"), 1):
        if line.strip():
            try:
                records.append((number, _parse(line)))
            except LoadError as error:
                warnings.append(f"line {number}: {error}")
    if warnings and not records:
        raise LoadError(f"no line is JSON; {warnings[0]}")
    return _build(
        records, None, stem, media_type="application/jsonl", fields=fields, warnings=warnings
    )


def _build(
    records: Iterable[tuple[int | None, Any]],
    top: Any,  # noqa: ANN401 - any JSON value
    stem: str,
    *,
    media_type: str,
    fields: Sequence[str],
    above: tuple[str, ...] = (),
    warnings: Sequence[str] = (),
) -> Extracted:
    builder = TextBuilder()
    wanted = [tuple(field.split(".")) for field in fields]
    for number, record in records:
        with builder.place("record", str(number)) if number is not None else nullcontext():
            _add_record(builder, record, wanted, above if number is not None else ())
    stated = dict(top) if isinstance(top, _Pairs) else {}
    dates = [find_date(str(stated[key])) for key in _DATES if key in stated]
    return builder.build(
        title=squeeze(str(stated.get("title") or "")) or stem,
        media_type=media_type,
        date=next(filter(None, dates), None) or stated_date("", [], stem),
        warnings=warnings,
    )


def _records(value: Any) -> tuple[tuple[str, ...], list[tuple[int | None, Any]]]:  # noqa: ANN401
    """Return the key above the records, if there is one, and the records with their numbers."""
    if _is_list(value):
        return (), list(enumerate(value, 1))
    if isinstance(value, _Pairs):
        lists = [(key, inner) for key, inner in value if _is_list(inner)]
        if len(lists) == 1 and lists[0][1] and all(isinstance(e, _Pairs) for e in lists[0][1]):
            key, entries = lists[0]
            others = _Pairs(pair for pair in value if not _is_list(pair[1]))
            return (key,), [(None, others), *enumerate(entries, 1)]
    return (), [(None, value)]


def _add_record(
    builder: TextBuilder,
    record: Any,  # noqa: ANN401 - any JSON value
    wanted: Sequence[tuple[str, ...]],
    above: tuple[str, ...],
) -> None:
    if not wanted and isinstance(record, _Pairs):
        pairs = [(squeeze(key), _simple(value)) for key, value in record]
        if len(pairs) > 1 and all(value is not None and not _is_prose(value) for _, value in pairs):
            names, cells = [key for key, _ in pairs], [value or "" for _, value in pairs]
            builder.add(row_text(names, cells), heading=_heading(above), kind="row")
            return
    for path, text in _strings(record, above):
        if _is_wanted(path, wanted) if wanted else _is_text(text):
            builder.add(mend(text), heading=_heading(path))


def _heading(path: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(filter(None, map(squeeze, path)))


def _is_prose(text: str) -> bool:
    count = len(text.split())
    return count > _LABEL_WORDS or (count >= MIN_WORDS and text.endswith((".", "!", "?")))


def _strings(
    value: Any,  # noqa: ANN401 - any JSON value
    above: tuple[str, ...] = (),
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield strings and numbers in order, each with the keys above it; lists add no key."""
    waiting: list[tuple[tuple[str, ...], Any]] = [(above, value)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, str):
            yield path, value
        elif isinstance(value, _Pairs):
            waiting += [((*path, key), inner) for key, inner in reversed(value)]
        elif isinstance(value, list):
            waiting += [(path, inner) for inner in reversed(value)]


def _is_wanted(path: tuple[str, ...], wanted: Sequence[tuple[str, ...]]) -> bool:
    return any(
        path[start : start + len(field)] == field for field in wanted for start in range(len(path))
    )


def _is_text(text: str) -> bool:
    return not isinstance(text, _Number) and len(text.split(None, MIN_WORDS)) >= MIN_WORDS


def _simple(value: Any) -> str | None:  # noqa: ANN401 - any JSON value
    """Return the text of a string, number, truth value or null; None for what holds others."""
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    return squeeze(value) if isinstance(value, str) else None


def _is_list(value: Any) -> bool:  # noqa: ANN401 - any JSON value
    return isinstance(value, list) and not isinstance(value, _Pairs)


def _decode(content: bytes) -> str:
    encoding = json.detect_encoding(content)
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise LoadError(
            f"not JSON: byte {error.start} is not valid {encoding}; save it as UTF-8"
        ) from error


def _parse(text: str) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return json.loads(
            text,
            object_pairs_hook=_Pairs,
            parse_int=_Number,
            parse_float=_Number,
            parse_constant=_Number,
        )
    except RecursionError as error:
        raise LoadError("nested too deeply; flatten it, or leave it out") from error
    except ValueError as error:
        cause = str(error)[:_MAX_CAUSE_CHARS]
        raise LoadError(f"not JSON ({cause}); mend it, or leave it out") from error
