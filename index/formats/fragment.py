"""Links that make a browser scroll to a quote and mark it (WICG text fragments)."""

import re
from urllib.parse import quote as percent_encode

_MAX_WHOLE_CHARS = 120
_EDGE_WORDS = 6
_EDGE_CHARS = 20  # where a script has no spaces, a "word" can be a paragraph
_LINE_END = re.compile(r"\s*[\r\n]\s*")


def text_fragment(quote: str) -> str:
    """Return `#:~:text=...` for a quote, to append to a page's address.

    A short quote on one line is given whole; of any other the first words and the last ones, since
    a browser matches each of them inside one paragraph only. White space alone gives "".
    """
    lines = [" ".join(line.split()) for line in _LINE_END.split(quote.strip())]
    if not lines[0]:
        return ""
    if len(lines) == 1 and len(lines[0]) <= _MAX_WHOLE_CHARS:
        return f"#:~:text={_escaped(lines[0])}"
    last = lines[-1] if len(lines) > 1 else lines[0][_cut(lines[0]) :].strip()
    return f"#:~:text={_escaped(lines[0][: _cut(lines[0])].strip())},{_escaped(_tail(last))}"


def _cut(line: str) -> int:
    """Return where a line's first words end."""
    words = line.split(" ")
    end = len(" ".join(words[:_EDGE_WORDS]))
    return end if end <= _MAX_WHOLE_CHARS else _EDGE_CHARS


def _tail(line: str) -> str:
    tail = " ".join(line.split(" ")[-_EDGE_WORDS:])
    return tail if len(tail) <= _MAX_WHOLE_CHARS else tail[-_EDGE_CHARS:].strip()


def _escaped(text: str) -> str:
    # A dash or comma would be read as the directive's own; quote() escapes the comma and ampersand.
    return percent_encode(text, safe="").replace("-", "%2D")
