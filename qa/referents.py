"""What a pronoun in a follow-up may stand for: things, people and places spoken of before."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from qa.clause import Clause
from qa.noun_phrases import Kind, Phrase, Role, is_plural, kind_of, noun_phrases, singular
from qa.past import PastTurn
from qa.places import is_place
from qa.rephrase import as_noun_phrase, is_action
from qa.tagging import Tag, span_text, tokenise
from qa.word_lists import word_set

LOOK_BACK = 4
"""Turns that are searched, from the last."""
_LONGEST_WORDS = 8
_LONGEST_CHARS = 90

RELATIONS = word_set(
    """
    advantage address age aim alternative amount area author average bound bounds capacity capital
    cause colour condition consequence content contents cost count criterion date deadline default
    defaults definition difference disadvantage drawback duration effect error example exception
    fee format formula function goal height king label language leader length level licence license
    limit limits location maximum meaning message method minimum mistake motive name names number
    option order origin output owner penalty percentage period place population position president price
    probability problem purpose queen range rate reason recall requirement requirements result
    results role rule rules score share shape size solution source speed state status step steps
    summary symptom temperature term threshold time title total type types unit units value values
    version volume way weight width
    """
)
"""Nouns that are always of something: a default, a price, an author."""
NAMED_BY = word_set(
    "command setting option field flag file folder function error program package model class"
    " module method parameter variable argument key tool library"
)
"""Nouns of things that are called by a piece of code."""
_NO_PERSON = word_set(
    """
    university strip states house administration agency council east west asia africa committee
    kingdom street union bank institute college department ministry party group company court
    times post journal press hopkins city republic army navy force forces corps
    """
)
_PERSON_NAME = re.compile(r"\b[A-Z][^\W\d_]+(?:[- ][A-Z][^\W\d_]*\.?){1,3}(?!\w)")
_SAYS = re.compile(r",? (?:is|was|says|said|told|wrote|thinks|argues|warns|accused|works|,)\b")
_TITLED = re.compile(
    r"\b(?:President|Minister|Dr|Mr|Mrs|Ms|Professor|Prof|Sir|Senator|General|Chancellor|King|Queen)"
    r"\.? $"
)


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


def people(turn: PastTurn) -> list[str]:
    """Return the people of a turn, the likeliest first."""
    clause = turn.clause()
    if clause.wh_word in {"who", "whom", "whose"}:
        named = [phrase for phrase in noun_phrases(clause) if phrase.role is Role.SUBJECT]
        if filled_be(clause) and named and named[0].kind is Kind.NAME:
            return [clause.of((named[0].start, named[0].long_end))]
        answers = [a for a in short_answers(turn) if kind_of(tokenise(a)) is Kind.NAME]
        if answers:
            return answers
    texts = [turn.question, *turn.answers[:1], *turn.quotes[:1]]
    found = [name for text in texts for name in _person_names(text)]
    return list(dict.fromkeys(found)) or _roles(clause)


def filled_be(clause: Clause) -> bool:
    """Tell whether a question has a form of `be` and no other verb: `Who is Vali Nasr?`."""
    return clause.verb[0] == clause.verb[1] and bool(clause.words(clause.aux))


def places(turn: PastTurn) -> list[str]:
    """Return the places of a turn with their preposition: `in Iraq`."""
    clause = turn.clause()
    found = []
    if clause.wh_word == "where":
        for text in short_answers(turn):
            tokens = tokenise(text)
            given = tokens[0].tag is Tag.PREP
            found.append(text if given else f"in {text}")
    for phrase in reversed(noun_phrases(clause)):
        if phrase.kind is Kind.PLACE or phrase.preposition in {"in", "at", "on", "inside"}:
            found.append(
                f"{phrase.preposition or 'in'} {clause.of((phrase.start, phrase.long_end))}"
            )
    return found


def _from_answers(turn: PastTurn, clause: Clause) -> Iterator[Referent]:
    names_thing = clause.wh_word in {"which", "what", "who"} and not _measures(clause)
    defines = filled_be(clause) and clause.wh_word in {"what", "who"} and clause.subject[1]
    bare = clause.wh_word == "what" and clause.wh[1] - clause.wh[0] == 1
    is_vague_what = bare and clause.subject[1] and not is_action(clause)
    code = _quoted_code(turn, clause)
    if code is not None:
        yield Referent(code, code, Number.ONE, Kind.CODE, 3.6)
        return
    for text in short_answers(turn)[:1]:
        tokens = tokenise(text)
        kind = kind_of(tokens)
        if not names_thing or kind in {Kind.DATE, Kind.NUMBER} or tokens[0].tag is Tag.PREP:
            continue
        head = _head(text)
        weight = 2.6 if is_vague_what else 3.5
        if clause.wh_word == "who" or (defines and kind not in {Kind.NAME, Kind.PLACE}):
            weight = 2.0
        several = is_plural(head) or any(t.low == "and" for t in tokens)
        number = Number.SEVERAL if several and kind is not Kind.CODE else Number.ONE
        yield Referent(text, head, number, kind, weight)


def _quoted_code(turn: PastTurn, clause: Clause) -> str | None:
    """Return what a question for a command or file was answered with: the code in the quote."""
    nouns = [singular(p.head) for p in noun_phrases(clause) if p.role is Role.WH]
    if not nouns or nouns[-1] not in NAMED_BY or not turn.quotes or short_answers(turn):
        return None
    quote = turn.quotes[0][:400]
    found = re.findall(rf"\b{re.escape(nouns[-1])} (`[^`\n]{{1,60}}`)", quote, re.IGNORECASE)
    if not found and nouns[-1] == "command":
        found = re.findall(r"`[^`\n]{1,40} [^`\n]{1,40}`", quote)
    return found[0] if found else None


def _measures(clause: Clause) -> bool:
    return bool({"many", "much", "long", "often", "year", "date"} & set(clause.words(clause.wh)))


def _from_question(clause: Clause) -> Iterator[Referent]:
    phrases = noun_phrases(clause)
    weights = {Role.SUBJECT: 3.0, Role.OBJECT: 2.5, Role.AFTER: 1.5, Role.WH: 3.2}
    for number, phrase in enumerate(phrases):
        if phrase.kind in {Kind.DATE, Kind.NUMBER}:
            continue
        weight = weights[phrase.role]
        if (
            phrase.role is Role.AFTER
            and number
            and _of_relation(clause, phrases[number - 1], phrase)
        ):
            weight = 3.4
        if phrase.role is Role.SUBJECT and number and phrases[number - 1].role is Role.SUBJECT:
            weight = 1.6
        text = clause.of((phrase.start, phrase.long_end))
        if phrase.role is Role.WH:
            noun = as_noun_phrase(clause)
            if noun is None or phrase.head.lower() in {"kind", "sort", "way"} | RELATIONS:
                continue
            text = noun
        several = Number.SEVERAL if phrase.plural else Number.ONE
        is_subject = phrase.role is Role.SUBJECT
        yield Referent(text, phrase.head, several, phrase.kind, weight, is_subject)


def _of_relation(clause: Clause, before: Phrase, phrase: Phrase) -> bool:
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


def _person_names(text: str) -> list[str]:
    scored = []
    for match in _PERSON_NAME.finditer(text[:2000]):
        name = match[0]
        before, after = text[: match.start()], text[match.end() : match.end() + 12]
        last = name.replace("-", " ").lower().split()
        if _NO_PERSON & set(last) or is_place(name) or before.endswith(("the ", "The ", "at ")):
            continue
        if tokenise(name.split()[0].lower())[0].tag not in {Tag.WORD, Tag.NAME}:
            continue
        bonus = bool(_SAYS.match(after) or _TITLED.search(before) or after.startswith(", "))
        scored.append((not bonus, match.start(), name))
    return [name for _, _, name in sorted(scored)]


_ROLES = word_set(
    """
    minister president professor author director manager doctor officer chief king queen senator
    teacher leader expert editor owner founder chair chairman chairwoman secretary spokesman
    spokeswoman man woman person employee tenant landlord customer patient ambassador general
    """
)


def _roles(clause: Clause) -> list[str]:
    """Return the roles of people in a question: `the foreign minister of Iran`."""
    return [
        clause.of((phrase.start, phrase.long_end))
        for phrase in noun_phrases(clause)
        if phrase.head.lower() in _ROLES
    ]


def recent(turns: Sequence[PastTurn]) -> list[PastTurn]:
    """Return the turns that are searched, the last first."""
    return list(reversed(turns[-LOOK_BACK:]))


__all__ = [
    "Number",
    "Referent",
    "people",
    "places",
    "recent",
    "short_answers",
    "span_text",
    "things",
]
