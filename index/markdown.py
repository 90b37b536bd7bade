"""Markdown: the canonical text is the source itself, so offsets point into the file."""

import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from itertools import zip_longest
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.document import Block, Extracted
from index.lines import line_starts, trim
from index.metadata import (
    front_matter_date,
    language_code,
    leading_date,
    stated_authors,
    stated_date,
)

_FRONT_MATTER = re.compile(
    r"\A---[ \t]*(?=[\r\n])(.*?)[\r\n](?:---|\.\.\.)[ \t]*(?=[\r\n]|\Z)", re.S
)
_MARKER = re.compile(r"(?:[ \t>]|[-*+][ \t]+|\d{1,9}[.)][ \t]+)*")
_MAX_MATTER_CHARS = 20_000  # front matter is a few lines, and YAML is slow to read
_MAX_MATTER_DEPTH = 20
_KINDS = {"fence": "code", "code_block": "code", "tr_open": "row"}
_LEAVES = {"paragraph_open", "html_block", *_KINDS}


def load_markdown(text: str, stem: str) -> Extracted:
    """Read CommonMark with tables.

    Front matter gives title and date before the text does, and authors and language.
    """
    matter, body_start = _front_matter(text)
    leading = leading_date(text[body_start:])
    if leading:
        body_start += leading[1]
    blocks, headings = markdown_blocks(text, body_start)
    title = _scalar(matter.get("title")) or _first_title(headings) or stem
    stated = stated_date(
        text[: body_start + 1] if leading else text, [t for _, t in headings], stem
    )
    return Extracted(
        text=text,
        title=title,
        date=front_matter_date(matter.get("date")) or stated,
        media_type="text/markdown",
        blocks=tuple(blocks),
        authors=stated_authors(matter.get("author") or matter.get("authors")),
        language=language_code(matter.get("lang") or matter.get("language")),
    )


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


def _front_matter(text: str) -> tuple[dict[str, Any], int]:
    match = _FRONT_MATTER.match(text)
    if match is None or len(match[1]) > _MAX_MATTER_CHARS:
        return {}, 0
    try:
        values = _parsed(match[1])
    except Exception:  # such as 2023-02-31, which YAML turns into a date; it is text then
        values = None
    return (values, match.end()) if isinstance(values, dict) else ({}, 0)


def _parsed(matter: str) -> Any:  # noqa: ANN401 - any YAML value
    """Return what front matter says, or None for what would take long to read."""
    depth = 0
    for event in yaml.parse(matter):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        # A few references make a billion copies, and time grows with the square of the depth.
        if isinstance(event, yaml.AliasEvent) or depth > _MAX_MATTER_DEPTH:
            return None
    return yaml.safe_load(matter)


def _scalar(value: object) -> str:
    return str(value) if isinstance(value, str | int | float | date) else ""


def markdown_blocks(
    text: str, body_start: int = 0, path: list[tuple[int, str]] | None = None
) -> tuple[list[Block], list[tuple[int, str]]]:
    """Return the blocks of `text[body_start:]` and its headings as `(level, title)`.

    Args:
        text: CommonMark with tables.
        body_start: Where it begins.
        path: Headings above the text, outermost first; changed to those above what follows it.
    """
    # Blanking what precedes the body keeps every offset and line number as it is.
    head = re.sub(r"[^\r\n]", " ", text[:body_start])
    tokens = _parser().parse(head + text[body_start:])
    starts = line_starts(text)
    blocks: list[Block] = []
    headings: list[tuple[int, str]] = []
    path = [] if path is None else path
    in_item = 0
    columns: list[str] = []
    for number, (token, following) in enumerate(zip_longest(tokens, tokens[1:])):
        if token.type == "thead_open":
            columns = _columns(tokens, number)
        if token.type == "heading_open" and following:
            level = int(token.tag[1])
            title = _plain_text(following)
            path[:] = [entry for entry in path if entry[0] < level]
            path.append((level, title))
            headings.append((level, title))
        in_item += token.nesting if token.type.startswith("list_item") else 0
        if token.type in _LEAVES and token.map:
            start, end = _span(text, starts, token, body_start)
            if start < end and not text.startswith("<!--", start):
                kind = _KINDS.get(token.type, "item" if in_item else "text")
                heading = [t for _, t in path if t]
                if kind == "row" and any(columns):  # or a row of figures would say nothing
                    heading.append(" | ".join(columns))
                blocks.append(Block(start, end, tuple(heading), kind))
    return blocks, headings


def _columns(tokens: Sequence[Token], at: int) -> list[str]:
    """Return the names in the table header that begins at a token."""
    names = []
    while tokens[at].type != "thead_close":
        if tokens[at].type == "inline":
            names.append(_plain_text(tokens[at]))
        at += 1
    return names


def _span(text: str, starts: list[int], token: Token, body_start: int) -> tuple[int, int]:
    """Return the block's span without its list or quote markers; code keeps its fences."""
    first, last = token.map or [0, 0]
    start, end = max(starts[first], body_start), starts[last]
    if token.type == "code_block":  # the first line's indentation belongs to code
        return start, start + len(text[start:end].rstrip())
    marker = _MARKER.match(text, start, end) if token.type == "paragraph_open" else None
    return trim(text, marker.end() if marker else start, end)


def _plain_text(inline: Token) -> str:
    children = inline.children or []
    return "".join(
        " " if child.type in ("softbreak", "hardbreak") else child.content
        for child in children
        if child.type in ("text", "code_inline", "softbreak", "hardbreak")
    ).strip()


def _first_title(headings: list[tuple[int, str]]) -> str | None:
    """Return the first level-1 heading, else the first heading of any level."""
    top = [title for level, title in headings if level == 1 and title]
    return top[0] if top else next((title for _, title in headings if title), None)
