"""Whether two sentences with the same words say who does what to whom the same way round."""

import re
from collections.abc import Sequence

from qa.claim_terms import content, normal
from qa.tagging import Tag, tokenise
from qa.terms import words
from qa.verb_place import BE
from qa.verbs import is_noun_too, lemma

_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being)\b[^.;]{0,40}\bby\b", re.IGNORECASE)


def turned_round(claim: str, quote: str) -> bool:
    """Tell whether what stands before a verb in a claim stands behind it in a quote, and back.

    Where one of them is passive, whoever acts in it must not stand behind the verb in the other.
    """
    mine, theirs = _places(claim), _places(quote)
    shared = mine.keys() & theirs.keys()
    verbs = [term for term in shared if _is_verb(term, claim)]
    one, other = _PASSIVE.search(claim), _PASSIVE.search(quote)
    if one and not other:
        return _acted_on(_places(claim[one.end() :]), theirs, verbs)
    if other and not one:
        return _acted_on(_places(quote[other.end() :]), mine, verbs)
    alike = [verb for verb in verbs if _suffers(verb, claim) == _suffers(verb, quote)]
    if _other_subject(claim, mine, theirs, alike):
        return True
    return any(_crossed(verb, mine, theirs, shared - {verb}) for verb in alike)


def _other_subject(
    claim: str, mine: dict[str, int], theirs: dict[str, int], verbs: Sequence[str]
) -> bool:
    """Tell whether a claim's first word acts in it, and stands behind the verb in a quote."""
    first = next(iter(mine), None)
    tokens = tokenise(claim)
    if first not in theirs or not verbs or tokens[0].tag is Tag.PREP:
        return False
    verb = min(verbs, key=lambda term: mine[term])
    acts = first != verb and mine[first] < mine[verb]
    return acts and theirs[verb] < theirs[first] and theirs[verb] > 0


def _acted_on(after_by: dict[str, int], active: dict[str, int], verbs: Sequence[str]) -> bool:
    """Tell whether the first word behind "by" stands behind a verb in an active sentence."""
    agent = next(iter(after_by), None)
    if agent is None or agent not in active:
        return False
    return any(active[verb] < active[agent] for verb in verbs)


def _crossed(verb: str, mine: dict[str, int], theirs: dict[str, int], others: set[str]) -> bool:
    sides = [(mine[word] < mine[verb], theirs[word] < theirs[verb]) for word in others]
    return (True, False) in sides and (False, True) in sides


def _places(text: str) -> dict[str, int]:
    """Return where each content stem stands first, in content words."""
    found: dict[str, int] = {}
    for place, term in enumerate(content(text)):
        found.setdefault(term, place)
    return found


def _suffers(verb: str, text: str) -> bool:
    """Tell whether a verb is passive: "was elected", but not "was electing"."""
    found = words(text)
    return any(
        normal(word) == verb
        and not word.endswith("ing")
        and not BE.isdisjoint(before.lower() for before in found[max(place - 2, 0) : place])
        for place, word in enumerate(found)
    )


def _is_verb(term: str, text: str) -> bool:
    return any(
        lemma(word) is not None and not is_noun_too(word)
        for word in words(text)
        if normal(word) == term
    )
