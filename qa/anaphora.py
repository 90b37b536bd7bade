"""Pronouns and `that command`: what they stand for, written in their place."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.clause import BE, Clause, parse
from qa.noun_phrases import Kind, Phrase, Role, is_plural, noun_phrases, plural_of, singular
from qa.past import PastTurn
from qa.referents import (
    NAMED_BY,
    RELATIONS,
    Number,
    Referent,
    people,
    places,
    recent,
    short_answers,
    things,
)
from qa.tagging import Tag, Token, tokenise
from qa.topic import tied
from qa.word_lists import word_set

_PERSON = word_set("he him his she her hers")
_SEVERAL = word_set("they them their theirs these those")
_THING = word_set("it its this that")
_POSSESSIVE = word_set("its their his her")
_POINTING = word_set("this that these those such")
ANAPHORS = _PERSON | _SEVERAL | _THING
_TIMES = word_set("before after since until by")
_DONE = word_set("do doing done")
_DOCUMENTS = word_set(
    "document report article paper text page source briefing book letter mail manual note"
)


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


def is_open(clause: Clause, place: int) -> bool:
    """Tell whether a token leans on what was said before and on nothing in its own question."""
    token = clause.tokens[place]
    if token.low not in ANAPHORS or (token.text.isupper() and len(token.text) > 1):
        return False
    if token.low == "that" and _joins(clause, place):
        return False
    if place and clause.tokens[place - 1].low in _DONE and clause.aux[0] != place - 1:
        return False
    if token.low in {"it", "this"} and _is_empty(clause, place):
        return False
    return (token.low in _POINTING and _has_noun(clause, place)) or not _bound(clause, place)


def _edit(clause: Clause, place: int, turns: Sequence[PastTurn], used: set[str]) -> Edit | None:
    tokens = clause.tokens
    token = tokens[place]
    if token.low == "there" and not _beside_be(tokens, place):
        return _placed(token, turns)
    if not is_open(clause, place):
        return None
    if token.low == "that" and place and tokens[place - 1].low in _TIMES:
        dated = _date(turns)
        if dated is not None:
            return Edit(token.start, token.end, dated)
    if token.low in _PERSON:
        return _person(clause, place, turns, used)
    if token.low in _POINTING and _has_noun(clause, place):
        return _pointed(clause, place, turns)
    found = choose(clause, token, turns, used)
    if found is None:
        return None
    if token.low in _SEVERAL and found.number is Number.ONE and found.kind is Kind.NOUN:
        several = re.sub(
            rf"^an? (.*){re.escape(found.head)}", rf"\1{plural_of(found.head)}", found.text
        )
        found = replace(found, text=several)
    if token.low in _POSSESSIVE:
        return _owned(clause, place, found.text)
    return Edit(token.start, token.end, found.text)


def _date(turns: Sequence[PastTurn]) -> str | None:
    """Return the date that was spoken of last, in a question or else in an answer."""
    for turn in recent(turns):
        for text in (turn.question, *turn.answers[:1]):
            found = [p for p in noun_phrases(parse(text[:200])) if p.kind is Kind.DATE]
            if found:
                return parse(text[:200]).of((found[-1].start, found[-1].end))
    return None


def choose(
    clause: Clause, token: Token, turns: Sequence[PastTurn], used: set[str]
) -> Referent | None:
    """Return what `it` or `they` stands for: the weightiest that fits, of the latest turn."""
    mentioned = {
        singular(phrase.head) for phrase in noun_phrases(clause) if phrase.role is not Role.WH
    }
    several = token.low in _SEVERAL
    for turn in recent(turns):
        fitting = [
            (_weight(thing, several=several, token=token, clause=clause), -number, thing)
            for number, thing in enumerate(things(turn))
            if thing.text not in used and singular(thing.head) not in mentioned
        ]
        best = max(fitting, default=None, key=lambda row: row[:2])
        if best is not None and best[0] > 0:
            return best[2]
    return None


def _weight(thing: Referent, *, several: bool, token: Token, clause: Clause) -> float:
    weight = thing.weight
    if several and thing.number is Number.ONE:
        weight -= 2.4 if thing.kind in {Kind.NAME, Kind.PLACE} or thing.weight <= 3 else 3.4  # noqa: PLR2004
    if token.low in {"that", "this"} and not thing.subject:
        weight += 0.8
    if not several and thing.number is Number.SEVERAL:
        weight -= 2.7
    if thing.head.lower() in RELATIONS:
        weight -= 0.7
    is_object = not clause.subject[0] <= clause.tokens.index(token) < clause.subject[1]
    if token.low == "them" and is_object and thing.subject:
        weight -= 0.3
    return weight


def _joins(clause: Clause, place: int) -> bool:
    """Tell `the file that failed` and `say that it works` from `why is that`."""
    tokens = clause.tokens
    if place + 1 >= len(tokens) or tokens[place + 1].tag is Tag.MARK or place == 0:
        return False
    before, after = tokens[place - 1], tokens[place + 1]
    if clause.subject[0] == place:
        return False
    if after.tag is Tag.AUX and before.tag is not Tag.JOIN:
        return True
    if before.tag in {Tag.PREP, Tag.AUX, Tag.JOIN, Tag.MARK}:
        return False
    if before.tag in {Tag.WH, Tag.ADVERB}:
        return before.tag is Tag.ADVERB
    if clause.verb[0] <= place - 1 < clause.verb[1]:
        return place + 2 < len(tokens) and tokens[place + 2].tag not in {Tag.PREP, Tag.MARK}
    return after.tag is not Tag.PREP


def _is_empty(clause: Clause, place: int) -> bool:
    """Tell `is it possible to ...` and `how long does it take to ...` from a real `it`."""
    following = [token.low for token in clause.tokens[place + 1 :]]
    if following[:1] in (["mean"], ["means"]) and len(following) > 2:  # noqa: PLR2004
        return True
    if following[1:2] == ["that"]:
        return True
    return "to" in following[:4] and bool(
        {"possible", "necessary", "safe", "easy", "hard", "take", "takes", "important", "ok"}
        & set(following[:2])
    )


def _has_noun(clause: Clause, place: int) -> bool:
    tokens = clause.tokens
    if place + 1 >= len(tokens) or clause.subject == (place, place + 1):
        return False
    after = place + 1
    if tokens[after].tag is Tag.ADJECTIVE and after + 1 < len(tokens):
        after += 1
    nouns = {Tag.WORD, Tag.NAME, Tag.CODE, Tag.NUMBER}
    return tokens[after].tag in nouns and clause.verb[0] != place + 1


def _bound(clause: Clause, place: int) -> bool:
    """Tell whether a pronoun stands for something earlier in its own question."""
    tokens = clause.tokens
    word = tokens[place].low
    for phrase in noun_phrases(clause):
        if phrase.end > place or not _agrees(phrase, word):
            continue
        between = tokens[phrase.end : place]
        if word in _POSSESSIVE and phrase.role is not Role.WH:
            return True
        if phrase.role is Role.WH and word not in _POSSESSIVE and len(between) > 1:
            continue
        if any(
            t.tag in {Tag.JOIN, Tag.WH} or t.low in {"that", ",", "after", "before"}
            for t in between
        ):
            return True
    return False


def _agrees(phrase: Phrase, word: str) -> bool:
    if phrase.kind in {Kind.DATE, Kind.NUMBER}:
        return False
    if word in _PERSON:
        return phrase.kind is Kind.NAME or phrase.role is Role.SUBJECT
    return phrase.plural == (word in _SEVERAL)


def _beside_be(tokens: Sequence[Token], place: int) -> bool:
    near = [tokens[i] for i in (place - 1, place + 1) if 0 <= i < len(tokens)]
    ends = place + 1 >= len(tokens) or tokens[place + 1].tag is Tag.MARK
    return any(token.low in BE or token.tag is Tag.AUX for token in near) and not ends


def _placed(token: Token, turns: Sequence[PastTurn]) -> Edit | None:
    for turn in recent(turns):
        found = places(turn)
        if found:
            return Edit(token.start, token.end, found[0])
    return None


def _person(clause: Clause, place: int, turns: Sequence[PastTurn], used: set[str]) -> Edit | None:
    token = clause.tokens[place]
    own = token.low in {"his", "hers"} or (token.low == "her" and _has_noun(clause, place))
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
    nouns = {Tag.WORD, Tag.NAME, Tag.CODE, Tag.ADJECTIVE}
    while (
        stop < len(tokens)
        and tokens[stop].tag in nouns
        and not (clause.verb[0] <= stop < clause.verb[1])
    ):
        stop += 1
    ends = stop >= len(tokens) or tokens[stop].tag in {Tag.MARK, Tag.PREP, Tag.JOIN}
    if not ends or stop == place + 1 or (len(owner.split()) < 3 and owner[0].isupper()):  # noqa: PLR2004
        return Edit(tokens[place].start, tokens[place].end, f"{owner}'s")
    noun = clause.text[tokens[place + 1].start : tokens[stop - 1].end]
    return Edit(tokens[place].start, tokens[stop - 1].end, f"the {noun} of {owner}")


def _pointed(clause: Clause, place: int, turns: Sequence[PastTurn]) -> Edit | None:
    """Write what `that command` stands for."""
    tokens, stop = clause.tokens, place + 1
    while (
        stop < len(tokens)
        and tokens[stop].tag in {Tag.WORD, Tag.NAME, Tag.ADJECTIVE}
        and not (
            clause.verb[0] <= stop < clause.verb[1]
            or (stop == clause.subject[1] > clause.subject[0])
        )
    ):
        stop += 1
    stop = max(stop, place + 2)
    start, end = tokens[place].start, tokens[stop - 1].end
    noun = clause.text[tokens[place + 1].start : end]
    words = _meant(noun, turns)
    return None if words is None else Edit(start, end, words)


def _meant(noun: str, turns: Sequence[PastTurn]) -> str | None:
    head = noun.rsplit(maxsplit=1)[-1]
    wanted = singular(head)
    for turn in recent(turns):
        answer = _answer_named(noun, wanted, turn)
        if answer is not None:
            return answer
        spoken = sorted(things(turn), key=lambda thing: -thing.weight)
        for thing in spoken:
            if singular(thing.head) == wanted:
                return thing.text
        for thing in spoken:
            if singular(head) in NAMED_BY and thing.kind is Kind.CODE:
                return f"the {noun} {thing.text}"
        quoted = quoted_phrase(wanted, turn)
        if quoted is not None:
            return quoted
        if singular(head) in _DOCUMENTS and turn.titles:
            return f'the {noun} "{turn.titles[0][:80]}"'
    link = tied(noun, turns[-1])
    return f"the {noun}" if link is None else f"the {noun} {link}"


def _answer_named(noun: str, wanted: str, turn: PastTurn) -> str | None:
    """Return the answer that was asked for as such a thing: `the setting max_file_bytes`."""
    clause = turn.clause()
    asked = [singular(p.head) for p in noun_phrases(clause) if p.role is Role.WH]
    for answer in short_answers(turn)[:1]:
        tokens = tokenise(answer)
        is_code = len(tokens) == 1 and tokens[0].tag is Tag.CODE
        if is_code and (wanted in asked or singular(noun) in NAMED_BY):
            return f"the {noun} {answer}"
        if wanted in asked and tokens[0].tag is not Tag.PREP:
            return answer
    return None


def quoted_phrase(head_stem: str, turn: PastTurn) -> str | None:
    """Return the phrase of an answer or quote that has this head: `intelligence agencies`."""
    for quote in (*turn.answers[:2], *turn.quotes[:2]):
        clause = parse(quote[:400])
        for phrase in noun_phrases(clause):
            longer = phrase.end - phrase.start > 1
            if longer and singular(phrase.head) == head_stem:
                return clause.of((phrase.start, phrase.end))
    return None


__all__ = ["ANAPHORS", "Edit", "apply", "choose", "is_open", "is_plural", "resolve", "tokenise"]
