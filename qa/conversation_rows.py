"""Conversations and turns as rows of their database."""

import secrets
import sqlite3
from datetime import UTC, datetime

from pydantic import ValidationError

from index.errors import ConversationMissingError
from index.formats.text import mend
from qa import conversation_words as words
from qa.conversation import Conversation, ConversationSummary, Filters, Turn
from qa.models import Answer

MAX_ASKED_CHARS = 100_000
"""Most characters kept of a question; no setting allows a longer one to be answered."""

_UNREADABLE = "This answer was kept by another version of Pinpoint; ask again to see it."
_SUMMARIES = "SELECT id, title, created_at, updated_at FROM conversations"
_TURNS = (
    "SELECT t.id, c.id AS conversation, t.asked, t.question, t.filters, t.answer, t.error,"
    " t.rating, t.created_at FROM turns t JOIN conversations c ON c.number = t.conversation"
)


def begin(db: sqlite3.Connection, owner: str, title: str, at: datetime) -> int:
    """Begin a conversation and return its number."""
    number = db.execute(
        "INSERT INTO conversations (id, owner, title, created_at, updated_at)"
        " VALUES (?, ?, ?, ?, ?)",
        (new_id(), owner, title, text_of(at), text_of(at)),
    ).lastrowid
    assert number is not None  # noqa: S101 - a row was inserted
    words.put_title(db, number, title)
    return number


def number_of(db: sqlite3.Connection, owner: str, conversation_id: str) -> int:
    """Return the number of an owner's conversation.

    Raises:
        ConversationMissingError: the owner has no such conversation.
    """
    found = db.execute(
        "SELECT number FROM conversations WHERE id = ? AND owner = ?",
        (key(conversation_id), owner),
    ).fetchone()
    if not found:
        raise missing()
    return int(found["number"])


def missing() -> ConversationMissingError:
    """Return the error for a conversation that an owner has not, or a turn of it."""
    return ConversationMissingError("there is no such conversation; it may have been deleted")


def count_turns(db: sqlite3.Connection, number: int) -> int:
    """Return how many turns a conversation has."""
    found = db.execute("SELECT count(*) FROM turns WHERE conversation = ?", (number,))
    return int(found.fetchone()[0])


def add_turn(
    db: sqlite3.Connection,
    number: int,
    *,
    asked: str,
    question: str,
    answer: Answer | None,
    error: str | None,
    filters: Filters,
    at: datetime,
) -> Turn:
    """Add a turn to a conversation, which becomes the newest."""
    row = db.execute(
        "INSERT INTO turns (conversation, id, asked, question, filters, answer, error, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            number,
            new_id(),
            asked,
            question,
            filters.model_dump_json(),
            None if answer is None else answer.model_dump_json(),
            error,
            text_of(at),
        ),
    ).lastrowid
    words.add_turn(db, number, row, (asked, question), answer)
    db.execute("UPDATE conversations SET updated_at = ? WHERE number = ?", (text_of(at), number))
    return _turn(db.execute(f"{_TURNS} WHERE t.number = ?", (row,)).fetchone())


def newest(
    db: sqlite3.Connection, owner: str, queries: list[str], offset: int, limit: int
) -> tuple[ConversationSummary, ...]:
    """Return an owner's conversations that match all queries, the newest first."""
    condition = "".join(f" AND number IN ({words.FOUND})" for _ in queries)
    order = "ORDER BY updated_at DESC, number DESC LIMIT ? OFFSET ?"
    found = db.execute(
        f"{_SUMMARIES} WHERE owner = ?{condition} {order}", (owner, *queries, limit, offset)
    )
    return tuple(ConversationSummary(**row) for row in found)


def whole(db: sqlite3.Connection, number: int) -> Conversation:
    """Return a conversation with its turns in order."""
    summary = db.execute(f"{_SUMMARIES} WHERE number = ?", (number,)).fetchone()
    found = db.execute(f"{_TURNS} WHERE t.conversation = ? ORDER BY t.number", (number,))
    return Conversation(**summary, turns=tuple(map(_turn, found)))


def one_turn(db: sqlite3.Connection, owner: str, turn_id: str) -> Turn | None:
    """Return an owner's turn, None if there is no such turn."""
    condition = "WHERE t.id = ? AND c.owner = ?"
    row = db.execute(f"{_TURNS} {condition}", (key(turn_id), owner)).fetchone()
    return None if row is None else _turn(row)


def rated(db: sqlite3.Connection) -> tuple[Turn, ...]:
    """Return the rated turns of all owners, in the order in which they were asked."""
    return tuple(map(_turn, db.execute(f"{_TURNS} WHERE t.rating != 0 ORDER BY t.number")))


def _turn(row: sqlite3.Row) -> Turn:
    """Return a row as a turn; an answer of another version that cannot be read is an error."""
    fields = dict(row)
    fields["filters"] = Filters.model_validate_json(fields["filters"])
    if fields["answer"] is not None:
        try:
            fields["answer"] = Answer.model_validate_json(fields["answer"])
        except ValidationError:
            fields |= {"answer": None, "error": _UNREADABLE}
    return Turn(**fields)


def new_id() -> str:
    """Return an id that nobody can guess."""
    return secrets.token_urlsafe(16)


def bounded(text: str) -> str:
    """Return text that can be stored; line ends and tabs are kept."""
    return mend(text[:MAX_ASKED_CHARS])


def key(text: str) -> str:
    """Return an id as it can be looked for, whatever a program sends."""
    return mend(text[:100])


def text_of(at: datetime) -> str:
    """Return a time as it is stored: UTC, and in order as text."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
