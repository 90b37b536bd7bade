"""Conversations as files to keep elsewhere: Markdown, one HTML page, or JSON."""

import re
import unicodedata
from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from qa.conversation import Conversation
from ui import export_markdown
from ui.export_parts import about, minute, narrowed, parts, place, unproven
from ui.templating import render

_MAX_NAME_CHARS = 60


class Format(StrEnum):
    """What a conversation can be exported as."""

    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"


class Export(NamedTuple):
    """A file: its name, its media type and its text."""

    name: str
    media_type: str
    text: str


def export(conversation: Conversation, form: Format) -> Export:
    """Return a conversation as a file in one of the formats."""
    ending, media_type, made = _FORMATS[form]
    return Export(f"{file_name(conversation.title)}.{ending}", media_type, made(conversation))


def file_name(title: str) -> str:
    """Return a name without ending that every system takes, from a title.

    It has small letters of ASCII, digits and hyphens only, and begins with `pinpoint-`.
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain)[:_MAX_NAME_CHARS].strip("-")
    return f"pinpoint-{words or 'conversation'}"


def html(conversation: Conversation) -> str:
    """Return a page that needs no other file and runs no script."""
    page = render(
        "export.html",
        conversation=conversation,
        parts=parts,
        about=about,
        place=place,
        narrowed=narrowed,
        unproven=unproven,
        minute=minute,
    )
    return f"{page}\n"


def _json(conversation: Conversation) -> str:
    return conversation.model_dump_json(indent=2) + "\n"


_FORMATS: dict[Format, tuple[str, str, Callable[[Conversation], str]]] = {
    Format.MARKDOWN: ("md", "text/markdown", export_markdown.markdown),
    Format.HTML: ("html", "text/html", html),
    Format.JSON: ("json", "application/json", _json),
}
