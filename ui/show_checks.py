"""What became of quotes, as text for people at a terminal."""

from collections import Counter
from collections.abc import Iterable
from textwrap import indent

from qa.verification import Place, QuoteCheck, State, Verification
from qa.words import DiffPart
from ui.show import located_at, printable

_MARKS = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}


def verification(result: Verification) -> str:
    """Return the question, what became of each quote, and a line that counts."""
    lines = [f"{result.asked}  (answered {result.created_at:%Y-%m-%d %H:%M} UTC)"]
    if result.question != result.asked:
        lines.append(f"understood as: {result.question}")
    for check in result.quotes:
        lines += ["", quote(check)]
    verdict = counted(check.state for check in result.quotes)
    if not result.quotes:
        verdict = "the answer was: not in your documents; there is no quote to check"
    return printable("\n".join([*lines, "", verdict]))


def quote(check: QuoteCheck) -> str:
    """Return a quote with its state, the words that differ, and its place."""
    lines = [f"[{check.number}] {check.state}", indented(differing(check.diff) or check.quote)]
    was = f"{check.path}:{check.start}-{check.end}"
    place = None if check.place is None else standing(check.place)
    lines.append(indented(place if place is not None else f"was {was}"))
    if place is not None and check.place and _place(check.place) != was:
        lines.append(indented(f"was {was}"))
    return "\n".join([*lines, *(indented(f"({note})") for note in check.notes)])


def brief(check: QuoteCheck) -> str:
    """Return a quote's number and state and where it stands now, or why it does not, in a line."""
    said = "; ".join(check.notes) if check.place is None else standing(check.place)
    return f"[{check.number}] {check.state}: {said}"


def differing(parts: Iterable[DiffPart]) -> str:
    """Return a diff in one text: `[-removed-]` and `{+added+}`; empty where nothing differs."""
    return "".join(_MARKS[part.kind].format(part.text) for part in parts)


def counted(states: Iterable[State]) -> str:
    """Return how many are in each state, those that there are."""
    counts = Counter(states)
    return ", ".join(f"{counts[state]} {state}" for state in State if counts[state])


def standing(place: Place) -> str:
    """Return a place with the names that a person would look for."""
    named = ", ".join([*place.heading, *located_at(place.locations)])
    return f"{_place(place)}{f' ({named})' if named else ''}"


def _place(place: Place) -> str:
    return f"{place.path}:{place.start}-{place.end}"


def indented(text: str) -> str:
    """Return a text further to the right."""
    return indent(text, "    ")
