"""Characters that no stored text can hold, mended."""

import re

# Control characters other than tab and line ends show nothing and break the output of others.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def mend(text: str) -> str:
    """Join surrogate pairs, put U+FFFD for lone surrogates and a space for control characters."""
    return _CONTROL.sub(" ", join_surrogates(text))


def join_surrogates(text: str) -> str:
    """Join surrogate pairs, and put U+FFFD for lone surrogates."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def squeeze(text: str) -> str:
    """Return the text on one line: white space around it is left out, inside it is one space."""
    return " ".join(mend(text).split())
