"""Whether the first quote of an answer is right, as far as what is known of a question tells."""

from dataclasses import dataclass
from typing import Protocol

from qa.evaluation.gold import UNKNOWN, Gold
from qa.evaluation.measures import holds
from qa.models import Answer, Citation


class Judge(Protocol):
    """What is known of a question."""

    @property
    def answers(self) -> tuple[str, ...]:
        """Short answers that tell a right quote in any document; none where none are known."""

    @property
    def documents(self) -> frozenset[str]:
        """SHA-256 of the texts that are known to answer."""

    def __call__(self, answer: Answer) -> bool | None:
        """Tell whether an answer's first quote is right; None where that cannot be told."""


def first_quote(answer: Answer) -> Citation | None:
    """Return the first quote of an answer, None if nothing was answered."""
    return answer.citations[0] if answer.citations else None


@dataclass(frozen=True)
class Unanswered:
    """The documents do not say: every quote is wrong."""

    answers: tuple[str, ...] = ()
    documents: frozenset[str] = frozenset()

    def __call__(self, answer: Answer) -> bool:  # noqa: ARG002 - as the protocol
        """Return False."""
        return False


@dataclass(frozen=True)
class Known:
    """Gold answers: a quote is right that holds one, or touches a place where one stands."""

    answers: tuple[str, ...]
    gold: Gold = UNKNOWN

    @property
    def documents(self) -> frozenset[str]:
        """SHA-256 of the texts that are known to answer."""
        return self.gold.documents

    def __call__(self, answer: Answer) -> bool:
        """Tell whether the first quote is right."""
        first = first_quote(answer)
        if first is None:
            return False
        places = self.gold.spans.get(first.document.sha256, ())
        touched = any(first.start < end and start < first.end for start, end in places)
        return touched or holds(first.quote, self.answers)


@dataclass(frozen=True)
class Pinned:
    """A pinned answer: the first quote is right if it is one of the pinned ones."""

    quotes: frozenset[str]
    answers: tuple[str, ...] = ()
    documents: frozenset[str] = frozenset()

    def __call__(self, answer: Answer) -> bool:
        """Tell whether the first quote is right."""
        first = first_quote(answer)
        return first is not None and first.quote in self.quotes


@dataclass(frozen=True)
class Rated:
    """A rated answer, which says something of its own first quote alone."""

    quote: str
    good: bool
    answers: tuple[str, ...] = ()
    documents: frozenset[str] = frozenset()

    def __call__(self, answer: Answer) -> bool | None:
        """Return the rating where the first quote is the rated one."""
        first = first_quote(answer)
        return self.good if first is not None and first.quote == self.quote else None
