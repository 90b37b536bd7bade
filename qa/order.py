"""Whether two sentences with the same words say who does what to whom the same way round."""

import re

from qa.claim_terms import content, normal
from qa.terms import words
from qa.verbs import is_noun_too, lemma

_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being)\b[^.;]{0,40}\bby\b", re.IGNORECASE)


def turned_round(claim: str, quote: str) -> bool:
    """Tell whether what stands before a verb in a claim stands behind it in a quote, and back.

    Of two sentences of which one alone is passive nothing is told.
    """
    if bool(_PASSIVE.search(claim)) != bool(_PASSIVE.search(quote)):
        return False
    mine, theirs = _places(claim), _places(quote)
    shared = mine.keys() & theirs.keys()
    return any(
        _crossed(verb, mine, theirs, shared - {verb}) for verb in shared if _is_verb(verb, claim)
    )


def _crossed(verb: str, mine: dict[str, int], theirs: dict[str, int], others: set[str]) -> bool:
    sides = [(mine[word] < mine[verb], theirs[word] < theirs[verb]) for word in others]
    return (True, False) in sides and (False, True) in sides


def _places(text: str) -> dict[str, int]:
    """Return where each content stem stands first, in content words."""
    found: dict[str, int] = {}
    for place, term in enumerate(content(text)):
        found.setdefault(term, place)
    return found


def _is_verb(term: str, text: str) -> bool:
    return any(
        lemma(word) is not None and not is_noun_too(word)
        for word in words(text)
        if normal(word) == term
    )
