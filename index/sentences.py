"""Cut a document's blocks into sentences, each with its character span."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import sentencex

from index.document import Block, Extracted
from index.lines import trim

_LOOKED_AT_CHARS = 20_000  # the time grows with the square: a quotation may never end
_MARK = re.compile(r"[^\w\s]")
_MOST_MARKS = 1000  # one in 20 characters; time grows with their number times the length
_LOOKED_AT_CHARS_WITH_MORE = 2000
_MAX_LEAD_IN_CHARS = 600  # "Run these:" and its list are quoted together up to this length


@dataclass(frozen=True, slots=True)
class Sentence:
    """A unit that may be quoted: a sentence, a list item, a table row or a block of code."""

    start: int
    end: int
    heading: tuple[str, ...]


def split_sentences(document: Extracted, language: str = "en") -> list[Sentence]:
    """Return the document's sentences in reading order; spans are trimmed and never overlap.

    A sentence that ends in a colon takes the code or the list behind it along, where both are
    short: "Rebuild it:" alone answers nothing.
    """
    text = document.text
    sentences: list[Sentence] = []
    opened_by: int | None = None  # where a lead-in that still takes blocks along begins
    previous = ""
    for block in document.blocks:
        last = sentences[-1] if sentences else None
        if last and last.heading == block.heading and block.kind in ("code", "item"):
            if opened_by is None and text[last.end - 1] == ":":
                opened_by, previous = last.start, block.kind
            if (
                opened_by is not None
                and previous == block.kind
                and block.end - opened_by <= _MAX_LEAD_IN_CHARS
            ):
                sentences[-1] = Sentence(opened_by, block.end, block.heading)
                opened_by = None if block.kind == "code" else opened_by
                continue
        opened_by = None
        sentences.extend(_in_block(text, block, language))
    return sentences


def single_sentences(document: Extracted, language: str = "en") -> list[Sentence]:
    """Return the document's sentences, none joined with the list or code behind it."""
    return [
        sentence
        for block in document.blocks
        for sentence in _in_block(document.text, block, language)
    ]


def _in_block(text: str, block: Block, language: str) -> list[Sentence]:
    if block.kind in ("code", "row"):
        return [Sentence(block.start, block.end, block.heading)]
    body = text[block.start : block.end]
    found = []
    for first, last in _boundaries(body, language):
        start, end = trim(text, block.start + first, block.start + last)
        if start < end:
            found.append(Sentence(start, end, block.heading))
    return found


def _boundaries(body: str, language: str) -> Iterator[tuple[int, int]]:
    """Yield `[start, end)` of each sentence, looking at a part of a very long text at a time."""
    at = 0
    while at < len(body):
        part = body[at : at + _LOOKED_AT_CHARS]
        if len(_MARK.findall(part)) > _MOST_MARKS:
            part = part[:_LOOKED_AT_CHARS_WITH_MORE]
        found = [
            (at + boundary["start_index"], at + boundary["end_index"])
            for boundary in sentencex.get_sentence_boundaries(language, part)
        ] or [(at, at + len(part))]
        if at + len(part) < len(body) and len(found) > 1:
            found.pop()  # it may go on behind the part
        yield from found
        at = max(found[-1][1], at + 1)
