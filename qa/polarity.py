"""What a sentence denies: "not", "never", "without", and how far each reaches."""

import re
from collections.abc import Iterator
from itertools import takewhile

from qa.terms import all_stems, is_content, stem

_WORD = re.compile(r"\w+(?:['’]\w+)?|[;:()]|\.(?=\s)")
_DENIES = frozenset(
    """
    not no never none neither nor cannot without nobody nothing unable hardly
    """.split()  # noqa: SIM905
)
_FAILS = frozenset({"fail", "fails", "failed"})  # to do something
_OBJECTS = frozenset({"nothing", "nobody", "none"})
_ENDS = frozenset(
    """
    but so because unless although though while whereas if until except since when where which who
    that before after then as instead ; : ( ) .
    """.split()  # noqa: SIM905
)
_REACH = 8  # content words
_BOUNDS = frozenset({"more", "less", "fewer", "longer", "later", "earlier", "larger", "only"})
_ANY = frozenset({"every", "any", "each", "anything", "anyone", "everything", "everyone", "one"})


def denied(text: str) -> frozenset[str]:
    """Return the stems of the content words that a text denies; empty if it denies nothing.

    A denial reaches to the end of its clause, over a list too: "never changes, moves or deletes
    your documents" denies all three. "not only" denies nothing.
    """
    found: set[str] = set()
    for after in _denials(text):
        told = [stem(word) for word in after if is_content(word) and word.lower() not in _ANY]
        found.update(told[:_REACH])
    return frozenset(found)


def denies(text: str) -> bool:
    """Tell whether a text denies anything."""
    return any(True for _ in _denials(text))


def _denials(text: str) -> Iterator[list[str]]:
    """Yield the words that each denial reaches.

    "It writes nothing" denies the word before as well.
    """
    found = [match[0] for match in _WORD.finditer(text)]
    for place, word in enumerate(found):
        low = word.lower().replace("’", "'")
        behind = [word.lower() for word in found[place + 1 : place + 3]]
        bound = behind[:1] == ["only"] or (
            behind[:1] != [] and behind[0] in _BOUNDS and behind[1:] == ["than"]
        )
        fails = low in _FAILS and behind[:1] == ["to"]
        if (low in _DENIES or low.endswith("n't") or fails) and not bound:
            before = found[max(place - 1, 0) : place] if low in _OBJECTS else []
            yield before + list(takewhile(lambda w: w.lower() not in _ENDS, found[place + 1 :]))


_SIDES = [
    pair
    for one, other in (("before", "after"), ("above", "below"), ("over", "under"), ("more", "less"))
    for pair in ((one, other), (other, one))
]
_MAYBE = frozenset(
    """
    could might may perhaps possibly probably likely allegedly reportedly almost nearly
    """.split()  # noqa: SIM905
)
_WISH = frozenset(
    """
    fear fears feared hope hopes hoped hoping plans planned intends suspect suspects suspected
    """.split()  # noqa: SIM905
)
_COMMA = re.compile(r",(?!\s+(?:or|and)\b)")
_OPEN_WORDS, _WISHED_WORDS = 1, 3  # content words behind that are said to be open
_IF = frozenset("if whether when where unless once as with after while".split())  # noqa: SIM905
_LEAST_SUPPOSED = 2
_CAN = frozenset({"can", "cannot", "should", "must", "possible", "allowed", "forbidden"})
_ALL = frozenset(
    {"all", "every", "each", "any", "always", "everything", "everyone", "everybody", "whole"}
)


def says_as_much(claim: str, quote: str) -> bool:
    """Tell whether a quote speaks of all, or of nothing else, where a claim does.

    What a quote says may, could or is feared to be is not said to be so.
    """
    mine, theirs = _low(claim), _low(quote)
    if leaves_open(claim, quote):
        return False
    if mine & _ALL and not theirs & _ALL:
        return False
    if any(one in mine and other in theirs and one not in theirs for one, other in _SIDES):
        return False
    return "only" not in mine or "only" in theirs or bool(theirs & _DENIES)


def leaves_open(claim: str, quote: str) -> bool:
    """Tell whether a quote says only that what is claimed may be, is feared, or is a condition."""
    mine, said = _low(claim), all_stems(claim)
    if not mine & (_MAYBE | _WISH | _CAN) and not said.isdisjoint(_open_words(quote)):
        return True
    return not mine & _IF and len(said & _supposed(quote)) >= _LEAST_SUPPOSED


def _supposed(text: str) -> set[str]:
    """Return the stems of content words that stand behind "if" and nowhere else."""
    inside: set[str] = set()
    outside: set[str] = set()
    into = outside
    for match in _WORD.finditer(_COMMA.sub(";", text)):
        word = match[0].lower()
        into = inside if word in {"if", "whether"} else outside if word == ";" else into
        if is_content(match[0]):
            into.add(stem(match[0]))
    return inside - outside


def _open_words(text: str) -> set[str]:
    """Return the stems of the words right behind "could", "hopes" and the like."""
    found = [match[0] for match in _WORD.finditer(text)]
    return {
        stem(word)
        for place, hedge in enumerate(found)
        if hedge.lower() in _MAYBE | _WISH
        for word in list(filter(is_content, found[place + 1 :]))[: _reach(hedge)]
    }


def _reach(hedge: str) -> int:
    return _WISHED_WORDS if hedge.lower() in _WISH else _OPEN_WORDS


def _low(text: str) -> set[str]:
    return {match[0].lower() for match in _WORD.finditer(text)}
