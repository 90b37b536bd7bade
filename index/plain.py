"""Plain text: paragraphs between blank lines, list items, and underlined headings."""

import re
from dataclasses import dataclass

from index.document import Block, Extracted
from index.lines import line_spans, trim
from index.metadata import leading_date, stated_date

_UNDERLINE = re.compile(r"([=\-~^\"'`#*+.:_])\1{2,}")
_ITEM = re.compile(r"(?:[-*+•]|#\.|\d{1,3}[.)])\s+(?=\S)")
_MAX_TITLE_CHARS = 100


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str  # without surrounding white space
    indented: bool


def load_plain(text: str, stem: str) -> Extracted:
    """Read plain text; its title is the first heading, a short first line, or the file's name."""
    lines = [
        _Line(start, end, raw.strip(), raw[:1].isspace())
        for start, end in line_spans(text)
        for raw in (text[start:end],)
    ]
    leading = leading_date(text)
    blocks, headings = _blocks(text, lines, leading[1] if leading else 0)
    title = headings[0] if headings else _first_line_title(lines) or stem
    return Extracted(
        text=text,
        title=title,
        date=stated_date(text, [title], stem),
        media_type="text/plain",
        blocks=tuple(blocks),
    )


def _blocks(text: str, lines: list[_Line], body_start: int) -> tuple[list[Block], list[str]]:
    blocks: list[Block] = []
    titles: list[str] = []
    path: list[tuple[str, str]] = []  # (underline character, title), outermost first
    styles: list[str] = []  # underline characters by level, in order of first use
    paragraph: list[_Line] = []

    def flush() -> None:
        if paragraph:
            start, end = trim(text, max(paragraph[0].start, body_start), paragraph[-1].end)
            item = _ITEM.match(text, start, end)
            if start < end:
                heading = tuple(title for _, title in path)
                kind = "item" if item else "text"
                blocks.append(Block(item.end() if item else start, end, heading, kind))
            paragraph.clear()

    for index, line in enumerate(lines):
        following = lines[index + 1].text if index + 1 < len(lines) else ""
        if not line.text or _UNDERLINE.fullmatch(line.text):
            flush()
        elif _is_heading(line, following):
            flush()
            _enter_heading(path, styles, following[0], line.text)
            titles.append(line.text)
        else:
            if _ITEM.match(line.text):
                flush()
            paragraph.append(line)
    flush()
    return blocks, titles


def _is_heading(line: _Line, following: str) -> bool:
    underlined = _UNDERLINE.fullmatch(following) is not None
    return underlined and not line.indented and len(line.text) <= len(following)


def _enter_heading(path: list[tuple[str, str]], styles: list[str], style: str, title: str) -> None:
    # As in reStructuredText, an underline's level is the order in which it first appears.
    if style not in styles:
        styles.append(style)
    level = styles.index(style)
    path[:] = [entry for entry in path if styles.index(entry[0]) < level]
    path.append((style, title))


def _first_line_title(lines: list[_Line]) -> str | None:
    """Return a short first line that stands alone and is not a sentence."""
    first = next((i for i, line in enumerate(lines) if line.text), None)
    if first is None or first + 1 >= len(lines) or lines[first + 1].text:
        return None
    title = lines[first].text
    is_title = len(title) <= _MAX_TITLE_CHARS and title[-1] not in ".!?;,"
    return title if is_title and leading_date(title) is None else None
