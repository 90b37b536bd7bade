"""Comparatives, and the questions that ask for what they compare: "faster" to "how fast"."""

import re

_OTHERS = {
    "better": "good",
    "worse": "bad",
    "further": "far",
    "farther": "far",
    "elder": "old",
    "younger": "old",
    "smaller": "large",
    "slower": "fast",
    "shorter": "long",
    "lower": "high",
    "lighter": "heavy",
    "narrower": "wide",
    "nearer": "far",
    "weaker": "strong",
    "thinner": "thick",
    "cooler": "warm",
    "colder": "warm",
    "sooner": "soon",
}
_ADJECTIVES = """
    fast large big tall long high old new cheap dear rich poor strong hot warm heavy deep wide thick
    late early close hard soft loud quiet safe clean dirty easy simple busy happy healthy sharp
    bright dark smooth rough tough tight loose sweet fresh full fair great clever bold costly quick
    dense dry wet steep strict noisy lengthy stable fat fit tasty cosy friendly likely slim young
    small short low sturdy
""".split()  # noqa: SIM905
_DOUBLED = re.compile(r"[aeiou][bdgmnt]$")
_COUNTED = frozenset({"staff", "people", "men", "women", "children"})


def _comparative(adjective: str) -> str:
    if adjective.endswith("y"):
        return f"{adjective[:-1]}ier"
    if adjective.endswith("e"):
        return f"{adjective}r"
    short = len(adjective) <= 4  # noqa: PLR2004 - "big", but not "clean"
    doubled = short and _DOUBLED.search(adjective) and not re.search(r"[aeiou]{2}", adjective)
    return f"{adjective}{adjective[-1] if doubled else ''}er"


_BASES = {_comparative(adjective): adjective for adjective in _ADJECTIVES} | _OTHERS

COMPARATIVE = rf"(?:(?:more|less) [a-z]+|{'|'.join(_BASES)})"
"""An adjective or adverb in its comparative form, as a pattern."""


def degree(comparative: str) -> str:
    """Return what asks how much of it there is: `how fast` for `faster` and for `slower`."""
    words = comparative.lower().split()
    return f"how {words[1] if len(words) > 1 else _BASES[words[0]]}"


def amount(noun: str) -> str:
    """Return what asks how much there is of a noun: `how many seats`, `how much memory`."""
    lower = noun.lower()
    plural = lower in _COUNTED or (lower.endswith("s") and not lower.endswith("ss"))
    return f"how {'many' if plural else 'much'} {noun}"


def base_verb(verb: str) -> str:
    """Return a verb of the third person in its base form: `carry` for `carries`."""
    lower = verb.lower()
    if lower in ("has", "had"):
        return "have"
    if lower.endswith("ies"):
        return f"{lower[:-3]}y"
    if re.search(r"(?:sh|ch|ss|x|o)es$", lower):
        return lower[:-2]
    return lower.removesuffix("s")
