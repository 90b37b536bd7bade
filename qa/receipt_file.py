"""Receipts as files: JSON, or a web page that holds the JSON."""

import hashlib
import json
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from index.atomic import replacing, unwritten
from index.errors import InputError, PinpointError
from index.own_files import RECEIPT_ELEMENT_ID, RECEIPT_FORMAT
from qa.receipt import Receipt

VERSION = 1
"""Raise it when an older Pinpoint could not read, or would misread, what is written."""
MAX_BYTES = 2_000_000
"""Largest file that is read as a receipt; forty long quotes take a tenth of it."""


def to_json(receipt: Receipt) -> str:
    """Return a receipt as a file holds it, with the SHA-256 of its content.

    The hash shows a change by accident or by hand. It is no signature: whoever makes it anew after
    a change is not noticed.
    """
    content = receipt.model_dump(mode="json")
    whole = {
        "format": RECEIPT_FORMAT,
        "version": VERSION,
        "sha256": _digest(content),
        "receipt": content,
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def from_json(text: str, name: str) -> Receipt:
    """Return the receipt that a file's JSON, or the JSON of its page, holds.

    Args:
        text: The file's text.
        name: The file's name, for messages.

    Raises:
        InputError: it is no receipt, or one of a newer Pinpoint.
        PinpointError: it is damaged or was edited.
    """
    try:
        found = json.loads(_embedded(text) if text.lstrip().startswith("<") else text)
        json.dumps(found, ensure_ascii=False).encode()  # half a character can be no path, nor shown
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name}: is no receipt; make one with: pinpoint ask --receipt") from error
    if not isinstance(found, dict) or found.get("format") != RECEIPT_FORMAT:
        raise InputError(f"{name}: is no receipt; make one with: pinpoint ask --receipt")
    check_version(found, VERSION, name)
    content = found.get("receipt")
    if found.get("sha256") != _digest(content):
        raise PinpointError(
            f"{name}: the receipt is not as it was written; it was edited or damaged, so nothing "
            "it says can be relied on; get it anew"
        )
    try:
        return Receipt.model_validate(content)
    except ValidationError as error:
        raise PinpointError(f"{name}: {told(error)}; get the receipt anew") from error


def read_receipt(path: Path) -> Receipt:
    """Return the receipt in a file, JSON or HTML; raises as `from_json` does."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path}: has more than {MAX_BYTES} bytes, so it is no receipt")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is no receipt; make one with: pinpoint ask --receipt") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check the name") from error
    return from_json(text, str(path))


def check_places(paths: Iterable[Path]) -> None:
    """Look at where files will be written, before the work whose outcome they are to hold.

    Raises:
        InputError: a folder is not there, or a folder has a file's name.
    """
    for path in paths:
        if not path.absolute().parent.is_dir():
            raise InputError(f"{path}: its folder is not there; make it, or name another file")
        if path.is_dir():
            raise InputError(f"{path}: is a folder; name a file in it")


def write_text(path: Path, text: str) -> None:
    """Write a file that is there whole or not at all.

    Raises:
        PinpointError: it cannot be written.
    """
    try:
        with replacing(path) as stream:
            stream.write(text.encode())
    except OSError as error:
        told = f"{path}: cannot be written ({error.strerror}); name another file"
        raise unwritten(told, error) from error


def check_version(found: dict[str, Any], known: int, name: str) -> None:
    """Refuse what a newer Pinpoint wrote.

    Raises:
        InputError: the version is another than those known.
    """
    version = found.get("version")
    if type(version) is not int or not 1 <= version <= known:
        raise InputError(
            f"{name}: is of version {version!r}, and this Pinpoint knows {known}; upgrade Pinpoint"
        )


def told(error: ValidationError) -> str:
    """Return the first thing that is wrong, in a line."""
    first = error.errors()[0]
    return f"{'.'.join(map(str, first['loc'])) or 'content'}: {first['msg']}"


def _digest(content: object) -> str:
    """Return the SHA-256 of the canonical JSON: keys sorted, no spaces, UTF-8."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _embedded(page: str) -> str:
    """Return what the page's element for the receipt holds, or nothing."""
    parser = _Script()
    parser.feed(page)
    parser.close()
    return "".join(parser.found)


class _Script(HTMLParser):
    """Takes the text of the first script element with the receipt's id."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = self._done = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        wanted = tag == "script" and dict(attrs).get("id") == RECEIPT_ELEMENT_ID
        self._inside = wanted and not self._done

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found.append(data)

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - as the base class
        self._done |= self._inside
        self._inside = False
