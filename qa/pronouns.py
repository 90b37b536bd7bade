"""Which pronouns of a question lean on what was said before it."""

from collections.abc import Sequence

from qa.clause import Clause
from qa.noun_phrases import Kind, Phrase, Role, noun_phrases
from qa.tagging import Tag, Token
from qa.verb_place import BE
from qa.word_lists import word_set

PERSON = word_set("he him his she her hers")
SEVERAL = word_set("they them their theirs these those")
POSSESSIVE = word_set("its their his her")
POINTING = word_set("this that these those such")
ANAPHORS = PERSON | SEVERAL | word_set("it its this that")
_DONE = word_set("do doing done")
_EMPTY_BEFORE_TO = word_set("possible necessary safe easy hard take takes important ok")
_BORDERS = frozenset({Tag.JOIN, Tag.WH})
_BORDER_WORDS = word_set("that , after before")
_NOUNS = frozenset({Tag.WORD, Tag.NAME, Tag.CODE, Tag.NUMBER})


def is_open(clause: Clause, place: int) -> bool:
    """Tell whether a token leans on what was said before and on nothing in its own question."""
    token = clause.tokens[place]
    if token.low not in ANAPHORS or (token.text.isupper() and len(token.text) > 1):
        return False
    after_do = place > 0 and clause.tokens[place - 1].low in _DONE and clause.aux[0] != place - 1
    joins = token.low == "that" and _joins(clause, place)
    if after_do or joins or (token.low in {"it", "this"} and _is_empty(clause, place)):
        return False
    return (token.low in POINTING and has_noun(clause, place)) or not _bound(clause, place)


def names_place(clause: Clause, place: int) -> bool:
    """Tell `what happened there` from `is there a limit`."""
    return clause.tokens[place].low == "there" and not _beside_be(clause.tokens, place)


def has_noun(clause: Clause, place: int) -> bool:
    """Tell `that command` from `that` alone."""
    tokens = clause.tokens
    if place + 1 >= len(tokens) or clause.subject == (place, place + 1):
        return False
    after = place + 1
    is_last = after + 1 >= len(tokens) or tokens[after + 1].tag is Tag.MARK
    if is_last and place and tokens[place - 1].low in BE and clause.aux[0] == place - 1:
        return False  # `is that configurable`
    if tokens[after].tag is Tag.ADJECTIVE and after + 1 < len(tokens):
        after += 1
    return tokens[after].tag in _NOUNS and clause.verb[0] != place + 1


def _joins(clause: Clause, place: int) -> bool:
    """Tell `the file that failed` and `say that it works` from `why is that`."""
    tokens = clause.tokens
    last = place + 1 >= len(tokens) or tokens[place + 1].tag is Tag.MARK
    if last or place == 0 or clause.subject[0] == place:
        return False
    before, after = tokens[place - 1], tokens[place + 1]
    if after.tag is Tag.AUX and before.tag is not Tag.JOIN:
        return True
    if before.tag in {Tag.PREP, Tag.AUX, Tag.JOIN, Tag.MARK, Tag.WH}:
        return False
    if clause.verb[0] <= place - 1 < clause.verb[1]:
        return place + 2 < len(tokens) and tokens[place + 2].tag not in {Tag.PREP, Tag.MARK}
    return before.tag is Tag.ADVERB or after.tag is not Tag.PREP


def _is_empty(clause: Clause, place: int) -> bool:
    """Tell `is it possible to ...` and `how long does it take to ...` from a real `it`."""
    following = [token.low for token in clause.tokens[place + 1 :]]
    if following[:1] in (["mean"], ["means"]) and len(following) > 2:  # noqa: PLR2004
        return True
    if following[1:2] == ["that"]:
        return True
    return "to" in following[:4] and not _EMPTY_BEFORE_TO.isdisjoint(following[:2])


def _bound(clause: Clause, place: int) -> bool:
    """Tell whether a pronoun stands for something earlier in its own question."""
    tokens = clause.tokens
    word = tokens[place].low
    for phrase in noun_phrases(clause):
        if phrase.end > place or not _agrees(phrase, word):
            continue
        between = tokens[phrase.end : place]
        if word in POSSESSIVE and phrase.role is not Role.WH:
            return True
        if phrase.role is Role.WH and word not in POSSESSIVE and len(between) > 1:
            continue
        if any(token.tag in _BORDERS or token.low in _BORDER_WORDS for token in between):
            return True
    return False


def _agrees(phrase: Phrase, word: str) -> bool:
    if phrase.kind in {Kind.DATE, Kind.NUMBER}:
        return False
    if word in PERSON:
        return phrase.kind is Kind.NAME or phrase.role is Role.SUBJECT
    return phrase.plural == (word in SEVERAL)


def _beside_be(tokens: Sequence[Token], place: int) -> bool:
    near = [tokens[i] for i in (place - 1, place + 1) if 0 <= i < len(tokens)]
    ends = place + 1 >= len(tokens) or tokens[place + 1].tag is Tag.MARK
    return any(token.low in BE or token.tag is Tag.AUX for token in near) and not ends
