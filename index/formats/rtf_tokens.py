"""The marks of the Rich Text Format: control words, characters and groups."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+"
    rb"|([^\\{}\r\n]+)",
    re.DOTALL,
)
_SYMBOLS = {b"~": "\u00a0", b"_": "\u2011", b"-": "", b"\r": "\\par", b"\n": "\\par"}


class Token(NamedTuple):
    r"""One mark.

    Attributes:
        kind: `word` for `\par`, `bytes` for characters in the current encoding, `text` for a
            character that needs none, `{`, `}`, or `*` for `\*`.
        word: The control word, or the text.
        number: A control word's number, or None.
        content: The bytes of kind `bytes`.
    """

    kind: str
    word: str = ""
    number: int | None = None
    content: bytes = b""


def tokens(content: bytes) -> Iterator[Token]:
    """Yield the marks of a file in order; binary data is skipped, and so are lone backslashes."""
    at = 0
    while at < len(content):
        match = _TOKEN.match(content, at)
        if match is None:  # a backslash at the very end
            return
        at = match.end()
        word, number, code, symbol, brace, plain = match.groups()
        if word:
            parameter = int(number) if number else None
            if word == b"bin":
                at += max(0, parameter or 0)
            yield Token("word", word.decode(), parameter)
        elif code:
            yield Token("bytes", content=bytes.fromhex(code.decode()))
        elif symbol:
            yield _symbol(symbol)
        elif brace:
            yield Token(brace.decode())
        elif plain:
            yield Token("bytes", content=plain)


def _symbol(symbol: bytes) -> Token:
    if symbol == b"*":
        return Token("*")
    if symbol in b"{}\\":
        return Token("bytes", content=symbol)
    stands_for = _SYMBOLS.get(symbol, "")
    return Token("word", "par") if stands_for == "\\par" else Token("text", stands_for)
