"""What a conversation remembers of an earlier question and its answer."""

from dataclasses import dataclass

from qa.clause import Clause, parse
from qa.models import Answer


@dataclass(frozen=True, slots=True)
class PastTurn:
    """One earlier exchange.

    Args:
        question: As it was understood, written out in full.
        answers: Short answers, or quotes where there is none, best first; empty when not answered.
        quotes: The quotes.
        titles: Titles of the documents cited, each once.
        documents: SHA-256 of the texts cited, or else of the nearest ones.
    """

    question: str
    answers: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()

    @classmethod
    def of(cls, answer: Answer) -> "PastTurn":
        """Keep of an answer what a later question can lean on."""
        found = [c.text for c in answer.candidates] or [
            citation.answer.text if citation.answer else citation.quote
            for citation in answer.citations
        ]
        return cls(
            question=answer.question,
            answers=tuple(found) if answer.answered else (),
            quotes=tuple(citation.quote for citation in answer.citations),
            titles=tuple(dict.fromkeys(c.document.title for c in answer.citations)),
            documents=tuple(
                dict.fromkeys(c.document.sha256 for c in answer.citations or answer.nearest)
            ),
        )

    def clause(self) -> Clause:
        """Return the question, cut into its parts."""
        return parse(self.question)
