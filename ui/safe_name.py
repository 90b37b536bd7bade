"""Names of uploaded files, of which nothing is believed."""

import re
import unicodedata
from pathlib import PurePosixPath

from index.errors import InputError
from index.files import is_temporary

_MOST_BYTES = 150  # a file system takes 255; a number may be added
_MOST_SUFFIX_BYTES = 20
_SPECIAL = re.compile(r'[<>:"|?*]')  # mean something in a path of Windows
_RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|COM\d|LPT\d)(?:\.|$)", re.I)  # devices there


def safe_name(sent: str) -> str:
    """Return the name under which an uploaded file can be kept, on any system.

    Only the last part of a path counts. Control characters and invisible ones go, special ones
    become `_`, and a long name is cut before its ending.

    Raises:
        InputError: nothing is left, or files of this name are never read.
    """
    base = unicodedata.normalize("NFC", sent).replace("\\", "/").rpartition("/")[2]
    shown = "".join(c for c in base if unicodedata.category(c)[0] != "C")
    name = _cut(_SPECIAL.sub("_", shown).strip(" ."))
    if not name:
        raise InputError("the file has no name that can be kept; rename it")
    if is_temporary(name):
        raise InputError(f"files named like {name} are passed over as temporary; rename it")
    return f"_{name}" if _RESERVED.match(name) else name


def _cut(name: str) -> str:
    suffix = PurePosixPath(name).suffix
    if len(suffix.encode()) > _MOST_SUFFIX_BYTES:
        suffix = ""
    stem = name.removesuffix(suffix).encode()[: _MOST_BYTES - len(suffix.encode())]
    return stem.decode(errors="ignore").rstrip(" .") + suffix
