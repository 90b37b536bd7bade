"""Words that carry a question's meaning, in a form in which two texts can be compared."""

import re
from functools import cache, lru_cache
from itertools import chain, pairwise, takewhile
from typing import Any

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|\d+(?:[.,]\d+)+|\w+(?:['’]\w+)?")
_FAMILY_CHARS = 5
_FAMILY_SHARE = 0.75
_FARTHEST = 3  # words between content words of one phrase, and one: "board of the bank"
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
    return [
        word if word.isalnum() or word[0].isdigit() else _POSSESSIVE.sub("", word.replace(".", ""))
        for word in _WORD.findall(text)
    ]


def is_content(word: str) -> bool:
    """Tell whether a word carries meaning: no function word, but `US` and `IT` in capitals do."""
    return word.lower() not in STOP_WORDS or (len(word) > 1 and word.isupper())


_IRREGULAR = """
    ate eaten eat; became become; began begun begin; bought buy; broke broken break; brought bring;
    built build; came come; caught catch; chose chosen choose; cost; did done do; drew drawn draw;
    drove driven drive; fell fallen fall; felt feel; flew flown fly; fought fight; found find;
    gave given give; got gotten get; grew grown grow; heard hear; held hold; hid hidden hide;
    kept keep; knew known know; led lead; lent lend; lost lose; made make; meant mean; met meet;
    paid pay; ran run; rose risen rise; said say; sang sung sing; sat sit; saw seen see; sent send;
    shot shoot; slept sleep; sold sell; sought seek; spent spend; spoke spoken speak; stole stolen
    steal; stood stand; struck strike; swam swum swim; swore sworn swear; taught teach; threw
    thrown throw; thought think; told tell; took taken take; tore torn tear; understood understand;
    went gone go; woke woken wake; won win; wore worn wear; wrote written write
"""
_BASE_FORM = {
    form: verb.split()[-1] for verb in _IRREGULAR.split(";") for form in verb.split()[:-1]
}


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return the word's English stem in lower case (Snowball, "Porter 2").

    Irregular past forms of common verbs are taken back to their base form first.
    """
    lower = word.lower()
    stemmed: str = _stemmer().stemWord(_BASE_FORM.get(lower, lower))
    return stemmed


def content_stems(text: str) -> list[str]:
    """Return the stems of a text's content words, each once, in order."""
    return list(dict.fromkeys(stem(word) for word in words(text) if is_content(word)))


def all_stems(text: str) -> frozenset[str]:
    """Return the stems of all words of a text."""
    # No word holds white space, and most of what stands between is seen again and again.
    return frozenset(chain.from_iterable(map(_stems_of, text.split())))


@lru_cache(maxsize=50_000)
def _stems_of(part: str) -> tuple[str, ...]:
    return tuple(map(stem, words(part)))


def names(question: str) -> frozenset[str]:
    """Return the stems of a question's proper names and numbers, told by capitals and digits."""
    later = [word for number, word in enumerate(words(question)) if number or word[0].isdigit()]
    named = (word for word in later if word[0].isdigit() or word[0].isupper())
    return frozenset(stem(word) for word in named if is_content(word))


def has_term(term: str, found: frozenset[str]) -> bool:
    """Tell whether a stem is among others, or one of them is of its family.

    Two stems are of a family when they share their first five letters and three quarters of the
    longer one: `deter` and `deterr` (from deterrent), `respond` and `respons`.
    """
    if term in found:
        return True
    if len(term) < _FAMILY_CHARS:
        return False
    beginning = term[:_FAMILY_CHARS]
    return any(other.startswith(beginning) and _same_family(term, other) for other in found)


def _same_family(one: str, other: str) -> bool:
    shared = sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    )
    return shared >= _FAMILY_SHARE * max(len(one), len(other))


@cache
def _stemmer() -> Any:  # noqa: ANN401 - the library has no types
    import Stemmer

    return Stemmer.Stemmer("english", 0)  # without a cache of its own beside that of `stem`


def phrases(question: str) -> list[str]:
    """Return the single words to look for: a question's content words, or else all its words.

    Capitals are tried with dots too, because full-text search splits `U.S.` into two words.
    """
    found = words(question)
    chosen = [word for word in found if is_content(word)] or found
    return list(dict.fromkeys(term for word in chosen for term in _variants(word)))


def match_query(question: str) -> str | None:
    """Return an FTS5 query for any of a question's phrases, or None if it has no word.

    Content words that follow each other are looked for in a row as well, with what stands between
    them. Every phrase is quoted, so nothing a person types is read as query syntax.
    """
    sought = dict.fromkeys([*phrases(question), *_rows(question)])
    return " OR ".join(f'"{phrase}"' for phrase in sought) or None


def _rows(question: str) -> list[str]:
    written = _WORD.findall(question)
    places = [place for place, word in enumerate(words(question)) if is_content(word)]
    return [
        " ".join(written[first : last + 1])
        for first, last in pairwise(places)
        if last - first <= _FARTHEST
    ]


def _variants(word: str) -> list[str]:
    acronym = word.isupper() and word.isalpha() and 1 < len(word) <= 5  # noqa: PLR2004
    return [word, " ".join(word)] if acronym else [word]
