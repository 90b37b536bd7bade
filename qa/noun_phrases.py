"""The noun phrases of a question: what it is about, and what can stand in its place."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from qa.clause import Clause
from qa.places import is_place
from qa.plurals import is_plural
from qa.tagging import Tag, Token
from qa.verbs import is_base, is_participle, lemma
from qa.word_lists import word_set


class Kind(StrEnum):
    """What a noun phrase names, as far as its words tell."""

    DATE = "date"
    NUMBER = "number"
    PLACE = "place"
    CODE = "code"
    NAME = "name"
    NOUN = "noun"


class Role(StrEnum):
    """Where a noun phrase stands in its question."""

    WH = "wh"
    SUBJECT = "subject"
    OBJECT = "object"
    AFTER = "after a preposition"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens `[start, end)` of a clause; up to `long_end` with what is said of it.

    `the size` of `the size of a file`, which is its long form; `preposition` is the word before
    it, if that is one.
    """

    start: int
    end: int
    long_end: int
    kind: Kind
    role: Role
    head: str
    preposition: str = ""
    plural: bool = False


_INSIDE = frozenset({Tag.WORD, Tag.NAME, Tag.CODE, Tag.NUMBER, Tag.DATE, Tag.ADJECTIVE})
_RELATIVE = word_set("that which who whose")


@lru_cache(maxsize=512)
def noun_phrases(clause: Clause) -> tuple[Phrase, ...]:
    """Return the noun phrases of a question in order; pronouns are none."""
    found = list(_simple(clause))
    return tuple(_lengthened(clause, p, found[number:]) for number, p in enumerate(found))


def kind_of(tokens: tuple[Token, ...]) -> Kind:
    """Return what tokens name, told by the last of them, and by names among them."""
    last = tokens[-1]
    kinds = {Tag.DATE: Kind.DATE, Tag.NUMBER: Kind.NUMBER, Tag.CODE: Kind.CODE}
    if any(t.tag is Tag.DATE for t in tokens) and last.tag in {Tag.DATE, Tag.NUMBER}:
        return Kind.DATE
    if last.tag in kinds:
        return kinds[last.tag]
    bare = [token.text for token in tokens if token.tag is not Tag.DET]
    if last.tag is Tag.NAME or is_place(last.text):
        both = [text for text in bare if text != "and"]
        known = is_place(" ".join(bare)) or all(is_place(text) for text in both)
        return Kind.PLACE if known else Kind.NAME
    return Kind.NOUN


def _simple(clause: Clause) -> Iterator[Phrase]:
    tokens, place, end = clause.tokens, 0, clause.rest[1]
    objects = 0
    while place < end:
        start = place
        while place < end and tokens[place].tag is Tag.DET and tokens[place].low != "that":
            place += 1
        first = place
        while place < end and _continues(clause, place, first):
            place += 1
        if all(token.tag is Tag.ADJECTIVE for token in tokens[first:place]):
            place = max(place, start + 1)
            continue
        role = _role(clause, start)
        if role is Role.OBJECT:
            objects += 1
        before = tokens[start - 1].low if start and tokens[start - 1].tag is Tag.PREP else ""
        kind = kind_of(tokens[first:place])
        head = tokens[place - 1].text
        plural = (kind is Kind.NOUN and is_plural(head)) or _joined(clause, start, place)
        yield Phrase(start, place, place, kind, role, head, before, plural)


def _continues(clause: Clause, place: int, first: int) -> bool:
    tokens = clause.tokens
    token = tokens[place]
    if clause.verb[0] <= place < clause.verb[1] or token.tag is Tag.WH:
        return False
    if token.low == "and" and first < place and place + 1 < clause.rest[1]:
        same = {tokens[place - 1].tag, tokens[place + 1].tag}
        return len(same) == 1 and same <= {Tag.NAME, Tag.CODE, Tag.DATE}
    if token.tag not in _INSIDE:
        return False
    day = token.tag is Tag.DATE and token.text.islower() and not token.text[0].isdigit()
    if (token.tag is Tag.ADJECTIVE or day) and place > first:
        return False
    return not (token.tag is Tag.WORD and _is_verb_here(clause, place, first))


def _is_verb_here(clause: Clause, place: int, first: int) -> bool:
    """Tell an infinitive, `backed by`, `by running` and `while indexing runs` from nouns."""
    tokens = clause.tokens
    word, before = tokens[place].text, tokens[place - 1] if place else None
    after_speaker = before is not None and before.low in {"i", "you", "we", "they", "it"}
    if (after_speaker and lemma(word)) or (before and before.low == "to" and is_base(word)):
        return True
    after = tokens[place + 1] if place + 1 < clause.rest[1] else None
    if place == first and word.endswith("ing") and lemma(word) is not None and after is not None:
        after_preposition = before is not None and before.tag is Tag.PREP
        return after.tag is Tag.DET or (after_preposition and after.tag in _INSIDE)
    if not is_participle(word) or word.endswith("ing"):
        return False
    ends = after is None or after.tag in {Tag.PREP, Tag.MARK, Tag.JOIN, Tag.ADVERB}
    return ends and (before is None or before.tag is not Tag.DET)


def _joined(clause: Clause, start: int, end: int) -> bool:
    return any(token.low == "and" for token in clause.tokens[start:end])


def _role(clause: Clause, start: int) -> Role:
    tokens = clause.tokens
    if clause.wh[0] <= start < clause.wh[1]:
        return Role.WH
    if start and tokens[start - 1].tag is Tag.PREP:
        return Role.AFTER
    if clause.subject[0] <= start < clause.subject[1]:
        return Role.SUBJECT
    return Role.OBJECT


def _lengthened(clause: Clause, phrase: Phrase, following: list[Phrase]) -> Phrase:
    """Take in `of a file`, `backed by Iran` and `that Iran supports` behind a phrase."""
    tokens, stop = clause.tokens, phrase.end
    for other in following[1:]:
        between = [token.low for token in tokens[stop : other.start]]
        said = len(between) == 2 and between[1] == "by" and is_participle(between[0])  # noqa: PLR2004
        joined = (
            stop > phrase.end
            and between == ["and"]
            and "between" in _lows(tokens, phrase.end, stop)
        )
        if between not in (["of"], ["between"]) and not said and not joined:
            break
        if clause.verb[0] <= stop < clause.verb[1]:
            break
        stop = other.end
    return replace(phrase, long_end=_relative_end(clause, stop))


def _lows(tokens: tuple[Token, ...], start: int, end: int) -> list[str]:
    return [token.low for token in tokens[start:end]]


def _relative_end(clause: Clause, stop: int) -> int:
    """Return where `that Iran supports` behind a phrase ends, or `stop` if there is none."""
    tokens, verb = clause.tokens, clause.verb
    if stop + 1 >= clause.rest[1] or tokens[stop].low not in _RELATIVE:
        return stop
    last = verb[0] if stop < verb[0] else clause.rest[1]
    copula = verb[0] == verb[1] and clause.wh[0] == clause.wh[1]
    stop += 1
    while stop < last and tokens[stop].tag not in {Tag.MARK, Tag.WH}:
        condition = tokens[stop].tag is Tag.JOIN and tokens[stop].low not in {"and", "or"}
        if condition or (copula and tokens[stop].low in {"a", "an"}):
            break
        stop += 1
    return stop
