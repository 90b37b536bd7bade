"""Checked sentences as the HTML of the page."""

from qa.claim_models import CheckedClaim
from ui.show import unsaid
from ui.show_claims import SIGNS, WORDS, why
from ui.templating import render
from ui.turn import places, source_url


def claim(found: CheckedClaim, quotes_before: int) -> str:
    """Return a sentence with its verdict, its quotes and why.

    Args:
        found: The sentence.
        quotes_before: How many quotes the sentences before it have; numbers go on from there.
    """
    quotes = (*found.citations, *found.nearest)
    return render(
        "claim.html",
        claim=found,
        sign=SIGNS[found.verdict],
        word=WORDS[found.verdict],
        why="" if found.verdict == "no_claim" else why(found.reasons),
        numbered=list(enumerate(quotes, quotes_before + 1)),
        source_url=source_url,
        places=places,
        unsaid=unsaid,
    )
