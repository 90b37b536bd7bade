"""Links that make a browser scroll to a quote and mark it (WICG text fragments)."""

import re
from urllib.parse import quote as percent_encode

_MAX_WHOLE_CHARS = 120
_EDGE_WORDS = 6
_EDGE_CHARS = 20
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
    start = _edge(lines[0].split(" "))
    rest = lines[-1] if len(lines) > 1 else lines[0][len(start) :].strip()
    end = _edge(rest.split(" ")[::-1], backwards=True)
    return f"#:~:text={_escaped(start)},{_escaped(end)}"


def _edge(words: list[str], *, backwards: bool = False) -> str:
    """Return the first whole words: a browser matches no part of one."""
    if len(words[0]) > _MAX_WHOLE_CHARS:  # a script without spaces
        return words[0][-_EDGE_CHARS:] if backwards else words[0][:_EDGE_CHARS]
    count = 1
    while count < min(_EDGE_WORDS, len(words)) and _fits(words[: count + 1]):
        count += 1
    return " ".join(words[:count][::-1] if backwards else words[:count])


def _fits(words: list[str]) -> bool:
    return len(" ".join(words)) <= _MAX_WHOLE_CHARS // 2


def _escaped(text: str) -> str:
    # A dash or comma would be read as the directive's own; quote() escapes the comma and ampersand.
    return percent_encode(text, safe="").replace("-", "%2D")
