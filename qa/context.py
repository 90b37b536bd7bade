"""What a conversation adds to a question when passages are looked for."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa.past import PastTurn

_QUESTIONS = 2  # before the one that is asked


@dataclass(frozen=True, slots=True)
class Context:
    """What was spoken of when a question was asked.

    Attributes:
        words: The last questions and this one as it was typed, in one line: searched for besides
            the question as it was understood.
        documents: SHA-256 of the texts that the last answer showed; their passages come first
            among equals.
    """

    words: str
    documents: frozenset[str]

    @classmethod
    def of(cls, asked: str, turns: Sequence[PastTurn]) -> "Context | None":
        """Return the context of a question as typed, None where nothing was asked before.

        Args:
            asked: The question as typed.
            turns: The conversation before, earlier first.
        """
        if not turns:
            return None
        before = [turn.question for turn in turns[-_QUESTIONS:]]
        return cls(" ".join([*before, asked]), frozenset(turns[-1].documents))
