"""A sentence to the question that it answers: "A chunk is a passage" to "What is a chunk?"."""

import re
from collections.abc import Callable, Iterator
from enum import StrEnum

from qa.example_patterns import (
    ACCUSED,
    ACTED,
    APPOSITION,
    BOUNDED,
    COUNTED,
    DATED,
    DEFINED,
    DID_IN,
    DONE,
    DONE_BY,
    HAPPENED,
    IMPERSONAL,
    IN_YEAR,
    KIND,
    LEAD,
    MEASURED,
    OFFICE,
    PROVIDED,
    ROLE,
    SAID,
    TO_DO,
    TOOL,
    VAGUE,
    VAGUE_OBJECT,
    VAGUE_SUBJECT,
)
from qa.example_subjects import subject
from qa.example_verbs import BASES, PAST, SIMPLE_PAST, asked_with


class Asks(StrEnum):
    """What an example question asks for."""

    DEFINITION = "definition"
    PERSON = "person"
    DATE = "date"
    AMOUNT = "amount"
    STATEMENT = "statement"
    INSTRUCTION = "instruction"
    ACTION = "action"
    HEADING = "heading"


def sentence_questions(sentence: str, context: str) -> Iterator[tuple[Asks, str]]:
    """Yield the questions that a sentence answers by itself, with what they ask for.

    Args:
        sentence: As it stands in the document.
        context: The passage around it.
    """
    text = re.sub(r" ?\([^()]*\)", "", plain(sentence))
    if lead := LEAD.match(text):
        text = text[lead.end() :][:1].upper() + text[lead.end() + 1 :]
    if text[-1:] != ".":
        return
    for pattern, make in _RULES:
        if (found := pattern.fullmatch(text[:-1])) and (made := make(found, context)):
            yield made


def plain(text: str) -> str:
    """Return text in one line, without Markdown's marks for code, bold words and links."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", " ".join(text.split()))
    return text.replace("**", "").replace("`", "")


_Made = tuple[Asks, str] | None
_Rule = Callable[[re.Match[str], str], _Made]


def _definition(found: re.Match[str], context: str) -> _Made:
    about = subject(found["s"], context)
    if about is None or not KIND.match(found["what"]) or VAGUE_SUBJECT.fullmatch(about):
        return None
    named = about[0].isupper()
    head = " ".join(found["what"].split()[:7])
    if named and ROLE.search(head):
        return Asks.PERSON, f"Who {found['be']} {about}?"
    return Asks.DEFINITION, f"What {found['be']} {about}?"


def _apposition(found: re.Match[str], context: str) -> _Made:  # noqa: ARG001
    office = OFFICE.fullmatch(found["what"])
    return Asks.PERSON, f"Who is {office[0] if office else found['name']}?"


def _date(found: re.Match[str], context: str) -> _Made:
    about = subject(found["s"], context)
    fit = found["done"] in PAST or found["done"] in ("born", "held", "begun", "completed")
    return (Asks.DATE, f"When {found['be']} {about} {found['done']}?") if about and fit else None


def _event(found: re.Match[str], context: str) -> _Made:
    about = subject(found["s"], context)
    base = {"died": "die", "began": "begin", "collapsed": "collapse", "ceased": "cease"}
    verb = base.get(found["verb"]) or PAST[found["verb"]]
    return (Asks.DATE, f"When did {about} {verb}?") if about else None


def _deed_in_year(found: re.Match[str], context: str) -> _Made:
    about = subject(found["s"][0].upper() + found["s"][1:], context)
    if about is None or found["verb"] not in PAST or VAGUE_OBJECT.search(found["rest"]):
        return None
    return Asks.DATE, f"When did {about} {PAST[found['verb']]} {found['rest']}?"


def _author(found: re.Match[str], context: str) -> _Made:
    about, done = subject(found["s"], context), found["done"]
    if about is None or (done not in PAST and done not in SIMPLE_PAST):
        return None
    return Asks.PERSON, f"Who {SIMPLE_PAST.get(done, done)} {about}?"


def _amount(found: re.Match[str], context: str) -> _Made:
    return _with_verb(found, context, Asks.AMOUNT, f"How many {found['noun']}")


def _measure(found: re.Match[str], context: str) -> _Made:
    return _with_verb(found, context, Asks.AMOUNT, f"How much {found['noun']}")


def _bound(found: re.Match[str], context: str) -> _Made:
    about = subject(found["s"], context)
    asked = f"How many {found['noun']} {found['can']} {about} {found['verb']}?"
    return (Asks.AMOUNT, asked) if about else None


def _statement(found: re.Match[str], context: str) -> _Made:
    if IMPERSONAL.fullmatch(found["s"]) and not ROLE.search(found["s"]):
        return None  # settings and signs "say" too
    made = _with_verb(found, context, Asks.STATEMENT, "What")
    warned = found["verb"].startswith("warn")
    return (made[0], made[1].replace(" warn?", " warn of?")) if made and warned else made


def _accusation(found: re.Match[str], context: str) -> _Made:
    about = subject(found["s"], context)
    helper = "does" if found["verb"] == "accuses" else "did"
    return (Asks.STATEMENT, f"What {helper} {about} accuse {found['whom']} of?") if about else None


def _deed(found: re.Match[str], context: str) -> _Made:
    about = subject(found["s"], context)
    return (Asks.STATEMENT, f"What {found['has']} {about} {found['done']}?") if about else None


def _instruction(found: re.Match[str], context: str) -> _Made:  # noqa: ARG001
    if found["verb"] not in BASES:
        return None
    what = re.sub(r"\byour\b", "my", found["what"])
    return None if VAGUE.search(what) else (Asks.INSTRUCTION, f"How do I {what}?")


def _purpose(found: re.Match[str], context: str) -> _Made:
    return _with_verb(found, context, Asks.ACTION, "What")


def _action(found: re.Match[str], context: str) -> _Made:
    about = subject(found["s"], context)
    acts = about is not None and (TOOL.search(about) or about.isupper())
    return (Asks.ACTION, f"What does {about} do?") if acts else None


def _with_verb(found: re.Match[str], context: str, asks: Asks, wanted: str) -> _Made:
    about, verb = subject(found["s"], context), asked_with(found["verb"])
    return (asks, f"{wanted} {verb[0]} {about} {verb[1]}?") if about and verb else None


_RULES: tuple[tuple[re.Pattern[str], _Rule], ...] = (
    (DEFINED, _definition),
    (APPOSITION, _apposition),
    (DATED, _date),
    (HAPPENED, _event),
    (IN_YEAR, _deed_in_year),
    (DID_IN, _deed_in_year),
    (DONE_BY, _author),
    (COUNTED, _amount),
    (MEASURED, _measure),
    (BOUNDED, _bound),
    (SAID, _statement),
    (ACCUSED, _accusation),
    (DONE, _deed),
    (TO_DO, _instruction),
    (PROVIDED, _purpose),
    (ACTED, _action),
)
