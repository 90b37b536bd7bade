"""The two things that a question compares, told from the words around them."""

import re
from typing import NamedTuple

from qa.terms import content_stems, is_content, words

_FIXED = re.compile(
    r"\b(?:trinidad and tobago|bosnia and herzegovina|antigua and barbuda|turks and caicos"
    r"|(?:st\.?|saint) kitts and nevis|(?:st\.?|saint) vincent and|s[ãa]o tom[ée] and"
    r"|terms and conditions|research and development|profit and loss|supply and demand"
    r"|health and safety|law and order|pros and cons|questions? and answers?|trial and error"
    r"|rules and regulations|food and drink|input and output|tyne and wear|room and board)\b",
    re.IGNORECASE,
)
_SENTINEL = "\x00"  # keeps the "and" of a fixed pair from being split
_PRONOUNS = frozenset(
    """
    it they them this that these those he she we you i one both each other another us two all which
    what
    """.split()  # noqa: SIM905
)
_VAGUE_STARTS = frozenset(
    {"how", "why", "whether", "if", "it", "they", "you", "i", "we", "he", "she", "there"}
)
_VAGUE = re.compile(
    r"\b(?:others?|another|normal|usual|average|rest|similar|alternatives?|previous|expected|past"
    r"|that|which|who)\b",
    re.IGNORECASE,
)
_MOST_WORDS = 12
_PREPOSITION = r"(?:of|for|in|at|on|from|under|with|to|per|between|during|since|after|before)"
_SHARED_HEAD = re.compile(rf"^(?P<head>(?:[a-z][\w-]* ){{1,5}}?{_PREPOSITION}) (?P<rest>.+)$")
_TAIL = re.compile(
    r"^(?P<rest>.+?)[,]? (?P<tail>(?:in terms of|with (?:respect|regard) to|regarding|as regards"
    r"|when it comes to|in|for|during|at|under|on|within|since|after|before|by|as of|from) .+)$"
)


class Subjects(NamedTuple):
    """Two subjects, and what the question says before and behind both of them.

    For "the price of tea and coffee in Kenya": `the price of`, `tea`, `coffee`, `in Kenya`.
    """

    head: str
    one: str
    other: str
    tail: str


def split(region: str, joint: str = "and") -> Subjects | None:
    """Take "A and B" apart; None where no two things are named.

    Args:
        region: The words of a question in which both subjects stand.
        joint: What stands between them, as a pattern.
    """
    kept = _FIXED.sub(lambda match: match[0].replace(" and ", _SENTINEL), region.strip(" ,?.:"))
    parts = re.split(rf",? (?:{joint}) ", kept, flags=re.IGNORECASE)
    if len(parts) < 2:  # noqa: PLR2004
        return None
    middle = (len(parts) + 1) // 2
    one, other = " and ".join(parts[:middle]), " and ".join(parts[middle:])
    one, other = (part.replace(_SENTINEL, " and ").strip(" ,") for part in (one, other))
    one = re.sub(r"^(?:either|both|between) ", "", one, flags=re.IGNORECASE)
    return checked(*_shared(one, other))


def checked(head: str, one: str, other: str, tail: str) -> Subjects | None:
    """Return the subjects where both name a thing, and not the same."""
    if not _names_a_thing(one) or not _names_a_thing(other):
        return None
    if content_stems(one) == content_stems(other):
        return None
    return Subjects(head, one, other, tail)


def _shared(one: str, other: str) -> tuple[str, str, str, str]:
    """Find what is said once for both: before the first, behind the second."""
    head = tail = ""
    shared = _SHARED_HEAD.match(one)
    second = _SHARED_HEAD.match(other)
    # "A patient at home and a patient in hospital" are whole as they stand.
    if shared and not (second and set(shared["head"].split()) & set(second["head"].split())):
        head, one = shared["head"], shared["rest"]
    behind = _TAIL.match(other)
    if behind and not _TAIL.match(one):
        other, tail = behind["rest"], behind["tail"]
    numbered = re.match(r"(?P<name>.*[a-z].*) [\d.]+$", one, re.IGNORECASE)
    if numbered and re.fullmatch(r"[\d.]+", other):  # "Python 3.10 and 3.11"
        other = f"{numbered['name']} {other}"
    return head, _with_noun(one, other), other, tail


def _with_noun(one: str, other: str) -> str:
    """Give "the annual" its noun: "the annual and the monthly plan"."""
    modifiers, named = one.split(), other.split()
    bare = [word for word in named if word.lower() not in ("the", "a", "an", "our")]
    lone = len(modifiers) == 2 and modifiers[0].lower() in ("the", "a", "an", "our")  # noqa: PLR2004
    named_already = modifiers[-1].endswith("s") or modifiers[-1] in bare
    if lone and len(bare) == 2 and not named_already and bare[1].islower():  # noqa: PLR2004
        return f"{one} {bare[1]}"
    return one


def _names_a_thing(subject: str) -> bool:
    found = words(subject)
    named = [word for word in found if is_content(word) and word.lower() not in _PRONOUNS]
    if not named or len(found) > _MOST_WORDS:
        return False
    return found[0].lower() not in _VAGUE_STARTS and _VAGUE.search(subject) is None
