"""Bytes to text: byte order marks, a declared charset, UTF-8, UTF-16, else older encodings."""

import codecs
import re

from index.errors import LoadError
from index.legacy import guess_legacy

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins with the mark of UTF-16, so it is asked first
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_MIN_NULS = 0.05  # of all bytes in UTF-16: half of Western text, the spaces of other alphabets
_MIN_UTF16_BYTES = 16
_MAX_SCRIPTS = 6  # other bytes on the side of the zeros: an alphabet has one or two, chance many
_UTF16_SAMPLE = 1 << 16


def decode(content: bytes, declared: str | None = None) -> str:
    """Return the text of `content`; line ends stay as they are.

    A byte order mark decides, then `declared`, then UTF-8. What is none of these is read as
    UTF-16 or in an older encoding when its characters leave no doubt.

    Args:
        content: The bytes; none give an empty text.
        declared: The charset that the document names; one that is unknown or does not fit is
            passed over.

    Raises:
        LoadError: no encoding fits, or the text holds a NUL character.
    """
    text = _decoded(content, declared)
    if "\0" in text:
        raise LoadError(f"not text: NUL at character {text.index(chr(0))}; leave it out")
    return text


def _decoded(content: bytes, declared: str | None) -> str:
    marked = next((name for mark, name in _BOMS if content.startswith(mark)), None)
    if marked:
        return _strict(content, marked)
    named = try_decode(content, web_name(declared)) if declared else None
    if named is not None:
        return named
    wide = _utf16(content)
    if wide is not None:
        return wide
    utf8 = try_decode(content, "utf-8")
    if utf8 is not None:
        return utf8
    guessed = None if b"\0" in content else guess_legacy(content)
    return guessed if guessed is not None else _strict(content, "utf-8")


def try_decode(content: bytes, encoding: str) -> str | None:
    """Return the text, or None where the encoding is unknown or does not fit."""
    try:
        return content.decode(encoding)
    except (LookupError, UnicodeError, ValueError):  # ValueError: a NUL in the encoding's name
        return None


def web_name(declared: str) -> str:
    """Return the encoding that browsers use for a declared name."""
    name = declared.strip().lower()
    # Documents that say Latin-1 hold the quotation marks of windows-1252, as browsers know.
    return "cp1252" if name in {"iso-8859-1", "latin-1", "latin1", "ascii", "us-ascii"} else name


def _strict(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise LoadError(
            f"not text: byte {error.start} is not valid {encoding.removesuffix('-sig').upper()}; "
            "save it as UTF-8, or leave it out"
        ) from error


def _utf16(content: bytes) -> str | None:
    """Return UTF-16 without a mark: only one side of its byte pairs holds zeros."""
    sample = content[:_UTF16_SAMPLE]
    high, low = sample[::2].count(0), sample[1::2].count(0)
    if len(sample) < _MIN_UTF16_BYTES or len(content) % 2:
        return None
    if min(high, low) or max(high, low) < _MIN_NULS * len(sample):
        return None
    if len(set(sample[0 if high else 1 :: 2])) > _MAX_SCRIPTS:
        return None
    text = try_decode(content, "utf-16-be" if high else "utf-16-le")
    return None if text is None or _CONTROL.search(text) else text
