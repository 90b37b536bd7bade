"""Whether the first quote of an answer is right, as far as what is known of a question tells."""

from dataclasses import dataclass
from typing import Protocol

from qa.models import Answer, Citation
from qa.squad import normalise


class Judge(Protocol):
    """What is known of a question."""

    @property
    def answers(self) -> tuple[str, ...]:
        """Short answers by which a right quote is known in any document; none if there are none."""

    def __call__(self, answer: Answer) -> bool | None:
        """Tell whether an answer's first quote is right; None where that cannot be told."""


def first_quote(answer: Answer) -> Citation | None:
    """Return the first quote of an answer, None if nothing was answered."""
    return answer.citations[0] if answer.citations else None


def holds(text: str, answers: tuple[str, ...]) -> bool:
    """Tell whether one of these answers stands in a text, in whole words normalised as by SQuAD."""
    words = f" {normalise(text)} "
    return any(f" {wanted} " in words for answer in answers if (wanted := normalise(answer)))


@dataclass(frozen=True)
class Unanswered:
    """The documents do not say: every quote is wrong."""

    answers: tuple[str, ...] = ()

    def __call__(self, answer: Answer) -> bool:  # noqa: ARG002 - as the protocol
        """Return False."""
        return False


@dataclass(frozen=True)
class Gold:
    """Known answers, in words.

    A quote is right that holds one of them, or, where `spans` are known, that shares a character
    with one in the document named so.
    """

    answers: tuple[str, ...]
    document: str | None = None
    spans: tuple[tuple[int, int], ...] = ()

    def __call__(self, answer: Answer) -> bool:
        """Tell whether the first quote is right."""
        first = first_quote(answer)
        if first is None:
            return False
        if self.document is not None and self.spans:
            named = self.document in {first.document.path, first.document.sha256}
            if named and any(a < first.end and first.start < b for a, b in self.spans):
                return True
        return holds(first.quote, self.answers)


@dataclass(frozen=True)
class Pinned:
    """A pinned answer: the first quote is right if it is one of the pinned ones."""

    quotes: frozenset[str]
    answers: tuple[str, ...] = ()

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

    def __call__(self, answer: Answer) -> bool | None:
        """Return the rating where the first quote is the rated one."""
        first = first_quote(answer)
        return self.good if first is not None and first.quote == self.quote else None
