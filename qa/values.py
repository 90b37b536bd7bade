"""What a quote gives as its answer, in a form in which two answers can contradict each other."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from qa.amounts import amounts, durations
from qa.dates import dates
from qa.kind import QuestionKind
from qa.terms import is_content, words


class Value(Protocol):
    """A date, an amount or a name."""

    def contradicts(self, other: object) -> bool:
        """Tell whether both cannot be right of the same thing; False where that is open."""


_Within = tuple[int, int] | None
_TITLES = frozenset(
    """
    mr mrs ms miss dr prof professor sir dame lord lady president minister king queen prince
    princess general colonel captain ambassador senator governor judge the a an of and in at on by
    from near
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Name:
    """The words of a name in lower case, without titles."""

    parts: frozenset[str]

    def contradicts(self, other: object) -> bool:
        """Tell whether another name has no word in common: `Nasr` is `Vali Nasr`."""
        return isinstance(other, Name) and self.parts.isdisjoint(other.parts)


def names(text: str, within: _Within = None) -> list[Name]:
    """Return the one name that a few words are; nothing where they are more than a name."""
    if within is None:
        return []
    found = words(text[slice(*within)])
    named = {word.lower() for word in found if word[0].isupper() and word.lower() not in _TITLES}
    plain = [word for word in found if word[0].islower() and word not in _TITLES]
    return [Name(frozenset(named))] if named and not plain else []


def places(text: str, within: _Within = None) -> list[Name]:
    """Return the one place that a few words are: its name, or else what it is called."""
    if within is None:
        return []
    found = words(text[slice(*within)])
    return names(text, within) or [Name(frozenset(w.lower() for w in found if is_content(w)))]


_READERS: Mapping[QuestionKind, Callable[[str, _Within], Sequence[Value]]] = {
    QuestionKind.WHO: names,
    QuestionKind.WHERE: places,
    QuestionKind.WHEN: dates,
    QuestionKind.HOW_MANY: amounts,
    QuestionKind.HOW_MUCH: amounts,
    QuestionKind.HOW_LONG: durations,
}


def value_of(kind: QuestionKind, quote: str, within: _Within = None) -> Value | None:
    """Return the one value that a quote gives to a question of this kind.

    Args:
        kind: Of the question.
        quote: A sentence or more.
        within: Where the short answer stands in the quote; None looks at all of it.

    None where the quote gives none or several, and for kinds that ask for something else.
    """
    read = _READERS.get(kind)
    found = list(dict.fromkeys(read(quote, within))) if read else []
    return found[0] if len(found) == 1 else None
