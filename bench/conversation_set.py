"""Conversations about this project's own documents: `bench/conversations.jsonl`.

They were written by hand from the documents, without sight of how a follow-up is resolved. `dev` is
there to look at; `test` only to be scored. Each turn has the question as typed in the conversation
(`asked`), the same written out by a person (`full`), and the words of a document that answer it.
"""

import json
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
CONVERSATIONS = Path(__file__).with_name("conversations.jsonl")
SPLITS = ("dev", "test")

KINDS = {
    "first": "opens the conversation",
    "topic_change": "a whole question about something else",
    "pronoun": "it, they, he, which ones",
    "demonstrative": "this, that setting",
    "ellipsis": "what about X, and if Y",
    "bare": "a question word, with next to nothing else",
    "bridging": "the default, the score: of what was spoken of",
    "answer": "asks on about what the answer before named",
    "earlier": "goes back to what was asked before the topic changed",
}
"""What each kind of turn is; all but the first two are follow-ups."""


@dataclass(frozen=True)
class Turn:
    """One question of a conversation, and the words of a document that answer it.

    Args:
        asked: As it is typed in the conversation.
        full: Written out, so that it can be understood alone; `asked` if that can be already.
        document: Path from the project's folder.
        answer: The words, exactly as they stand in the document.
        follow_up: Whether it needs the turns before it.
        kind: One of `KINDS`.
        occurrence: Which of the places with these words is meant, counted from 1.
    """

    asked: str
    full: str
    document: str
    answer: str
    follow_up: bool
    kind: str
    occurrence: int = 1

    def span(self, text: str) -> tuple[int, int]:
        """Return where the answer stands in the document's text, `[start, end)` in characters.

        Raises:
            ValueError: the text does not hold the answer so many times.
        """
        start = -1
        for _ in range(self.occurrence):
            start = text.index(self.answer, start + 1)
        return start, start + len(self.answer)


@dataclass(frozen=True)
class Conversation:
    """Two to four turns."""

    id: str
    split: str
    turns: tuple[Turn, ...]


def read_conversations(file: Path = CONVERSATIONS) -> list[Conversation]:
    """Return the file's conversations in order; unknown fields raise TypeError."""
    rows = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return [
        Conversation(row["id"], row["split"], tuple(Turn(**turn) for turn in row["turns"]))
        for row in rows
    ]


def documents() -> list[Path]:
    """Return the documents that the conversations are about, by path."""
    handbook = [*ROOT.glob("seeds/handbook/*.md"), ROOT / "seeds" / "briefing-2023-11-30.md"]
    return sorted(
        [*handbook, *ROOT.glob("docs/*.md"), ROOT / "CONTRIBUTING.md", ROOT / "README.md"]
    )
