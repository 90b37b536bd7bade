"""A model's text cut into sentences, each with the numbers of the quotes that it names."""

import re
from dataclasses import dataclass

from index.document import Block, Extracted
from index.sentences import single_sentences

_THOUGHT = re.compile(r"\A\s*<think>.*?(?:</think>|\Z)", re.DOTALL)
_MARKER = re.compile(
    r"[ \t]*\[(?:quotes? *)?(\d{1,4}(?: *(?:,|;|and|&) *\d{1,4})*)\]", re.IGNORECASE
)
_BULLET = re.compile(r"^[ \t]*(?:(?:[-*•]|\d{1,2}[.)]|#{1,6})[ \t]+)?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence that a model wrote, without its markers; `named` are the numbers in these."""

    text: str
    named: tuple[int, ...]


def cut(reply: str, language: str = "en") -> list[Written]:
    """Return the sentences of a model's text in order; an empty text has none.

    A marker such as `[1]` or `[1, 2]` belongs to the sentence that it follows, one at the beginning
    of a line to the sentence behind it. What a model thinks aloud before it answers is left out.
    """
    text, markers = _without_markers(_BULLET.sub("", _THOUGHT.sub("", reply)))
    blocks = tuple(Block(m.start(), m.end()) for m in re.finditer(r"[^\r\n]*\S[^\r\n]*", text))
    sentences = single_sentences(Extracted(text, "", None, "text/plain", blocks), language)
    named: list[list[int]] = [[] for _ in sentences]
    for place, numbers in markers:
        at_start = not text[:place].rpartition("\n")[2].strip()
        before = [n for n, each in enumerate(sentences) if each.start < place]
        after = [n for n, each in enumerate(sentences) if each.end > place]
        owner = after[:1] if at_start else before[-1:]
        for number in owner:
            named[number] += numbers
    return [
        Written(text[each.start : each.end], tuple(dict.fromkeys(numbers)))
        for each, numbers in zip(sentences, named, strict=True)
    ]


def _without_markers(text: str) -> tuple[str, list[tuple[int, list[int]]]]:
    """Return a text without its markers, and where in it they stood with their numbers."""
    kept, length, at, markers = [], 0, 0, []
    for match in _MARKER.finditer(text):
        kept.append(text[at : match.start()])
        length += match.start() - at
        markers.append((length, [int(number) for number in re.findall(r"\d+", match[1])]))
        at = match.end()
    return "".join([*kept, text[at:]]), markers
