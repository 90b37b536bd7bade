"""`Why?`, `since when?`, `who said so?`: the question before, asked with another question word."""

import re
from collections.abc import Sequence

from qa.clause import Clause
from qa.noun_phrases import Role, noun_phrases
from qa.past import PastTurn
from qa.people import people
from qa.referents import short_answers
from qa.rephrase import (
    filled,
    verb_phrase,
    with_question_word,
)
from qa.set_phrases import answer_or_plural, set_phrase
from qa.tagging import Tag

_EVENT = re.compile(
    r"^(?P<wh>(?:since |until |by |from )?(?:why|when|where|how|how come|how long|how often))"
    r" (?:is|was|are|were) (?:that|this|it|so)(?: so| the case)?$"
    r"|^(?P<so>how so|why so|how come|what for)$",
    re.IGNORECASE,
)
_LONGEST_TAIL = 6
_ALL_WORDS = {"what for": "Why", "why so": "Why", "how so": "How", "how come": "Why"}
_TAIL_TAGS = frozenset({Tag.WORD, Tag.ADJECTIVE, Tag.NUMBER, Tag.ADVERB, Tag.PREP, Tag.DET,
                        Tag.NAME, Tag.CODE, Tag.DATE, Tag.JOIN})  # fmt: skip


def ask_again(core: str, clause: Clause, turns: Sequence[PastTurn]) -> str | None:
    """Write out a question that is little more than a question word; None if it is none.

    Args:
        core: The question without `and` in front and marks behind.
        clause: The same, cut into its parts.
        turns: The exchanges before; the last counts, or the last with the same question word.
    """
    turn = turns[-1]
    answer = next(iter(short_answers(turn)), None)
    said = set_phrase(core, turn, answer)
    if said is not None:
        return said
    past = turn.clause()
    event = _EVENT.match(core)
    if event:
        wh = event["wh"] or _ALL_WORDS[event["so"].lower()]
        return with_question_word(past, wh, answer)
    wh_words = clause.words(clause.wh)
    alike = [t for t in turns if t.clause().words(t.clause().wh)[:2] == wh_words[:2]]
    if len(wh_words) > 2 and alike:  # noqa: PLR2004
        past = alike[-1].clause()
    return _only_question_word(clause, turn, past, answer)


def _only_question_word(
    clause: Clause, turn: PastTurn, past: Clause, answer: str | None
) -> str | None:
    wh, tail = clause.of(clause.wh), clause.of(clause.rest)
    tokens = clause.tokens[slice(*clause.rest)]
    tags = {token.tag for token in tokens if token.low not in {"one", "ones"}}
    more = filled(clause.aux) or filled(clause.verb) or len(tokens) > _LONGEST_TAIL
    if not wh or more or not tags <= _TAIL_TAGS or (wh.lower() == "what" and not tail):
        return None
    if not tail and wh.lower() in {"who", "whom"}:
        return _who(past, turn)
    if not tail and wh.lower() in {"how many", "how much"}:
        return _how_many(wh, past, answer)
    if tail.lower().startswith("not"):
        return _negated(wh, past, answer, tail[len("not") :].strip())
    return with_question_word(past, wh, answer, tail)


def _who(past: Clause, turn: PastTurn) -> str | None:
    """Ask for the one behind an event, or for the name of who was spoken of."""
    words = past.words(past.subject)
    if words and words[0] in {"someone", "somebody", "anyone", "anybody", "they", "people"}:
        verb = verb_phrase(past)
        return f"Who {past.of(past.aux).lower()} {verb}?" if verb else None
    passive = past.words(past.verb)[-1:] and past.words(past.aux)[:1]
    if passive and passive[0] in {"is", "are", "was", "were", "been"} and filled(past.subject):
        return with_question_word(past, "By whom", None)
    named = people(turn)
    if named and not filled(past.aux):
        return f"Who is {named[0]}?"
    return with_question_word(past, "Who", None)


def _how_many(wh: str, past: Clause, answer: str | None) -> str | None:
    counted = answer_or_plural(past, answer)
    if wh.lower() == "how much":
        objects = [p for p in noun_phrases(past) if p.role is Role.OBJECT]
        counted = past.of((objects[0].start, objects[0].end)) if objects else None
    if counted is None:
        return with_question_word(past, wh, answer)
    asked = with_question_word(past, wh, None) or ""
    return f"{wh} {counted}{asked[len(wh) :].replace(f' {counted}', '', 1)}" if asked else None


def _negated(wh: str, past: Clause, answer: str | None, tail: str) -> str | None:
    """Write `why not` with the `not` behind the subject."""
    asked = with_question_word(past, wh, answer, tail)
    if asked is None:
        return None
    subject = past.of(past.subject)
    has_not = any(token.low == "not" or token.low.endswith("n't") for token in past.tokens)
    if has_not or not subject:
        return asked
    return asked.replace(f" {subject}", f" {subject} not", 1)
