"""The people of a conversation, for `he`, `she` and `who`."""

import re

from qa.clause import Clause
from qa.noun_phrases import Kind, Role, kind_of, noun_phrases
from qa.past import PastTurn
from qa.places import is_place
from qa.referents import has_only_be, short_answers
from qa.tagging import Tag, tokenise
from qa.word_lists import word_set

_NO_PERSON = word_set(
    """
    university strip states house administration agency council east west asia africa committee
    kingdom street union bank institute college department ministry party group company court
    times post journal press hopkins city republic army navy force forces corps
    """
)
_ROLES = word_set(
    """
    minister president professor author director manager doctor officer chief king queen senator
    teacher leader expert editor owner founder chair chairman chairwoman secretary spokesman
    spokeswoman man woman person employee tenant landlord customer patient ambassador general
    """
)
_PERSON_NAME = re.compile(r"\b[A-Z][^\W\d_]+(?:[- ][A-Z][^\W\d_]*\.?){1,3}(?!\w)")
_SAYS = re.compile(r",? (?:is|was|says|said|told|wrote|thinks|argues|warns|accused|works|,)\b")
_TITLED = re.compile(
    r"\b(?:President|Minister|Dr|Mr|Mrs|Ms|Professor|Prof|Sir|Senator|General|Chancellor|King|Queen)"
    r"\.? $"
)
_TEXT_CHARS = 2000
_NEAR_CHARS = 12


def people(turn: PastTurn) -> list[str]:
    """Return the people of a turn, the likeliest first."""
    clause = turn.clause()
    if clause.wh_word in {"who", "whom", "whose"}:
        named = [phrase for phrase in noun_phrases(clause) if phrase.role is Role.SUBJECT]
        if has_only_be(clause) and named and named[0].kind is Kind.NAME:
            return [clause.of((named[0].start, named[0].long_end))]
        answers = [a for a in short_answers(turn) if kind_of(tokenise(a)) is Kind.NAME]
        if answers:
            return answers
    texts = [turn.question, *turn.answers[:1], *turn.quotes[:1]]
    found = [name for text in texts for name in _person_names(text)]
    return list(dict.fromkeys(found)) or _roles(clause)


def _person_names(text: str) -> list[str]:
    scored = []
    for match in _PERSON_NAME.finditer(text[:_TEXT_CHARS]):
        name = match[0]
        before = text[max(match.start() - _NEAR_CHARS, 0) : match.start()]
        after = text[match.end() : match.end() + _NEAR_CHARS]
        last = name.replace("-", " ").lower().split()
        if _NO_PERSON & set(last) or is_place(name) or before.endswith(("the ", "The ", "at ")):
            continue
        if tokenise(name.split()[0].lower())[0].tag not in {Tag.WORD, Tag.NAME}:
            continue
        bonus = bool(_SAYS.match(after) or _TITLED.search(before) or after.startswith(", "))
        scored.append((not bonus, match.start(), name))
    return [name for _, _, name in sorted(scored)]


def _roles(clause: Clause) -> list[str]:
    """Return the roles of people in a question: `the foreign minister of Iran`."""
    return [
        clause.of((phrase.start, phrase.long_end))
        for phrase in noun_phrases(clause)
        if phrase.head.lower() in _ROLES
    ]
