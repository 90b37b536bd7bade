"""What a question can be asked about: a noun phrase that makes sense without its text."""

import re
from itertools import pairwise

_ARTICLES = frozenset({"the", "a", "an"})
_PREPOSITIONS = frozenset({"of", "in", "for", "on"})
_MOST_WORDS = 6
_UNFIT = frozenset(
    """
    this that these those it its he she they his her him their them we our us you your my me i there
    here what which who whom whose when where why how some many most all each every any both several
    such one two three another also though although if while because since unless until yet after
    before during thus then so but or yes instead see is are was were be been being am has have had
    do does did can could may might must shall should will would not never only just even still
    often usually sometimes always perhaps maybe to as than with without by from at into about over
    under between too very much like per via i.e e.g etc now today
    """.split()  # noqa: SIM905
)
"""Words of which none may stand in a subject."""

_VAGUE = frozenset(
    """
    other others no none more less first second third last next previous following above below
    former latter same however again associated corresponding given specified resulting actual
    current new old entire whole respective appropriate relevant certain various particular
    additional remaining original note example result results reason reasons way ways thing things
    case cases fact point
    """.split()  # noqa: SIM905
)
"""Words that none may hold but in a name, such as "the Old Museum"."""

_PARTS = frozenset({"appendix", "chapter", "example", "figure", "part", "section", "step", "table"})
"""Parts of a document, which have numbers and no names."""

_PEOPLE = frozenset(
    """
    analysts critics economists experts historians observers officials researchers scientists users
    """.split()  # noqa: SIM905
)
"""Groups whose name is none at the start of a sentence."""

_WORD = re.compile(r"[A-Za-z0-9][\w.'’+#/-]*")
_RUN_TOGETHER = re.compile(r"[A-Z]\w* (?!(?:of|the|and|for|in|on|de|van|von|bin)\b)[a-z]\w* [A-Z]")
"""Two things in one, such as a term and the beginning of its definition."""

_NAME = re.compile(r"[A-Z0-9]\w*[A-Z0-9_]|\w+[_.]\w+|[a-z]+[A-Z]|\d")


def is_name(word: str) -> bool:
    """Tell whether a word can only be a name: `SQLite`, `pg_class`, `UTF-8`."""
    return _NAME.search(word) is not None


def subject(phrase: str, context: str) -> str | None:
    """Return a sentence's subject as it stands inside a question, or None if it is unfit.

    Unfit are phrases that point elsewhere ("this module", "the function"), that hold a verb or
    are long, and those of which nothing tells whether their first word is a name.

    Args:
        phrase: The words before the verb, at the start of a sentence.
        context: Text around it, which shows how the first word is written inside a sentence.
    """
    words = phrase.split()
    if not 1 <= len(words) <= _MOST_WORDS or not _fit(words) or _RUN_TOGETHER.search(phrase):
        return None
    first, rest = words[0], words[1:]
    if first.lower() in _ARTICLES:
        return _with_article(first.lower(), rest)
    if is_name(first):
        return phrase
    return _without_article(words, context) if first[0].isupper() else None


def _fit(words: list[str]) -> bool:
    """Tell whether all words may stand in a subject, and articles only where one can begin."""
    return (
        all(_WORD.fullmatch(word) for word in words)
        and words[0].lower() not in _VAGUE | _PARTS
        and not any(word in _VAGUE for word in words)
        and not any(word.lower() in _UNFIT or word.lower().endswith("ly") for word in words)
        and not any(
            word.lower() in _ARTICLES and before not in _PREPOSITIONS
            for before, word in pairwise(words)
        )
    )


def _without_article(words: list[str], context: str) -> str | None:
    inside = _inside(words[0], words[1:], context)
    if inside is None or (inside[0].islower() and not words[-1].endswith("s")):
        return None  # a single thing needs an article
    return " ".join([inside, *words[1:]])


def _with_article(article: str, rest: list[str]) -> str | None:
    if not rest or any(word.lower() in _ARTICLES for word in rest[:1]):
        return None
    # "The function" is one that the text spoke of before; "The Pentagon" needs no text.
    vague = len(rest) == 1 and rest[0].islower() and not is_name(rest[0])
    return None if article == "the" and vague else " ".join([article, *rest])


def _inside(first: str, rest: list[str], context: str) -> str | None:
    """Return a sentence's first word as it is written elsewhere, or None if nothing tells."""
    if rest and rest[0][0].isupper():
        return first  # "Vali Nasr"
    if first.lower() in _PEOPLE:
        return first.lower()
    if re.search(rf"[a-z,;] {re.escape(first)}\b", context):
        return first
    return first.lower() if re.search(rf"(?<![./`-])\b{first.lower()}\b", context) else None
