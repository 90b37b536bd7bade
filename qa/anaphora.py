"""What `it`, `he` and `that command` stand for, written in their place."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.clause import Clause, parse
from qa.demonstratives import meant, noun_end
from qa.noun_phrases import Kind, Role, noun_phrases
from qa.past import PastTurn
from qa.people import people
from qa.plurals import plural_of, singular
from qa.pronouns import PERSON, POINTING, POSSESSIVE, SEVERAL, has_noun, is_open, names_place
from qa.referents import Number, Referent, places, recent, things
from qa.tagging import Tag, Token
from qa.word_lists import CHANGING, RELATIONS, word_set

_TIMES = word_set("before after since until by")
_NOUNS = frozenset({Tag.WORD, Tag.NAME, Tag.CODE, Tag.ADJECTIVE})
_SHORT_NAME = 2
_DATE_CHARS = 200
# Weights of referents run from 1.5 to 3.6 (qa/referents.py). A wrong number all but rules one out;
# a name, such as that of a company, can be `they`.
_NOT_SEVERAL, _NOT_SEVERAL_ASKED, _NOT_ONE = 2.4, 3.4, 2.7
_JUST_SAID, _RELATION, _SUBJECT_AS_OBJECT = 0.8, 0.7, 0.6
_ASKED_FOR = 3.0


@dataclass(frozen=True, slots=True)
class Edit:
    """Words that take the place of `text[start:end]`."""

    start: int
    end: int
    words: str


def resolve(text: str, turns: Sequence[PastTurn]) -> str | None:
    """Write what pronouns stand for in their place; None if there are none or none is clear."""
    clause = parse(text)
    edits: list[Edit] = []
    used: set[str] = set()
    for place, token in enumerate(clause.tokens):
        if any(edit.end > token.start for edit in edits):
            continue
        edit = _edit(clause, place, turns, used)
        if edit is not None:
            edits.append(edit)
            used.add(edit.words)
    if not edits:
        return None
    return apply(clause.text, edits)


def apply(text: str, edits: Sequence[Edit]) -> str:
    """Return a text with its edits made."""
    for edit in sorted(edits, key=lambda edit: -edit.start):
        text = text[: edit.start] + edit.words + text[edit.end :]
    return text


def _edit(clause: Clause, place: int, turns: Sequence[PastTurn], used: set[str]) -> Edit | None:
    token = clause.tokens[place]
    if names_place(clause, place):
        return _place(clause, place, turns)
    if not is_open(clause, place):
        return None
    dated = _date(turns) if token.low == "that" and _follows(clause, place, _TIMES) else None
    if dated is not None:
        return Edit(token.start, token.end, dated)
    who = clause.wh_word == "who" and clause.subject == (place, place + 1)
    if token.low in PERSON or (who and token.low in {"that", "this", "it"}):
        return _person(clause, place, turns, used)
    if token.low in POINTING and has_noun(clause, place):
        stop = noun_end(clause, place)
        noun = clause.of((place + 1, stop))
        return Edit(token.start, clause.tokens[stop - 1].end, meant(noun, turns))
    return _thing(clause, place, turns, used)


def _place(clause: Clause, place: int, turns: Sequence[PastTurn]) -> Edit | None:
    token = clause.tokens[place]
    found = next((places(turn)[0] for turn in recent(turns) if places(turn)), None)
    if found is None:
        return None
    first, _, rest = found.partition(" ")
    doubled = _follows(clause, place, frozenset({first.lower()}))
    return Edit(token.start, token.end, rest if doubled else found)


def _follows(clause: Clause, place: int, words: frozenset[str]) -> bool:
    return place > 0 and clause.tokens[place - 1].low in words


def _thing(clause: Clause, place: int, turns: Sequence[PastTurn], used: set[str]) -> Edit | None:
    token = clause.tokens[place]
    found = choose(clause, token, turns, used)
    if found is None:
        return None
    if token.low in SEVERAL and found.number is Number.ONE and found.kind is Kind.NOUN:
        found = replace(found, text=_several(found))
    if token.low in POSSESSIVE:
        return _owned(clause, place, found.text)
    return Edit(token.start, token.end, found.text)


def _several(thing: Referent) -> str:
    """Return `word pieces` for `a word piece`."""
    article, _, rest = thing.text.partition(" ")
    before, head, after = rest.partition(thing.head)
    if article.lower() not in {"a", "an"} or not head:
        return thing.text
    return f"{before}{plural_of(head)}{after}"


def _date(turns: Sequence[PastTurn]) -> str | None:
    """Return the date that was spoken of last, in a question or else in an answer."""
    for turn in recent(turns):
        for text in (turn.question, *turn.answers[:1]):
            found = [p for p in noun_phrases(parse(text[:_DATE_CHARS])) if p.kind is Kind.DATE]
            if found:
                return parse(text[:_DATE_CHARS]).of((found[-1].start, found[-1].end))
    return None


def choose(
    clause: Clause, token: Token, turns: Sequence[PastTurn], used: set[str]
) -> Referent | None:
    """Return what `it` or `they` stands for: the weightiest that fits, of the latest turn."""
    mentioned = {
        singular(phrase.head) for phrase in noun_phrases(clause) if phrase.role is not Role.WH
    }
    several = token.low in SEVERAL
    changing = CHANGING & set(clause.words(clause.verb)) != frozenset()
    subject = clause.subject[0] <= clause.tokens.index(token) < clause.subject[1]
    for turn in recent(turns):
        fitting = [
            (
                _weight(thing, several=several, token=token, subject=subject, changing=changing),
                -number,
                thing,
            )
            for number, thing in enumerate(things(turn))
            if thing.text not in used and singular(thing.head) not in mentioned
        ]
        best = max(fitting, default=None, key=lambda row: row[:2])
        if best is not None and best[0] > 0:
            return best[2]
    return None


def _weight(
    thing: Referent, *, several: bool, token: Token, subject: bool, changing: bool
) -> float:
    weight = thing.weight
    if several and thing.number is Number.ONE:
        named = thing.kind in {Kind.NAME, Kind.PLACE}
        weight -= _NOT_SEVERAL if named or weight <= _ASKED_FOR else _NOT_SEVERAL_ASKED
    if not several and thing.number is Number.SEVERAL:
        weight -= _NOT_ONE
    if token.low in {"that", "this"} and not thing.subject:
        weight += _JUST_SAID
    if thing.head.lower() in RELATIONS:
        weight += _RELATION if changing else -_RELATION
    if thing.subject and not subject and token.low not in POSSESSIVE:
        weight -= _SUBJECT_AS_OBJECT
    return weight


def _person(clause: Clause, place: int, turns: Sequence[PastTurn], used: set[str]) -> Edit | None:
    token = clause.tokens[place]
    own = token.low in {"his", "hers"} or (token.low == "her" and has_noun(clause, place))
    for turn in recent(turns):
        found = [name for name in people(turn) if name not in used]
        if found:
            if own:
                return _owned(clause, place, found[0])
            return Edit(token.start, token.end, found[0])
    return None


def _owned(clause: Clause, place: int, owner: str) -> Edit:
    """Write `its default` as `the default of ...`, where the noun ends the question or a part."""
    tokens, stop = clause.tokens, place + 1
    while stop < len(tokens) and tokens[stop].tag in _NOUNS and not clause.is_verb(stop):
        stop += 1
    ends = stop >= len(tokens) or tokens[stop].tag in {Tag.MARK, Tag.PREP, Tag.JOIN}
    is_name = len(owner.split()) <= _SHORT_NAME and owner[0].isupper()
    if is_name or not ends or stop == place + 1:
        return Edit(tokens[place].start, tokens[place].end, f"{owner}'s")
    noun = clause.text[tokens[place + 1].start : tokens[stop - 1].end]
    return Edit(tokens[place].start, tokens[stop - 1].end, f"the {noun} of {owner}")
