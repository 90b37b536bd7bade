"""A sentence that joins two statements, as two sentences."""

import re
from itertools import takewhile

from qa.claim_verb import verb_place
from qa.tagging import Tag, span_text, tokenise
from qa.terms import content_stems

_JOINT = re.compile(r"\s*(?:;|,?\s+(?:and|but|while|whereas))\s+", re.IGNORECASE)
_PRONOUN = re.compile(r"(?:it|he|she|they)\s+", re.IGNORECASE)
_LEAST_TERMS = 2


def parts(claim: str) -> tuple[str, str] | None:
    """Return the two statements that a sentence joins with "and", "but" or the like, else None.

    The second one gets the subject of the first where it has a pronoun or none: "Pinpoint needs
    Python, and it sends nothing" is "Pinpoint needs Python" and "Pinpoint sends nothing".
    """
    for match in _JOINT.finditer(claim):
        first, second = claim[: match.start()], claim[match.end() :]
        if _states(first) and _states(second):
            return first, _with_subject(second, _subject(first))
    return None


def starts_with_pronoun(claim: str) -> bool:
    """Tell whether a sentence begins with "it" or another pronoun for what was named before."""
    return _PRONOUN.match(claim) is not None


def understood(claim: str, before: str) -> str:
    """Return a claim with the subject of the sentence before in the place of a pronoun."""
    pronoun = _PRONOUN.match(claim)
    subject = _subject(before) if pronoun else ""
    return f"{subject} {claim[pronoun.end() :]}" if pronoun and subject else claim


def _states(text: str) -> bool:
    """Tell whether a text has a verb and enough words to be a statement of its own."""
    has_verb = verb_place(tokenise(text, opening=False)) is not None
    return has_verb and len(content_stems(text)) >= _LEAST_TERMS


def _with_subject(text: str, subject: str) -> str:
    pronoun = _PRONOUN.match(text)
    if pronoun:
        return f"{subject} {text[pronoun.end() :]}"
    return f"{subject} {text}" if verb_place(tokenise(text, opening=False)) == 0 else text


def _subject(text: str) -> str:
    """Return what stands before the verb, or the name that a text begins with; "" for neither."""
    tokens = tokenise(text)
    verb = verb_place(tokens)
    if verb is None:
        named = list(takewhile(lambda token: token.tag in {Tag.DET, Tag.NAME}, tokens))
        return span_text(text, named) if any(token.tag is Tag.NAME for token in named) else ""
    return span_text(text, tokens[:verb])
