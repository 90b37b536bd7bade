"""A checked text for people at a terminal."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from qa.claim_models import CheckedClaim, ClaimsReport, Reasons
from qa.models import Citation
from ui.show import printable, source, unread

SIGNS = {"supported": "✓", "contradicted": "✗", "unsupported": "?", "no_claim": "·"}
WORDS = {
    "supported": "supported",
    "contradicted": "contradicted",
    "unsupported": "no support",
    "no_claim": "no claim",
}
_COLOURS = {"supported": "green", "contradicted": "red", "unsupported": "yellow"}


def claims(result: ClaimsReport, console: Console | None = None) -> None:
    """Print each sentence with its verdict, the quote that says so and why; a count in the end.

    Args:
        result: What was found.
        console: Where to; colours are used only where it is a terminal. None means stdout.
    """
    console = console or Console(highlight=False)
    for claim in result.claims:
        sign = Text(
            f"{SIGNS[claim.verdict]} {WORDS[claim.verdict]}", _COLOURS.get(claim.verdict, "dim")
        )
        console.print(sign.append(f": {_one_line(claim.text)}", "not dim default"), soft_wrap=True)
        for line in _below(claim):
            console.print(Text(f"    {line}"), soft_wrap=True)
        console.print()
    console.print(Text(counted(result.claims)), soft_wrap=True)
    told = unread(result.index)
    if told:
        console.print(Text(f"{told}; see: pinpoint status"), soft_wrap=True)


def counted(found: Sequence[CheckedClaim]) -> str:
    """Return how many sentences have each verdict, in one line."""
    counts = Counter[str](one.verdict for one in found)
    return ", ".join(f"{counts[verdict]} {word}" for verdict, word in WORDS.items())


def why(reasons: Reasons | None) -> str:
    """Return in words why a claim is not simply supported; "" where there is nothing to say."""
    if reasons is None:
        return "nothing like it was found"
    said = [f"{pair.quote} in the document, {pair.claim} in the text" for pair in reasons.differ]
    said += ["one denies what the other says"] if reasons.denied else []
    lacking = [*reasons.absent, *reasons.missing]
    said += [f"not found: {', '.join(lacking)}"] if lacking else []
    return "; ".join(said)


def _below(claim: CheckedClaim) -> list[str]:
    if claim.verdict == "no_claim":
        return []
    lines = [f"read as: {_one_line(claim.understood)}"] if claim.understood else []
    told = why(claim.reasons)
    lines += [printable(told)] if told else []
    lines += ["nearest:"] if claim.nearest else []
    for number, citation in enumerate((*claim.citations, *claim.nearest), 1):
        lines += _quoted(number, citation)
    return lines


def _quoted(number: int, citation: Citation) -> list[str]:
    return [*f"“{printable(citation.quote)}”".split("\n"), *source(number, citation).split("\n")]


def _one_line(text: str) -> str:
    return printable(" ".join(text.split()))
