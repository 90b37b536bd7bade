"""Singular and plural of English nouns, as far as their endings tell."""

from qa.word_lists import word_set

_SINGULAR_S = ("ss", "us", "is", "ics", "news", "series", "status", "alias")
_PLURALS = word_set("people men women children data criteria police troops staff")
_SHORTEST = 2


def is_plural(word: str) -> bool:
    """Tell whether a noun looks like a plural."""
    low = word.lower()
    if low in _PLURALS:
        return True
    return low.endswith("s") and not low.endswith(_SINGULAR_S) and len(low) > _SHORTEST


def singular(word: str) -> str:
    """Return the singular of a noun in lower case, as far as its ending tells."""
    low = word.lower()
    if not is_plural(low) or low in _PLURALS:
        return low
    if low.endswith("ies"):
        return f"{low[:-3]}y"
    return low[:-2] if low.endswith(("xes", "ches", "shes", "sses")) else low[:-1]


def plural_of(word: str) -> str:
    """Return the plural of a noun, as far as its ending tells."""
    if is_plural(word):
        return word
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "ch", "sh")) else f"{word}s"
