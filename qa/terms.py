"""Words that carry a question's meaning, in a form in which two texts can be compared."""

import re
from functools import cache, lru_cache
from typing import Any

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|\w+(?:['’]\w+)?")
_POSSESSIVE = re.compile(r"['’]s?$")

STOP_WORDS = frozenset(
    """
    a about above after again all also am an and any are as at be because been before being
    below between both but by can could did do does doing down during each few for from further
    had has have having he her here hers him his how i if in into is it its itself just me more
    most much my no nor not of off on once only or other our out over own same she should so
    some such than that the their them then there these they this those through to too under
    until up us very was we were what when where which while who whom whose why will with would
    you your yours
    """.split()  # noqa: SIM905
)
"""English function words, question words among them."""


def words(text: str) -> list[str]:
    """Return the words of a text: `U.S.` as `US`, without a possessive ending, case kept."""
    found = (match[0] for match in _WORD.finditer(text))
    return [_POSSESSIVE.sub("", word.replace(".", "")) for word in found]


def is_content(word: str) -> bool:
    """Tell whether a word carries meaning: no function word, but `US` and `IT` in capitals do."""
    return word.lower() not in STOP_WORDS or (len(word) > 1 and word.isupper())


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return the word's English stem in lower case (Snowball, "Porter 2")."""
    stemmed: str = _stemmer().stemWord(word.lower())
    return stemmed


def content_stems(text: str) -> list[str]:
    """Return the stems of a text's content words, each once, in order."""
    return list(dict.fromkeys(stem(word) for word in words(text) if is_content(word)))


def all_stems(text: str) -> frozenset[str]:
    """Return the stems of all words of a text."""
    return frozenset(stem(word) for word in words(text))


@cache
def _stemmer() -> Any:  # noqa: ANN401 - the library has no types
    import snowballstemmer

    return snowballstemmer.stemmer("english")


def match_query(question: str) -> str | None:
    """Return an FTS5 query for any of a question's content words, or None if it has no word.

    Every word is quoted, so nothing a person types is read as query syntax. Capitals are tried
    with dots too, because the full-text index splits `U.S.` into two words.
    """
    found = words(question)
    chosen = [word for word in found if is_content(word)] or found
    terms = dict.fromkeys(term for word in chosen for term in _variants(word))
    return " OR ".join(f'"{term}"' for term in terms) or None


def _variants(word: str) -> list[str]:
    acronym = word.isupper() and word.isalpha() and 1 < len(word) <= 5  # noqa: PLR2004
    return [word, " ".join(word)] if acronym else [word]
