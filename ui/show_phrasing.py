"""What a model made of an answer, for people at a terminal."""

from collections import Counter

from qa.phrase_models import Phrasing
from ui.show import printable

NONE_KEPT = "The quotes support nothing that it wrote, so none of it is shown as an answer."


def phrasing(result: Phrasing) -> str:
    """Return the sentences that were kept under who wrote them, then those dropped, and why."""
    if result.failure is not None:
        return printable(f"No model phrased it: {result.failure}")
    lines = [heading(result), "", result.text or NONE_KEPT]
    if result.dropped:
        lines += ["", "Dropped:"]
        lines += [f"    “{text}”{times}: {reason}" for text, reason, times in dropped(result)]
    return printable("\n".join(lines))


def dropped(result: Phrasing) -> list[tuple[str, str, str]]:
    """Return each different sentence that was dropped with the reason, and how often, if so."""
    counts = Counter((each.text, each.reason) for each in result.dropped)
    return [(*each, f" ({count} times)" if count > 1 else "") for each, count in counts.items()]


def heading(result: Phrasing) -> str:
    """Return who wrote it, from what, and how much of it was dropped."""
    count = len(result.dropped)
    dropped = "1 sentence dropped" if count == 1 else f"{count} sentences dropped"
    return f"Written by {result.model} at {result.host} from these quotes and checked; {dropped}"
