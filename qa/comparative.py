"""Comparatives, and the questions that ask for what they compare: "faster" to "how fast"."""

import re

_BASES = {
    "better": "good",
    "worse": "bad",
    "further": "far",
    "farther": "far",
    "older": "old",
    "elder": "old",
    "younger": "old",
    "larger": "large",
    "later": "late",
    "safer": "safe",
    "wider": "wide",
    "closer": "close",
    "nicer": "nice",
    "simpler": "simple",
    "stabler": "stable",
    "denser": "dense",
    "rarer": "rare",
    "finer": "fine",
    "looser": "loose",
    "smaller": "large",
    "slower": "fast",
    "shorter": "long",
    "lower": "high",
    "lighter": "heavy",
    "narrower": "wide",
    "nearer": "far",
    "earlier": "early",
}
_NOT_COMPARATIVES = frozenset(
    "after over under other ever never either neither later-on number paper water user server order"
    " member letter offer power river tower winter summer matter manager officer customer computer"
    " buyer seller owner".split()
)
_COUNTED = frozenset("staff people men women children fewer employees".split())
_DOUBLED = re.compile(r"([bdglmnpt])\1er$")

COMPARATIVE = r"(?:(?:more|less) [a-z]+|[a-z]{2,}er|worse)"
"""An adjective or adverb in its comparative form, as a pattern."""


def is_comparative(words: str) -> bool:
    """Tell whether words that `COMPARATIVE` matches really compare."""
    return words.lower() not in _NOT_COMPARATIVES


def degree(words: str) -> str:
    """Return what asks how much of it there is: `how fast` for `faster`, `how much` for `more`."""
    lower = words.lower()
    if lower in ("more", "less"):
        return "how much"
    if lower.startswith(("more ", "less ")):
        return f"how {lower.split(maxsplit=1)[1]}"
    return f"how {_base(lower)}"


def amount(noun: str) -> str:
    """Return what asks how much there is of a noun: `how many seats`, `how much memory`."""
    first = noun.split()[0].lower()
    plural = first in _COUNTED or (noun.lower().endswith("s") and not noun.lower().endswith("ss"))
    return f"how {'many' if plural else 'much'} {noun}"


def _base(comparative: str) -> str:
    if comparative in _BASES:
        return _BASES[comparative]
    if comparative.endswith("ier"):
        return f"{comparative[:-3]}y"
    if _DOUBLED.search(comparative) and not comparative.endswith(("ller", "sser")):
        return comparative[:-3]
    return comparative.removesuffix("er")
