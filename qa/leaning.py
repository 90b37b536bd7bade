"""Questions without a pronoun that still lean on what was spoken of: `What is the default?`."""

import re
from collections.abc import Sequence

from qa.clause import Clause
from qa.noun_phrases import Kind, Phrase, Role, noun_phrases
from qa.past import PastTurn
from qa.plurals import is_plural, singular
from qa.proform import is_existential
from qa.pronouns import PERSON
from qa.referents import Referent, things
from qa.rephrase import filled, first_plural, is_action
from qa.tagging import Tag
from qa.terms import words
from qa.topic import circumstance, tied
from qa.word_lists import RELATIONS, word_set

_MOST_NOUNS = 2
_LONGEST_DEFINITE = 3
# Nouns that alone name nothing; which file is meant was said before.
_GENERAL = word_set(
    "case chapter column copy entry example file folder header item job line list one part piece"
    " process rest row section step table task test thing work"
)
_PEOPLE = frozenset({"author", "king", "leader", "owner", "president", "queen"})
_TIES = word_set("of for that which in with on from between who whose")
_NAMING = frozenset({Kind.NAME, Kind.PLACE, Kind.CODE, Kind.DATE})


def lean(core: str, clause: Clause, turns: Sequence[PastTurn]) -> str | None:
    """Say of what the default is, how many of what there are; None for a complete question.

    Args:
        core: The question without `and` in front and marks behind.
        clause: The same, cut into its parts.
        turns: The exchanges before; only the last counts.
    """
    turn = turns[-1]
    found = _uncounted(clause, turn) or _same_noun(clause, turn)
    phrases = noun_phrases(clause)
    if found is not None or any(phrase.kind in _NAMING for phrase in phrases):
        return found
    if is_existential(core):
        return _existing(core, clause, turn)
    if not clause.is_question:
        return None
    if _all_related(clause, phrases):
        return _tie_after(clause, phrases[-1], turn)
    if is_vague(clause) and _bridges(clause, phrases, turn):
        link = circumstance(turn)
        return None if link is None else f"{core} {link}?"
    return None


def _existing(core: str, clause: Clause, turn: PastTurn) -> str | None:
    """Say for what there may be a limit or exceptions."""
    phrases = noun_phrases(clause)
    link = tied(phrases[-1].head if phrases else "", turn)
    if link is None:
        return None
    start = core if clause.is_question else f"Are there {core.lower()}"
    return f"{start} {link}?"


def is_vague(clause: Clause) -> bool:
    """Tell whether nothing in a question names anything: `the work`, `longer`, at most `which`."""
    for phrase in noun_phrases(clause):
        if phrase.role is Role.WH:
            continue
        short = phrase.end - phrase.start <= _LONGEST_DEFINITE
        definite = clause.tokens[phrase.start].low == "the" and short
        if not definite or phrase.long_end != phrase.end or phrase.kind is not Kind.NOUN:
            return False
        if phrase.end < clause.rest[1] and clause.tokens[phrase.end].low in _TIES:
            return False
    return True


def _bridges(clause: Clause, phrases: Sequence[Phrase], turn: PastTurn) -> bool:
    """Tell whether the nouns of a question come from the last answer, or there are none.

    What the question before named needs no more words, and a noun that is new may be a new topic.
    """
    named = [phrase for phrase in phrases if phrase.role is not Role.WH]
    if not named:
        said = filled(clause.verb) or any(t.tag is Tag.ADJECTIVE for t in clause.tokens)
        somebody = any(token.low in PERSON for token in clause.tokens)
        return not phrases and said and not somebody
    nouns = [singular(phrase.head) for phrase in named]
    asked = _nouns(turn.question)
    if is_action(clause) or not asked.isdisjoint(nouns):
        return False
    if all(p.end - p.start == 2 and n in _GENERAL for p, n in zip(named, nouns, strict=True)):  # noqa: PLR2004
        return True
    return not _nouns(" ".join(turn.quotes)[:2000]).isdisjoint(nouns)


def _nouns(text: str) -> frozenset[str]:
    return frozenset(singular(word) for word in words(text))


def _all_related(clause: Clause, phrases: Sequence[Phrase]) -> bool:
    """Tell whether all nouns are such as `the default`, and it is not said of what."""
    tokens = clause.tokens
    return 0 < len(phrases) <= _MOST_NOUNS and all(
        _is_related(clause, phrase)
        and (phrase.end >= len(tokens) or tokens[phrase.end].low not in _TIES)
        for phrase in phrases
    )


def _is_related(clause: Clause, phrase: Phrase) -> bool:
    if singular(phrase.head) not in RELATIONS and phrase.head.lower() not in RELATIONS:
        return False
    if filled(clause.verb) and phrase.head.lower() in _PEOPLE:
        return False
    return phrase.role is Role.WH or clause.tokens[phrase.start].tag is Tag.DET


def _tie_after(clause: Clause, phrase: Phrase, turn: PastTurn) -> str | None:
    link = tied(phrase.head, turn)
    if link is None:
        return None
    place = phrase.end if phrase.role is not Role.WH else clause.rest[1]
    at = clause.tokens[place - 1].end
    return f"{clause.text[:at]} {link}{clause.text[at:]}"


def _uncounted(clause: Clause, turn: PastTurn) -> str | None:
    """Say of what `how many` are meant: `How many did they use?`."""
    if clause.words(clause.wh) != ["how", "many"] or clause.rest[1] == clause.wh[1]:
        return None
    following = clause.tokens[clause.wh[1]]
    is_noun = following.tag is Tag.WORD and is_plural(following.text)
    if following.tag not in {Tag.AUX, Tag.WORD} or is_noun:
        return None
    nouns = first_plural(turn.clause())
    if nouns is None:
        return None
    at = clause.tokens[clause.wh[1] - 1].end
    return f"{clause.text[:at]} {nouns}{clause.text[at:]}"


def _same_noun(clause: Clause, turn: PastTurn) -> str | None:
    """Write `the setting` as `the setting threshold`, if that was spoken of."""
    if is_action(clause):
        return None
    tokens = clause.tokens
    for phrase in noun_phrases(clause):
        bare = phrase.end - phrase.start == 2 and tokens[phrase.start].low == "the"  # noqa: PLR2004
        if not bare or phrase.role is Role.AFTER or phrase.long_end != phrase.end:
            continue
        for thing in things(turn):
            if _says_more(thing, phrase):
                spoken = re.sub(r"^an? ", "the ", thing.text)
                start, end = tokens[phrase.start].start, tokens[phrase.end - 1].end
                return f"{clause.text[:start]}{spoken}{clause.text[end:]}"
    return None


def _says_more(thing: Referent, phrase: Phrase) -> bool:
    """Tell whether something spoken of is `the setting X` or `the X setting` for `the setting`."""
    if thing.weight < 2.5:  # noqa: PLR2004
        return False
    same = singular(thing.head) == singular(phrase.head) and len(thing.text.split()) > 2  # noqa: PLR2004
    named = rf"(?:the |an? )?{re.escape(phrase.head)} \S"
    return same or re.match(named, thing.text, re.IGNORECASE) is not None
