"""Which piece of an earlier question a fragment can take the place of."""

from dataclasses import dataclass

from qa.clause import Clause
from qa.noun_phrases import Kind, Phrase, Role, kind_of, noun_phrases
from qa.plurals import is_plural, singular
from qa.tagging import Tag, Token, tokenise
from qa.word_lists import word_set

PLACING = word_set("in at near from to into inside on within outside")
TIMING = word_set("in on before after since until by during from for")
_WITH = word_set("with without")
# Points for likeness; from `SURE` on a piece takes a place, from `ENOUGH` on if nothing else fits.
SURE = 2.0
ENOUGH = 1.0
_ROLES = {Role.OBJECT: 0.6, Role.AFTER: 0.5, Role.SUBJECT: 0.3, Role.WH: -0.5}
_SAME_HEAD, _SHARED_WORD, _SAME_NUMBER = 4.0, 1.5, 0.5
_SAME_KIND = {Kind.NOUN: 0.7, Kind.NAME: 2.5}
_SAME_STRONG_KIND, _DATE_AND_NO_DATE = 3.0, -3.0
_LIKE_KINDS = {
    frozenset({Kind.PLACE, Kind.NAME}): 1.5,
    frozenset({Kind.CODE, Kind.NAME}): 1.5,
    frozenset({Kind.CODE, Kind.NOUN}): 0.2,
}
_SAME_PREPOSITION, _OTHER_PREPOSITION = 3.0, -4.0
_NAMING = frozenset({Tag.NAME, Tag.CODE, Tag.DATE})


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece without a verb of its own: `for PDF files`."""

    text: str
    tokens: tuple[Token, ...]
    preposition: str
    head: str
    kind: Kind

    @property
    def definite(self) -> bool:
        """Whether it begins with `the`."""
        return self.tokens[0].low == "the"


def fragment(text: str, *, opening: bool = True) -> Fragment | None:
    """Return a text as a fragment, or None if nothing in it can name anything."""
    tokens = tuple(token for token in tokenise(text, opening=opening) if token.tag is not Tag.MARK)
    if not tokens:
        return None
    preposition = tokens[0].low if tokens[0].tag is Tag.PREP and len(tokens) > 1 else ""
    named = tokens[1:] if preposition else tokens
    stop = 1
    while stop < len(named) and named[stop].tag not in {Tag.PREP, Tag.AUX, Tag.PRON}:
        stop += 1
    named = named[:stop]
    head = named[-1].text
    return Fragment(_plain(text), tokens, preposition, head, kind_of(named))


def _plain(text: str) -> str:
    text = text.strip().rstrip(" ?!.,;:")
    first = tokenise(text)[0]
    function = first.tag not in {Tag.NAME, Tag.WORD, Tag.CODE, Tag.DATE, Tag.NUMBER}
    return f"{text[:1].lower()}{text[1:]}" if function else text


def score(slot: Phrase, piece: Fragment, clause: Clause) -> float:
    """Return how well a fragment fits in the place of a noun phrase; 2 and more is a good fit."""
    points = _ROLES[slot.role] + _by_kind(slot.kind, piece.kind)
    same_head = singular(slot.head) == singular(piece.head)
    if same_head:
        points += _SAME_HEAD
    elif not _content(clause.tokens[slot.start : slot.end]).isdisjoint(_content(piece.tokens)):
        points += _SHARED_WORD
    if piece.kind is Kind.NOUN and slot.plural == is_plural(piece.head):
        points += _SAME_NUMBER
    fit = _by_preposition(slot, piece)
    return points + (max(fit, 0.0) if same_head else fit)


def _content(tokens: tuple[Token, ...]) -> set[str]:
    return {token.low for token in tokens if token.tag not in {Tag.DET, Tag.PREP}}


def _by_kind(one: Kind, other: Kind) -> float:
    if one is other:
        return _SAME_KIND.get(one, _SAME_STRONG_KIND)
    if {one, other} & {Kind.DATE, Kind.NUMBER}:
        return _DATE_AND_NO_DATE
    return _LIKE_KINDS.get(frozenset({one, other}), 0.0)


def _by_preposition(slot: Phrase, piece: Fragment) -> float:
    both = {piece.preposition, slot.preposition}
    if not piece.preposition:
        return 0.0
    if len(both) == 1 or both <= _WITH:
        return _SAME_PREPOSITION
    related = both <= PLACING or both <= TIMING
    alike = slot.kind is piece.kind and piece.kind is not Kind.NOUN
    return 0.0 if related and alike else _OTHER_PREPOSITION


def slots(clause: Clause) -> list[Phrase]:
    """Return what can be replaced: noun phrases, and names or codes inside longer ones."""
    found: list[Phrase] = []
    for phrase in noun_phrases(clause):
        found.append(phrase)
        span = range(phrase.start, phrase.end)
        inner = [place for place in span if clause.tokens[place].tag in _NAMING]
        if inner and len(inner) < len(span) and inner[-1] - inner[0] < len(inner):
            found.append(_named(clause, phrase, inner[0], inner[-1] + 1))
    return found


def _named(clause: Clause, phrase: Phrase, first: int, last: int) -> Phrase:
    kind = kind_of(clause.tokens[first:last])
    before = phrase.preposition if kind is not Kind.NAME or last == phrase.end else ""
    head = clause.tokens[last - 1].text
    return Phrase(first, last, last, kind, phrase.role, head, before, plural=False)
