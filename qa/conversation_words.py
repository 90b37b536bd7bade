"""The words by which conversations are found: titles, questions and quotes."""

import sqlite3
from collections.abc import Sequence

from index.formats.text import mend
from qa.models import Answer

MAX_WORDS = 20
"""Most words of a search; those beyond are passed over."""

FOUND = "SELECT conversation FROM words WHERE words MATCH ?"
"""The numbers of the conversations that hold what a query looks for."""


def queries(search: str) -> list[str]:
    """Return an FTS5 query for each word; what follows the word's beginning does not matter.

    Every word is quoted, so nothing a person types is read as query syntax.
    """
    typed = mend(search).split()
    known = [word for word in typed if any(character.isalnum() for character in word)]
    return ['"{}"*'.format(word.replace('"', '""')) for word in known[:MAX_WORDS]]


def put_title(db: sqlite3.Connection, conversation: int, title: str) -> None:
    """Make a title's words those of a conversation; an earlier title's are no more found."""
    db.execute("DELETE FROM words WHERE rowid = ?", (-conversation,))
    _add(db, -conversation, title, conversation)


def add_turn(
    db: sqlite3.Connection,
    conversation: int,
    turn: int | None,
    questions: Sequence[str],
    answer: Answer | None,
) -> None:
    """Add the words of a turn: its question, as typed and as understood, and its quotes."""
    quotes = [citation.quote for citation in answer.citations] if answer else []
    _add(db, turn, "\n".join(dict.fromkeys([*questions, *quotes])), conversation)


def remove(db: sqlite3.Connection, conversation: int) -> None:
    """Take out all words of a conversation, whose turns are still there."""
    db.execute(
        "DELETE FROM words WHERE rowid = ?"
        " OR rowid IN (SELECT number FROM turns WHERE conversation = ?)",
        (-conversation, conversation),
    )
    # Else the words stay in the file until SQLite happens to merge what they are in.
    db.execute("INSERT INTO words (words) VALUES ('optimize')")


def _add(db: sqlite3.Connection, rowid: int | None, body: str, conversation: int) -> None:
    db.execute(
        "INSERT INTO words (rowid, body, conversation) VALUES (?, ?, ?)",
        (rowid, body, conversation),
    )
