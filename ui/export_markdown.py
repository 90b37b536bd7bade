"""A conversation as Markdown in which documents mark up nothing."""

import re

from qa.conversation import Conversation, Turn
from qa.models import Citation
from ui.export_parts import about, minute, narrowed, parts, place, unproven

_ANYWHERE = re.compile(r"[\\`*_\[\]<>|~&$#]")
_LINE_START = re.compile(r"^(?:\d+(?=[.)])|(?=[+=-]))")
_INDENT = re.compile(r"^[ \t]+")
_LINE_END = re.compile(r"\r\n|\r|\n")


def markdown(conversation: Conversation) -> str:
    """Return the conversation's title, its time and its turns."""
    blocks = [f"# {plain(conversation.title)}", minute(conversation.created_at)]
    blocks += [block for turn in conversation.turns for block in _turn(turn)]
    return "\n\n".join(blocks) + "\n"


def plain(text: str, *, begins: bool = True) -> str:
    """Return Markdown that shows a text and marks up nothing.

    Args:
        text: Of one line or several.
        begins: Whether a line begins with it.
    """
    first, *more = _LINE_END.split(text)
    escaped = _begun(first) if begins else _escaped(first)
    return "\n".join([escaped, *map(_begun, more)])


def _begun(line: str) -> str:
    safe = _LINE_START.sub(lambda found: f"{found[0]}\\", _escaped(line))
    # Four spaces would begin code.
    return _INDENT.sub(lambda space: "".join(f"&#{ord(c)};" for c in space[0]), safe)


def _escaped(line: str) -> str:
    return _ANYWHERE.sub(r"\\\g<0>", line)


def _turn(turn: Turn) -> list[str]:
    blocks = [f"## {plain(' '.join(turn.asked.split()))}"]
    if turn.question != turn.asked:
        blocks.append(f"Understood as: {plain(' '.join(turn.question.split()))}")
    if told := narrowed(turn.filters):
        blocks.append(plain(told))
    if turn.answer is None:
        return [*blocks, plain(turn.error or "")]
    for lead, quotes in parts(turn.answer):
        blocks += [plain(lead)] if lead else []
        for number, citation in quotes:
            blocks += [_quote(number, citation), _source(citation)]
    if turn.answer.answered:
        blocks.append(f"Confidence {turn.answer.confidence:.0%}")
    return [*blocks, unproven(turn)] if turn.gone else blocks


def _quote(number: int, citation: Citation) -> str:
    lines = f"{_marked(citation)} \\[{number}\\]".split("\n")
    return "\n".join(f"> {line}" if line else ">" for line in lines)


def _marked(citation: Citation) -> str:
    """Return the quote with its short answer in bold, where it is on one line."""
    short, quote = citation.answer, citation.quote
    if short is None or _LINE_END.search(short.text):
        return plain(quote)
    first, last = short.start - citation.start, short.end - citation.start
    before, inner, after = quote[:first], quote[first:last], quote[last:]
    # Stars between a letter and a punctuation mark are only stars.
    stars = (inner[0].isalnum() or not before[-1:].strip()) and (
        inner[-1].isalnum() or not after[:1].strip()
    )
    opened, closed = ("**", "**") if stars else ("<b>", "</b>")
    bold = f"{opened}{plain(inner, begins=False)}{closed}"
    return f"{plain(before)}{bold}{plain(after, begins=False)}"


def _source(citation: Citation) -> str:
    said = about(citation)
    named = f"**{plain(citation.document.title)}**" + (f", {plain(said)}" if said else "")
    return "\\\n".join([named, plain(citation.document.path), place(citation)])
