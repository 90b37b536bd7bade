"""`The second one`, `the other one`, `a newer one`: one of several, or another of the same kind."""

import re
from collections.abc import Sequence

from qa.clause import parse
from qa.ellipsis import complete
from qa.noun_phrases import Kind, Role, noun_phrases
from qa.past import PastTurn
from qa.plurals import plural_of, singular
from qa.referents import recent
from qa.rephrase import first_plural
from qa.slots import fragment
from qa.word_lists import RELATIONS, word_set

_NTH = {"first": 0, "former": 0, "second": 1, "latter": 1, "third": 2, "fourth": 3, "last": -1}
_ORDINAL = re.compile(
    r"\bthe (?P<pair>former|latter)\b(?! \w+ (?:is|are|was|were)\b)"
    r"|\bthe (?P<nth>first|second|third|fourth|last|other)(?: (?:ones?|two))?"
    r"(?=\W*$|[ ,](?:\W|is|are|was|were|do|does|did|has|have|can|in|on|for|of them)\b)",
    re.IGNORECASE,
)
_ONE = re.compile(
    r"(?<!another )(?<!no )(?<!any )(?<!every )(?<!at )\b(?P<one>ones?)"
    r"(?=\W*$|[,;]| (?:that|which|who|whose|with|without|in|on|from|is|are|was|were|does|do|has"
    r"|have|can)\b)",
    re.IGNORECASE,
)
_EITHER = re.compile(r"(?P<one>[\w.-]+) or (?P<two>[\w.-]*\w)")
_NO_ITEM = word_set("more one two whether and")
_PARTED = re.compile(r",? (?:and|or|nor) |, |; ")
_LIST = re.compile(
    r"(?:between|either|both|are|include|includes|with|namely|:)\s+(?P<items>[^.?!:]{3,160})", re.I
)


def resolve_ones(core: str, turns: Sequence[PastTurn]) -> str | None:
    """Write out which one is meant; None where nothing of the kind is asked."""
    ordinal = _ORDINAL.search(core)
    item = _nth((ordinal["nth"] or ordinal["pair"]).lower(), turns) if ordinal else None
    if ordinal and item is not None:
        return _put_in(f"{core[: ordinal.start()]}{item}{core[ordinal.end() :]}", turns)
    named = name_ones(core, turns)
    return None if named is None else _put_in(named, turns)


def name_ones(core: str, turns: Sequence[PastTurn]) -> str | None:
    """Write `a newer version` for `a newer one`; None if there is no such word."""
    one = _ONE.search(core)
    if one is None:
        return None
    noun = _noun(turns, plural=one["one"].lower() == "ones")
    if noun is None:
        return None
    return f"{core[: one.start('one')]}{noun}{core[one.end('one') :]}"


def _put_in(written: str, turns: Sequence[PastTurn]) -> str:
    """Complete what is only a piece now: `Israel` from `and the other one?`."""
    clause = parse(written)
    if clause.is_question and (clause.aux[1] or clause.verb[1]):
        return written
    piece = fragment(written)
    return written if piece is None else complete(piece, turns[-1]) or written


def _nth(word: str, turns: Sequence[PastTurn]) -> str | None:
    for turn in recent(turns):
        found = items(turn)
        if len(found) < 2:  # noqa: PLR2004
            continue
        if word == "other":
            left = [item for item in found if item.lower() not in turns[-1].question.lower()]
            return left[0] if left and len(left) < len(found) else found[1]
        place = _NTH[word]
        if word == "latter":
            place = -1
        return found[place] if -len(found) <= place < len(found) else None
    return None


def items(turn: PastTurn) -> list[str]:
    """Return the things that a turn lists: of its question, its answers or its first quote."""
    named = _listed(turn.question)
    if len(named) > 1:
        return named
    if turn.answers:
        listed = _parts(turn.answers[0])
        if len(listed) > 1:
            return listed
    if len(turn.answers) > 1 and all(len(a.split()) <= 8 for a in turn.answers):  # noqa: PLR2004
        return [answer.strip(" .") for answer in turn.answers]
    return _listed(turn.quotes[0]) if turn.quotes else []


def _listed(text: str) -> list[str]:
    either = _EITHER.search(text[:600])
    if either and either["one"].lower() not in _NO_ITEM:
        return [either["one"], either["two"]]
    for match in _LIST.finditer(text[:600]):
        found = _parts(match["items"])
        if len(found) > 1:
            return found
    return []


def _parts(text: str) -> list[str]:
    found = [part.strip(" .?,") for part in _PARTED.split(text[:200])]
    return found if all(part and len(part.split()) <= 6 for part in found) else []  # noqa: PLR2004


def _noun(turns: Sequence[PastTurn], *, plural: bool) -> str | None:
    """Return the common noun that `one` stands for: the first that is no relation."""
    for turn in recent(turns):
        clause = turn.clause()
        heads = [
            phrase
            for phrase in noun_phrases(clause)
            if phrase.kind is Kind.NOUN and singular(phrase.head) not in RELATIONS
        ]
        wanted = [p for p in heads if p.plural is plural] or heads
        if plural and first_plural(clause) is None and not heads:
            continue
        order = sorted(wanted, key=lambda p: (p.role is Role.WH) is not plural)
        if order:
            head = order[0].head
            return plural_of(head) if plural else singular(head)
    return None
