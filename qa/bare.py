"""`Why?`, `since when?`, `who said so?`: the question before, asked with another question word."""

import re
from collections.abc import Sequence

from qa.clause import Clause
from qa.past import PastTurn
from qa.people import people
from qa.referents import short_answers
from qa.rephrase import (
    as_noun_phrase,
    asks_how_much,
    filled,
    first_plural,
    is_action,
    statement,
    verb_phrase,
    with_question_word,
)
from qa.tagging import Tag
from qa.topic import topic

_EVENT = re.compile(
    r"^(?P<wh>(?:since |until |by |from )?(?:why|when|where|how|how come|how long|how often))"
    r" (?:is|was|are|were) (?:that|this|it|so)(?: so| the case)?$"
    r"|^(?P<so>how so|why so|how come|what for)$",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"^(?P<who>(?:and )?(?:who|where|when)) (?:exactly )?(?P<verb>(?:has |did |do |does )?(?:they )?"
    r"(?:sa(?:id|ys?)|claim(?:s|ed)?|thinks?|thought|believes?))"
    r" (?:so|that|this|it)$",
    re.IGNORECASE,
)
_KIND = re.compile(
    r"^(?:what|which) (?P<noun>kinds?|sorts?|types?)(?: of (?:them|those|it))?$", re.I
)
_ONES = re.compile(
    r"^(?:which|what)(?: ones?| of (?:them|those|these))?(?: (?:are|is) (?:they|that|it))?$"
    r"|^(?:like what|such as|for example|for instance|name them|list them)$",
    re.I,
)
_TRUE = re.compile(
    r"^is (?:that|this|it) (?:really |actually |also )?(?P<how>true|right|correct|certain|sure|confirmed)$",
    re.IGNORECASE,
)
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
    past = turn.clause()
    same = [t for t in turns if t.clause().words(t.clause().wh)[:2] == clause.words(clause.wh)[:2]]
    if len(clause.words(clause.wh)) > 2 and same:  # noqa: PLR2004
        past = same[-1].clause()
    answer = next(iter(short_answers(turn)), None)
    said = _SAID.match(core)
    if said:
        return _who_said(said, past, answer)
    kind = _KIND.match(core)
    if kind:
        noun = answer_or_plural(past, answer)
        return _of_kind(kind["noun"], noun, past)
    if _ONES.match(core):
        return _which(past)
    other = re.match(r"^(?:any|some|every)(?P<who>thing|one|body) else$", core, re.IGNORECASE)
    if other:
        return with_question_word(
            past, "What else" if other["who"] == "thing" else "Who else", None
        )
    if re.match(r"^(?:tell me |say |give me |show me )?(?:some )?more(?: details)?$", core, re.I):
        return f"Tell me more about {told_of(turn)}"
    true = _TRUE.match(core)
    if true:
        told = statement(past)
        gap = f" {answer}" if answer and past.wh_word else ""
        return None if told is None else f"Is it {true['how']} that {told}{gap}?"
    event = _EVENT.match(core)
    if event:
        wh = event["wh"] or _ALL_WORDS[event["so"].lower()]
        return with_question_word(past, wh, answer)
    return _only_question_word(clause, turn, past, answer)


def told_of(turn: PastTurn) -> str:
    """Return what a turn asked as an indirect question: `why the US sent warships`."""
    past = turn.clause()
    found, said = topic(turn), statement(past)
    if is_action(past) and found is not None:
        return found[1]
    if said is None or (found is not None and found[0] == "of"):
        return found[1] if found is not None else turn.question
    return f"{_small(past.of(past.wh)) or 'whether'} {said}"


def _only_question_word(
    clause: Clause, turn: PastTurn, past: Clause, answer: str | None
) -> str | None:
    if not filled(clause.wh) or filled(clause.aux) or filled(clause.verb):
        return None
    wh, tail = clause.of(clause.wh), clause.of(clause.rest)
    tags = {t.tag for t in clause.tokens[slice(*clause.rest)] if t.low not in {"one", "ones"}}
    if not tags <= _TAIL_TAGS or len(tail.split()) > 6:  # noqa: PLR2004
        return None
    low = wh.lower()
    if low == "what" and not tail:
        return None
    if low in {"who", "whom"} and not tail:
        return _who(past, turn)
    if low in {"how many", "how much"} and not tail:
        return _how_many(wh, past, answer)
    if tail.lower().startswith("not"):
        return _negated(wh, past, answer, tail[3:].strip())
    return with_question_word(past, wh, answer, tail)


def answer_or_plural(past: Clause, answer: str | None) -> str | None:
    """Return what a question's answer is or what it counts: `additional forces`."""
    if answer is not None and past.wh_word in {"what", "which"} and not asks_how_much(past):
        return answer
    return first_plural(past)


def _of_kind(noun: str, of: str | None, past: Clause) -> str | None:
    return with_question_word(past, f"what {noun} of {of}" if of else f"what {noun}", None)


def _who_said(said: re.Match[str], past: Clause, answer: str | None) -> str | None:
    told = statement(past)
    if told is None:
        return None
    who = said["who"].split()[-1]
    gap = answer and past.wh_word in {"what", "which"} and filled(past.subject)
    if past.wh_word and not gap:
        told = f"{_small(past.of(past.wh))} {told}"
    else:
        told = f"that {told} {answer}" if gap else f"that {told}"
    return f"{who} {said['verb']} {told}?"


def _small(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"


def _which(past: Clause) -> str | None:
    """Ask which ones are meant: `Which groups does Iran support?`."""
    nouns = first_plural(past)
    if nouns is None:
        return None
    if re.search(r" (?:that|which|who) ", nouns):
        return f"What are the {nouns}?"
    if past.wh_word and not asks_how_much(past) and filled(past.subject):
        return with_question_word(past, f"which {nouns}", None)
    named = as_noun_phrase(past)
    return f"Which {named.removeprefix('the ')}?" if named else f"Which {nouns}?"


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
    if counted is None:
        return with_question_word(past, wh, answer)
    asked = with_question_word(past, f"{wh} {counted}", None)
    return (
        asked.replace(f" {counted}", "", 1).replace(wh, f"{wh} {counted}", 1)
        if (asked is not None and asked.count(counted) > 1)
        else asked
    )


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
