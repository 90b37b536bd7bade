"""White space and small raised figures, as a browser shows them."""

import re
from typing import TYPE_CHECKING

from index.formats.markup import tag_of

if TYPE_CHECKING:
    from lxml import etree

_BLOCK_NAMES = (
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset"
    " figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav"
    " ol p pre section summary table tbody td tfoot th thead tr ul"
)
BLOCKS = frozenset(_BLOCK_NAMES.split())
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_SPACES = re.compile(r"[ \t\r\n\f\u00a0]+")
_BREAKS = re.compile(r" ?(?:\v ?)+")
_FIGURES = re.compile(r"[0-9+\u2212-]+")
_RAISED = str.maketrans("0123456789+-\u2212", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_LOWERED = str.maketrans("0123456789+-\u2212", "₀₁₂₃₄₅₆₇₈₉₊₋₋")
BREAK = "\v"  # stands for <br> until white space is collapsed


def collapse(text: str) -> str:
    """Return the text with each run of white space as one space, and `BREAK` as a line end."""
    flat = _SPACES.sub(" ", _INVISIBLE.sub("", text))
    return _BREAKS.sub("\n", flat).strip()


def figures(tag: str, text: str) -> str:
    """Return figures in `<sup>` and `<sub>` as raised or lowered characters: 10⁶ is not 106."""
    if tag not in ("sup", "sub") or not _FIGURES.fullmatch(text.strip()):
        return text
    return text.translate(_RAISED if tag == "sup" else _LOWERED)


def inline_text(element: "etree._Element") -> str:
    """Return an element's text on one line; blocks and line breaks inside become a space."""
    from lxml import etree

    parts: list[str] = []
    for event, each in etree.iterwalk(element, events=("start", "end")):
        tag = tag_of(each)
        if tag in BLOCKS or tag == "br":
            parts.append(" ")
        if event == "start":
            parts.append(figures(tag, each.text or ""))
        elif each is not element:
            parts.append(each.tail or "")
    return collapse("".join(parts).replace(BREAK, " "))
