"""What a pronoun in a follow-up may stand for: things, people and places spoken of before."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from qa.clause import Clause
from qa.noun_phrases import Kind, Phrase, Role, kind_of, noun_phrases
from qa.past import PastTurn
from qa.plurals import is_plural, singular
from qa.rephrase import as_noun_phrase, is_action
from qa.tagging import Tag, tokenise
from qa.word_lists import NAMED_BY, RELATIONS

LOOK_BACK = 4
"""Turns that are searched, from the last."""
_LONGEST_WORDS = 8
_LONGEST_CHARS = 90
_QUOTE_CHARS = 400
# How likely a phrase is taken up, by its place; tuned on conversations (docs/follow-ups.md).
_WEIGHTS = {Role.SUBJECT: 3.0, Role.OBJECT: 2.5, Role.AFTER: 1.5, Role.WH: 3.2}
_QUOTED_CODE, _ANSWER, _RELATED = 3.6, 3.5, 3.4
_LOOSE_ANSWER, _DEFINING_ANSWER, _SECOND_IN_SUBJECT = 2.6, 2.0, 1.6
_PLACING = frozenset({"in", "at", "on", "inside"})


class Number(StrEnum):
    """Whether one or several are meant."""

    ONE = "one"
    SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class Referent:
    """A phrase that a pronoun may stand for, the better the higher its weight."""

    text: str
    head: str
    number: Number
    kind: Kind
    weight: float
    subject: bool = False


def short_answers(turn: PastTurn) -> list[str]:
    """Return the answers that can stand in a question as a noun phrase, without a full stop."""
    found = []
    for answer in turn.answers:
        text = " ".join(answer.split()).strip(" .,;")
        if not text or len(text) > _LONGEST_CHARS or len(text.split()) > _LONGEST_WORDS:
            continue
        tokens = tokenise(text)
        if any(t.tag in {Tag.AUX, Tag.PRON, Tag.WH} or t.text in ";|=" for t in tokens):
            continue
        if any(t.tag in {Tag.NAME, Tag.WORD, Tag.CODE, Tag.DATE, Tag.NUMBER} for t in tokens):
            found.append(_uncapitalised(text, turn))
    return found


def things(turn: PastTurn) -> list[Referent]:
    """Return what `it` or `they` may stand for after a turn, in the order of the text."""
    clause = turn.clause()
    return [*_from_answers(turn, clause), *_from_question(clause)]


def has_only_be(clause: Clause) -> bool:
    """Tell whether a question has a form of `be` and no other verb: `Who is Vali Nasr?`."""
    return clause.verb[0] == clause.verb[1] and bool(clause.words(clause.aux))


def places(turn: PastTurn) -> list[str]:
    """Return the places of a turn with their preposition: `in Iraq`."""
    clause = turn.clause()
    answers = short_answers(turn) if clause.wh_word == "where" else []
    found = [a if tokenise(a)[0].tag is Tag.PREP else f"in {a}" for a in answers]
    named = [
        f"{phrase.preposition or 'in'} {clause.of((phrase.start, phrase.long_end))}"
        for phrase in reversed(noun_phrases(clause))
        if phrase.kind is Kind.PLACE or phrase.preposition in _PLACING
    ]
    return found + named


def _from_answers(turn: PastTurn, clause: Clause) -> Iterator[Referent]:
    code = _quoted_code(turn, clause)
    if code is not None:
        yield Referent(code, code, Number.ONE, Kind.CODE, _QUOTED_CODE)
        return
    if clause.wh_word not in {"which", "what", "who"} or _measures(clause):
        return
    for text in short_answers(turn)[:1]:
        tokens = tokenise(text)
        kind, head = kind_of(tokens), _head(text)
        if kind in {Kind.DATE, Kind.NUMBER} or tokens[0].tag is Tag.PREP:
            continue
        several = is_plural(head) or any(token.low == "and" for token in tokens)
        number = Number.SEVERAL if several and kind is not Kind.CODE else Number.ONE
        yield Referent(text, head, number, kind, _answer_weight(clause, kind))


def _answer_weight(clause: Clause, kind: Kind) -> float:
    """Return less for `who`, which no `it` takes up, and for what a thing is said to be."""
    defines = has_only_be(clause) and kind not in {Kind.NAME, Kind.PLACE}
    if clause.wh_word == "who" or (defines and clause.wh_word == "what"):
        return _DEFINING_ANSWER
    bare = clause.wh_word == "what" and clause.wh[1] - clause.wh[0] == 1
    loose = bare and clause.subject[1] > 0 and not is_action(clause)
    return _LOOSE_ANSWER if loose else _ANSWER


def _quoted_code(turn: PastTurn, clause: Clause) -> str | None:
    """Return what a question for a command or file was answered with: the code in the quote."""
    nouns = [singular(p.head) for p in noun_phrases(clause) if p.role is Role.WH]
    if not nouns or nouns[-1] not in NAMED_BY or not turn.quotes or short_answers(turn):
        return None
    quote = turn.quotes[0][:_QUOTE_CHARS]
    found = re.findall(rf"\b{re.escape(nouns[-1])} (`[^`\n]{{1,60}}`)", quote, re.IGNORECASE)
    if not found and nouns[-1] == "command":
        found = re.findall(r"`[^`\n]{1,40} [^`\n]{1,40}`", quote)
    return found[0] if found else None


def _measures(clause: Clause) -> bool:
    return bool({"many", "much", "long", "often", "year", "date"} & set(clause.words(clause.wh)))


def _from_question(clause: Clause) -> Iterator[Referent]:
    phrases = noun_phrases(clause)
    for number, phrase in enumerate(phrases):
        if phrase.kind in {Kind.DATE, Kind.NUMBER}:
            continue
        text: str | None = clause.of((phrase.start, phrase.long_end))
        if phrase.role is Role.WH:
            asked = phrase.head.lower() not in {"kind", "sort", "way"} | RELATIONS
            text = as_noun_phrase(clause) if asked else None
        if text is None:
            continue
        before = phrases[number - 1] if number else None
        weight = _weight(phrase, before, copula=has_only_be(clause))
        several = Number.SEVERAL if phrase.plural else Number.ONE
        is_subject = phrase.role is Role.SUBJECT and not has_only_be(clause)
        yield Referent(text, phrase.head, several, phrase.kind, weight, is_subject)


def _weight(phrase: Phrase, before: Phrase | None, *, copula: bool) -> float:
    if copula and before is not None and phrase.role is Role.AFTER and _of_relation(before, phrase):
        return _RELATED
    if before is not None and phrase.role is before.role is Role.SUBJECT:
        return _SECOND_IN_SUBJECT
    return _WEIGHTS[phrase.role]


def _of_relation(before: Phrase, phrase: Phrase) -> bool:
    """Tell whether a phrase follows `the default of`: then it is what the question is about."""
    of = phrase.preposition in {"of", "for"} and before.end == phrase.start - 1
    return of and before.head.lower() in RELATIONS


def _head(text: str) -> str:
    tokens = tokenise(text)
    stop = next((i for i, t in enumerate(tokens) if i and t.tag is Tag.PREP), len(tokens))
    return tokens[stop - 1].text


def _uncapitalised(text: str, turn: PastTurn) -> str:
    """Write a quote's first word small, unless it is a name."""
    first = text.split(maxsplit=1)[0]
    low = first.lower()
    known = f" {low}" in f" {turn.question}" or any(f" {low}" in quote for quote in turn.quotes)
    function = tokenise(low)[0].tag not in {Tag.WORD, Tag.NAME, Tag.CODE}
    return f"{low}{text[len(first) :]}" if known or function else text


def recent(turns: Sequence[PastTurn]) -> list[PastTurn]:
    """Return the turns that are searched, the last first."""
    return list(reversed(turns[-LOOK_BACK:]))
