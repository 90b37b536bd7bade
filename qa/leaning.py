"""Questions without a pronoun that still lean on what was spoken of: `What is the default?`."""

import re
from collections.abc import Sequence

from qa.clause import BE, Clause, parse
from qa.noun_phrases import Kind, Phrase, Role, is_plural, noun_phrases, singular
from qa.past import PastTurn
from qa.proform import is_existential
from qa.referents import RELATIONS, things
from qa.rephrase import filled, first_plural, is_action
from qa.tagging import Tag
from qa.terms import all_stems, stem
from qa.topic import circumstance, tied

_MOST_NOUNS = 2
# Nouns that alone name nothing; which file is meant was said before.
_GENERAL = frozenset(
    "case chapter column copy entry example file folder header item job line list one part piece"
    " process rest row section step table task test thing work".split()
)
_TIES = frozenset("of for that which in with on from between who whose".split())


def lean(core: str, clause: Clause, turns: Sequence[PastTurn]) -> str | None:
    """Say of what the default is, how many of what there are; None for a complete question."""
    turn = turns[-1]
    for found in (_uncounted(clause, turn), _same_noun(clause, turn)):
        if found is not None:
            return found
    phrases = noun_phrases(clause)
    if is_existential(core):
        noun = phrases[-1] if phrases else None
        link = tied(noun.head if noun else "", turn)
        if link is None or _has_own(phrases):
            return None
        return f"{core if clause.is_question else 'Are there ' + core.lower()} {link}?"
    if not clause.is_question or _has_own(phrases):
        return None
    if _all_related(clause, phrases):
        return _tie_after(clause, phrases[-1], turn)
    if is_vague(clause) and _bridges(clause, phrases, turns):
        link = circumstance(turn)
        return None if link is None else f"{core} {link}?"
    return None


def _all_related(clause: Clause, phrases: Sequence[Phrase]) -> bool:
    """Tell whether all nouns are such as `the default`, and it is not said of what."""
    tokens = clause.tokens
    return 0 < len(phrases) <= _MOST_NOUNS and all(
        _is_related(clause, phrase)
        and (phrase.end >= len(tokens) or tokens[phrase.end].low not in _TIES)
        for phrase in phrases
    )


def is_vague(clause: Clause) -> bool:
    """Tell whether nothing in a question names anything: `the work`, `longer`, at most `which`."""
    for phrase in noun_phrases(clause):
        if phrase.role is Role.WH:
            continue
        size = phrase.end - phrase.start
        definite = clause.tokens[phrase.start].low == "the" and size <= 3  # noqa: PLR2004
        if not definite or phrase.long_end != phrase.end or phrase.kind is not Kind.NOUN:
            return False
        if phrase.end < clause.rest[1] and clause.tokens[phrase.end].low in _TIES:
            return False
    return True


def _bridges(clause: Clause, phrases: Sequence[Phrase], turns: Sequence[PastTurn]) -> bool:
    """Tell whether the nouns of a question come from the last answer, or there are none."""
    turn = turns[-1]
    named = [stem(p.head) for p in phrases if p.role is not Role.WH]
    if not named:
        return not phrases and filled(clause.verb)
    if is_action(clause):
        return False
    asked, quoted = all_stems(turn.question), all_stems(" ".join(turn.quotes))
    if any(noun in asked for noun in named):
        return False
    general = all(singular(p.head) in _GENERAL for p in phrases if p.role is not Role.WH)
    return general or any(noun in quoted for noun in named)


def _is_related(clause: Clause, phrase: Phrase) -> bool:
    if singular(phrase.head) not in RELATIONS and phrase.head.lower() not in RELATIONS:
        return False
    return phrase.role is Role.WH or clause.tokens[phrase.start].tag is Tag.DET


def _tie_after(clause: Clause, phrase: Phrase, turn: PastTurn) -> str | None:
    tokens = clause.tokens
    following = tokens[phrase.end].low if phrase.end < len(tokens) else ""
    if following in _TIES:
        return None
    link = tied(phrase.head, turn)
    if link is None:
        return None
    place = phrase.end if phrase.role is not Role.WH else clause.rest[1]
    at = tokens[place - 1].end
    return f"{clause.text[:at]} {link}{clause.text[at:]}"


def _uncounted(clause: Clause, turn: PastTurn) -> str | None:
    """Say of what `how many` are meant: `How many did they use?`."""
    wh = clause.words(clause.wh)
    if wh not in (["how", "many"], ["how", "much"]) or clause.rest[1] == clause.wh[1]:
        return None
    following = clause.tokens[clause.wh[1]]
    if wh[1] == "much" or following.tag not in {Tag.AUX, Tag.WORD} or (
        following.tag is Tag.WORD and is_plural(following.text)
    ):
        return None
    nouns = first_plural(turn.clause())
    if nouns is None:
        return None
    at = clause.tokens[clause.wh[1] - 1].end
    return f"{clause.text[:at]} {nouns}{clause.text[at:]}"


def _same_noun(clause: Clause, turn: PastTurn) -> str | None:
    """Write `the setting` as `the setting threshold`, if that was spoken of."""
    tokens = clause.tokens
    for phrase in noun_phrases(clause):
        bare = phrase.end - phrase.start == 2 and tokens[phrase.start].low == "the"  # noqa: PLR2004
        if is_action(clause) or phrase.role is Role.AFTER or not bare or phrase.long_end != phrase.end:
            continue
        for thing in things(turn):
            words = thing.text.split()
            if thing.weight < 2.5:  # noqa: PLR2004
                continue
            if stem(thing.head) == stem(phrase.head) and len(words) > 2 or _named(thing.text, phrase):  # noqa: PLR2004
                start, end = tokens[phrase.start].start, tokens[phrase.end - 1].end
                if re.match(r"an? ", thing.text):
                    thing_text = re.sub(r"^an? ", "the ", thing.text)
                else:
                    thing_text = thing.text
                return f"{clause.text[:start]}{thing_text}{clause.text[end:]}"
    return None


def _named(text: str, phrase: Phrase) -> bool:
    """Tell whether a phrase is `the setting X` for `the setting`."""
    return re.match(rf"(?:the |an? )?{re.escape(phrase.head)} \S", text, re.IGNORECASE) is not None


__all__ = ["BE", "lean", "parse"]
