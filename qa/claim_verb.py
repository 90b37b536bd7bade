"""Where the verb of a plain statement stands."""

from collections.abc import Sequence

from qa.tagging import Tag, Token
from qa.verbs import lemma

_BEFORE_NOUNS = frozenset({Tag.DET, Tag.PREP, Tag.ADJECTIVE})


def verb_place(tokens: Sequence[Token]) -> int | None:
    """Return the number of the first token that is an auxiliary or a verb where no noun stands."""
    for place, token in enumerate(tokens):
        before = tokens[place - 1].tag if place else None
        if token.tag is Tag.AUX or (before not in _BEFORE_NOUNS and _is_finite(token, place)):
            return place
    return None


def _is_finite(token: Token, place: int) -> bool:
    """Tell whether a token may be a verb with a subject; an imperative is none."""
    low = token.low
    if token.tag is not Tag.WORD or lemma(low) is None or low.endswith(("ing", "en")):
        return False
    return place > 0 or low.endswith(("s", "d"))
