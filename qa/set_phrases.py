"""`Who said so?`, `what else?`, `is that true?`: set phrases about what was asked before."""

import re

from qa.clause import Clause
from qa.past import PastTurn
from qa.rephrase import (
    as_noun_phrase,
    asks_how_much,
    filled,
    first_plural,
    statement,
    with_question_word,
)
from qa.topic import indirect

_SAID = re.compile(
    r"^(?P<who>(?:and )?(?:who|where|when)) (?:exactly )?"
    r"(?P<verb>(?:has |did |do |does )?(?:they )?"
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
    r"^is (?:that|this|it) (?:really |actually |also )?"
    r"(?P<how>true|right|correct|certain|sure|confirmed)$",
    re.IGNORECASE,
)
_ELSE = re.compile(r"^(?:any|some|every)(?P<who>thing|one|body) else$", re.IGNORECASE)
_MORE = re.compile(
    r"^(?:tell me |say |give me |show me )?(?:some )?more(?: details)?$", re.IGNORECASE
)


def set_phrase(core: str, turn: PastTurn, answer: str | None) -> str | None:
    """Write out a set phrase; None if a question is none.

    Args:
        core: The question without `and` in front and marks behind.
        turn: The exchange before.
        answer: Its short answer, if it has one.
    """
    past = turn.clause()
    said, kind, other = _SAID.match(core), _KIND.match(core), _ELSE.match(core)
    if said:
        return _who_said(said, past, answer)
    if kind:
        noun = answer_or_plural(past, answer)
        wh = f"what {kind['noun']} of {noun}" if noun else f"what {kind['noun']}"
        return with_question_word(past, wh, None)
    if other:
        wh = "What else" if other["who"] == "thing" else "Who else"
        return with_question_word(past, wh, None)
    if _MORE.match(core):
        return f"Tell me more about {indirect(turn)}"
    true = _TRUE.match(core)
    if true:
        return _is_true(true["how"], past, answer)
    return _which(past) if _ONES.match(core) else None


def _is_true(how: str, past: Clause, answer: str | None) -> str | None:
    told = statement(past)
    gap = f" {answer}" if answer and past.wh_word else ""
    return None if told is None else f"Is it {how} that {told}{gap}?"


def answer_or_plural(past: Clause, answer: str | None) -> str | None:
    """Return what a question's answer is or what it counts: `additional forces`."""
    if answer is not None and past.wh_word in {"what", "which"} and not asks_how_much(past):
        return answer
    return first_plural(past)


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
