"""Conversations kept in the home, each seen by its owner alone."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from index.errors import InputError
from qa import conversation_rows as rows
from qa import conversation_words as words
from qa.conversation import (
    Conversation,
    ConversationSummary,
    Filters,
    Turn,
    checked_title,
    title_of,
)
from qa.conversation_database import exists, reading, writing
from qa.models import Answer

MAX_TURNS = 500
"""Most turns of a conversation."""
RATINGS = (-1, 0, 1)


class Conversations:
    """The conversations in a home; safe to use from several threads and processes.

    An owner is any text that stands for a person. What belongs to another owner is treated as what
    is not there. Reading makes no file. Every method raises PinpointError where the file cannot be
    read or written.

    Args:
        home: Folder of the index, which is not needed.
        now: The time, in UTC.
    """

    def __init__(self, home: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.home = home
        self._now = now

    def add_turn(
        self,
        owner: str,
        conversation_id: str | None,
        *,
        asked: str,
        question: str | None = None,
        answer: Answer | None = None,
        error: str | None = None,
        filters: Filters | None = None,
    ) -> Turn:
        """Keep a question with its answer or error, and return it as it is kept.

        Args:
            owner: Whose it is.
            conversation_id: None begins a conversation that has the question as its title.
            asked: The question as typed.
            question: As it was understood; None where that is the same.
            answer: What came of it, or
            error: why nothing did, in words.
            filters: What its documents were narrowed to.

        Raises:
            ConversationMissingError: the owner has no such conversation.
            InputError: neither or both of answer and error are given, the question is blank, or the
                conversation has `MAX_TURNS` turns.
        """
        if (answer is None) == (error is None):
            raise InputError("a turn has either an answer or an error; give one of them")
        typed = rows.bounded(asked)
        if not typed.strip():
            raise InputError("the question is blank; only what was asked is kept")
        understood = typed if question is None else rows.bounded(question)
        told = None if error is None else rows.bounded(error)
        narrowed, at = filters or Filters(), self._now()
        with self._changing(begins=conversation_id is None) as db:
            if conversation_id is None:
                number = rows.begin(db, owner, title_of(typed), at)
            else:
                number = rows.number_of(db, owner, conversation_id)
                _check_room(db, number)
            return rows.add_turn(
                db,
                number,
                asked=typed,
                question=understood,
                answer=answer,
                error=told,
                filters=narrowed,
                at=at,
            )

    def list(
        self, owner: str, search: str = "", *, offset: int = 0, limit: int = 50
    ) -> tuple[ConversationSummary, ...]:
        """Return an owner's conversations, that of the newest turn first.

        Args:
            owner: Whose.
            search: Words, each of which begins a word of the title, a question or a quote.
            offset: How many to pass over.
            limit: How many to return at most.

        Raises:
            InputError: offset or limit is below 0.
        """
        if offset < 0 or limit < 0:
            raise InputError("offset and limit of a list of conversations must not be below 0")
        wanted = words.queries(search)
        with reading(self.home) as db:
            if db is None or (search.strip() and not wanted):
                return ()
            return rows.newest(db, owner, wanted, offset, limit)

    def get(self, owner: str, conversation_id: str) -> Conversation:
        """Return a conversation with all its turns.

        Raises:
            ConversationMissingError: the owner has no such conversation.
        """
        with reading(self.home) as db:
            if db is None:
                raise rows.missing()
            return rows.whole(db, rows.number_of(db, owner, conversation_id))

    def turn(self, owner: str, turn_id: str) -> Turn:
        """Return one turn of an owner's.

        Raises:
            ConversationMissingError: the owner has no such turn.
        """
        with reading(self.home) as db:
            found = None if db is None else rows.one_turn(db, owner, turn_id)
        if found is None:
            raise rows.missing()
        return found

    def rename(self, owner: str, conversation_id: str, title: str) -> str:
        """Give a conversation another title; its place in the list stays. Return the title as kept.

        Raises:
            ConversationMissingError: the owner has no such conversation.
            InputError: the title is empty or longer than `MAX_TITLE_CHARS`.
        """
        kept = checked_title(title)
        with self._changing() as db:
            number = rows.number_of(db, owner, conversation_id)
            db.execute("UPDATE conversations SET title = ? WHERE number = ?", (kept, number))
            words.put_title(db, number, kept)
        return kept

    def delete(self, owner: str, conversation_id: str) -> None:
        """Delete a conversation with its turns; nothing of it is left in the file.

        Raises:
            ConversationMissingError: the owner has no such conversation.
        """
        with self._changing() as db:
            number = rows.number_of(db, owner, conversation_id)
            words.remove(db, number)
            db.execute("DELETE FROM conversations WHERE number = ?", (number,))

    def rate(self, owner: str, turn_id: str, rating: int) -> None:
        """Say of a turn's answer that it is good (1) or bad (-1), or take that back (0).

        Raises:
            ConversationMissingError: the owner has no such turn.
            InputError: another rating than these.
        """
        if rating not in RATINGS:
            raise InputError(f"the rating {rating!r} is none; give -1, 0 or 1")
        with self._changing() as db:
            changed = db.execute(
                "UPDATE turns SET rating = ? WHERE id = ? AND conversation IN"
                " (SELECT number FROM conversations WHERE owner = ?)",
                (int(rating), rows.key(turn_id), owner),
            ).rowcount
            if not changed:
                raise rows.missing()

    def rated(self) -> tuple[Turn, ...]:
        """Return the turns that anybody has rated, in the order in which they were asked.

        They are for `qa.calibration`, which tells no owner of another's.
        """
        with reading(self.home) as db:
            return () if db is None else rows.rated(db)

    @contextmanager
    def _changing(self, *, begins: bool = False) -> Iterator[sqlite3.Connection]:
        """Yield a connection for a change; only what begins a conversation makes the file."""
        if not begins and not exists(self.home):
            raise rows.missing()
        with writing(self.home) as db:
            yield db


def _check_room(db: sqlite3.Connection, number: int) -> None:
    count = rows.count_turns(db, number)
    if count >= MAX_TURNS:
        raise InputError(f"this conversation has {count} questions, the most it can; begin another")
