"""What has become of pinned answers, as text for people at a terminal."""

import json
from collections.abc import Sequence

from qa.pin import PinCheck
from qa.verification import State
from ui.show import printable
from ui.show_checks import brief, counted, differing, indented, quote


def line(checks: Sequence[PinCheck]) -> str:
    """Return how many pins are in each state, with the way to see more where one is not well."""
    told = f"pins: {counted(check.state for check in checks)}"
    well = all(check.state.holds for check in checks)
    return told if well else f"{told}; see: pinpoint pins"


def lost(checks: Sequence[PinCheck]) -> str:
    """Return in a line which answers have lost quotes; empty where none has."""
    told = [f"{check.state}: {check.question}" for check in checks if not check.state.holds]
    return printable(" ".join(f"pins: {'; '.join(told)}".split())) if told else ""


def pins(checks: Sequence[PinCheck]) -> str:
    """Return what has become of each pin, and a line that counts."""
    if not checks:
        return "no question is pinned; pin one with: pinpoint pin QUESTION"
    lines = [part for check in checks for part in _pin(check)]
    return printable("\n".join([*lines, counted(check.state for check in checks)]))


def to_json(checks: Sequence[PinCheck]) -> str:
    """Return one JSON object with all pins."""
    return json.dumps({"pins": [check.model_dump(mode="json") for check in checks]})


def _pin(check: PinCheck) -> list[str]:
    lines = [f"{check.state:<10} {check.id}  {check.question}"]
    if check.state is State.UNCHANGED:
        return lines
    told = brief if check.answer is not None else quote
    lines += [indented(differing(change)) for change in check.changes]
    lines += [indented(answer) for answer in _none(check)]
    lines += [indented(told(each)) for each in check.quotes if each.state is not State.UNCHANGED]
    return [*lines, ""]


def _none(check: PinCheck) -> list[str]:
    """Return which of the two answers was, or is, that the documents have none."""
    was = [] if check.kept.answered else ["was: Not in your documents."]
    gone = check.answer is not None and not check.answer.answered
    return [*was, *(["now: Not in your documents."] if gone else [])]
