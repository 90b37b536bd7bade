"""Values written into Milvus expressions."""

import re
from collections.abc import Iterable

from index.errors import InputError

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
"""What both the server and Milvus Lite read back; they take every other character as it is."""

_LARGEST_INTEGER = 2**63 - 1
_TENANT = re.compile(r"[A-Za-z0-9_-]{1,64}")


def literal(value: str | int) -> str:
    """Write a value so that an expression reads exactly this value, whatever it holds.

    Raises:
        InputError: it cannot be written: half a surrogate pair, a NUL, or no 64-bit integer.
    """
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise InputError(f"{value!r} is neither text nor an integer; give one of these")
    if isinstance(value, int):
        if abs(value) > _LARGEST_INTEGER:
            raise InputError(f"{value} does not fit into 64 bits; give a smaller number")
        return str(value)
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise InputError(f"{value[:50]!r} holds characters that cannot be stored; remove them")
    return '"' + "".join(_ESCAPES.get(character, character) for character in value) + '"'


def literals(values: Iterable[str | int]) -> str:
    """Write a list, for `in` and `not in`.

    Raises:
        InputError: as for `literal`.
    """
    return "[" + ", ".join(map(literal, values)) + "]"


def check_tenant(tenant: str) -> None:
    """Refuse a name that could be mistaken for another.

    Raises:
        InputError: it has another form than 1 to 64 of `A-Z a-z 0-9 _ -`.
    """
    if not _TENANT.fullmatch(tenant):
        raise InputError(f"{tenant!r} is no name of a tenant; use 1 to 64 of A-Z a-z 0-9 _ -")
