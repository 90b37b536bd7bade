"""What is kept of a conversation: its questions with their answers, in order."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from index.errors import InputError
from index.formats.text import squeeze
from qa.models import Answer

MAX_TITLE_CHARS = 80
"""Longest title, whether made from a question or given by the person."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Filters(_Frozen):
    """What the documents of a question were narrowed to; all empty where to nothing.

    `since` and `until` are days as they were given, `YYYY-MM-DD`; `folders` are paths, and `kinds`
    short names of document kinds.
    """

    since: str | None = None
    until: str | None = None
    folders: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


class Turn(_Frozen):
    """A question and what came of it: an answer, or else an error in words.

    `conversation` is the id of the conversation that it is part of, `asked` the question as typed
    and `question` as it was understood, with nothing left to what was asked before. `rating` is the
    person's: 1 good, -1 bad, 0 none. `created_at` is in UTC. `gone` are the SHA-256 of cited texts
    that could not be read when the turn was shown, so that their quotes could not be checked again.
    """

    id: str
    conversation: str
    asked: str
    question: str
    filters: Filters
    answer: Answer | None
    error: str | None
    rating: int
    created_at: datetime
    gone: tuple[str, ...] = ()


class ConversationSummary(_Frozen):
    """A conversation without its turns. Times are in UTC; `updated_at` is that of the last turn."""

    id: str
    title: str
    created_at: datetime
    updated_at: datetime


class Conversation(ConversationSummary):
    """A conversation with its turns, in the order in which they were asked."""

    turns: tuple[Turn, ...]


def title_of(question: str) -> str:
    """Return a question as a title: one line, cut after a word where it is too long."""
    line = squeeze(question)
    if len(line) <= MAX_TITLE_CHARS:
        return line
    kept, _, rest = line[:MAX_TITLE_CHARS].rpartition(" ")
    return f"{(kept or rest[:-1]).rstrip(' ,;:.')}…"


def checked_title(title: str) -> str:
    """Return a title that a person gave, on one line.

    Raises:
        InputError: nothing is left of it, or it is too long.
    """
    line = squeeze(title)
    if not line:
        raise InputError("the title is empty; give the conversation a name of a word or two")
    if len(line) > MAX_TITLE_CHARS:
        raise InputError(
            f"the title has {len(line)} characters, the limit is {MAX_TITLE_CHARS}; shorten it"
        )
    return line
