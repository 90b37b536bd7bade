"""`And in Syria?`: a piece of a question, put in the place of a like piece of the one before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.clause import Clause
from qa.noun_phrases import Kind, Phrase, Role, is_plural, kind_of, noun_phrases, singular
from qa.past import PastTurn
from qa.referents import RELATIONS
from qa.rephrase import asks_how_much, filled
from qa.tagging import Tag, Token, span_text, tokenise
from qa.topic import tied
from qa.word_lists import word_set

_PLACING = word_set("in at near from to into inside on within outside")
_TIMING = word_set("in on before after since until by during from for")
_WITH = word_set("with without")
_CONDITIONS = word_set("if when while once unless during after because before until")
_OPPOSITES = (
    {"above", "below"}, {"before", "after"}, {"with", "without"}, {"inside", "outside"},
    {"over", "under"}, {"since", "until"}, {"from", "to"},
)  # fmt: skip
_SURE = 2.0
_ENOUGH = 1.0
_WEIGHTS = {Role.OBJECT: 0.6, Role.AFTER: 0.5, Role.SUBJECT: 0.3, Role.WH: -0.5}


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


def fragment(text: str) -> Fragment | None:
    """Return a text as a fragment, or None if nothing in it can name anything."""
    tokens = tuple(token for token in tokenise(text) if token.tag is not Tag.MARK)
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


def complete(piece: Fragment, turn: PastTurn) -> str | None:
    """Put a fragment into the question of a turn, or ask for it of that turn's topic."""
    clause = turn.clause()
    if piece.tokens[0].low == "not" and len(piece.tokens) > 1:
        piece = fragment(piece.text[4:]) or piece
    if len(piece.tokens) == 1 and piece.tokens[0].tag is Tag.PREP:
        return _opposite(piece, clause)
    timed = piece.kind is Kind.DATE and len(piece.tokens) <= 3  # noqa: PLR2004
    if (piece.tokens[0].low in _CONDITIONS and not timed) or piece.tokens[0].low == "even":
        return _under_condition(piece, clause)
    if not clause.is_question and not filled(clause.subject):
        return f"{turn.question.strip(' ?!.')} {piece.text}?"
    relation = piece.head.lower() in RELATIONS
    if relation and not any(p.head.lower() in RELATIONS for p in _slots(clause)):
        return _relation(piece, turn)
    scored = [(score(slot, piece, clause), slot) for slot in _slots(clause)]
    best, slot = max(scored, key=lambda pair: pair[0], default=(-9.0, None))
    if best >= _SURE and slot is not None:
        return _replaced(clause, slot, piece)
    if piece.preposition:
        return _appended(clause, piece)
    if relation:
        return _relation(piece, turn)
    if best < _SURE and _is_own_topic(piece):
        return None
    gap = _in_the_gap(clause, piece)
    if gap is not None:
        return gap
    if best >= _ENOUGH and slot is not None:
        return _replaced(clause, slot, piece)
    return _appended(clause, piece)


def _is_own_topic(piece: Fragment) -> bool:
    """Tell `the weather in Berlin`, which names its own place, from `the weather`."""
    naming = {Tag.NAME, Tag.DATE}
    places = [i for i, token in enumerate(piece.tokens) if token.tag is Tag.PREP]
    return bool(places) and any(t.tag in naming for t in piece.tokens[places[0] + 1 :])


def _relation(piece: Fragment, turn: PastTurn) -> str:
    """Ask for the default, the licence and the like of what was spoken of."""
    named = any(t.low in {"of", "for"} or t.low.endswith("'s") for t in piece.tokens)
    link = "" if named else tied(piece.head, turn) or ""
    article = "" if piece.tokens[0].tag is Tag.DET or "'" in piece.tokens[0].low else "the "
    return f"What {'are' if is_plural(piece.head) else 'is'} {article}{piece.text} {link}?"


def _opposite(piece: Fragment, clause: Clause) -> str | None:
    """Put `below` in the place of `above`."""
    for token in clause.tokens:
        if {token.low, piece.head.lower()} in _OPPOSITES:
            text = clause.text
            return f"{text[: token.start]}{piece.text}{text[token.end :]}"
    return _appended(clause, piece)


def score(slot: Phrase, piece: Fragment, clause: Clause) -> float:
    """Return how well a fragment fits in the place of a noun phrase; 2 and more is a good fit."""
    points = _WEIGHTS[slot.role] + _by_kind(slot.kind, piece.kind)
    if singular(slot.head) == singular(piece.head):
        points += 4
    elif {t.low for t in clause.tokens[slot.start : slot.end] if t.tag not in {Tag.DET}} & {
        t.low for t in piece.tokens if t.tag not in {Tag.DET, Tag.PREP}
    }:
        points += 1.5
    if piece.kind is Kind.NOUN and slot.plural == is_plural(piece.head):
        points += 0.5
    same_head = points >= 4  # noqa: PLR2004
    return points + max(_by_preposition(slot, piece), 0.0 if same_head else -9.0)


def _by_kind(one: Kind, other: Kind) -> float:
    if one is other:
        return {Kind.NOUN: 0.7, Kind.NAME: 2.5}.get(one, 3.0)
    mixed = {one, other}
    if mixed & {Kind.DATE, Kind.NUMBER}:
        return -3.0
    return {
        frozenset({Kind.PLACE, Kind.NAME}): 1.5,
        frozenset({Kind.CODE, Kind.NAME}): 1.5,
        frozenset({Kind.CODE, Kind.NOUN}): 0.2,
    }.get(frozenset(mixed), 0.0)


def _by_preposition(slot: Phrase, piece: Fragment) -> float:
    if not piece.preposition:
        return 0.0
    if piece.preposition == slot.preposition:
        return 3.0
    both = {piece.preposition, slot.preposition}
    if both <= _WITH:
        return 3.0
    related = both <= _PLACING or both <= _TIMING
    return 0.0 if related and slot.kind is piece.kind is not Kind.NOUN else -4.0


def _slots(clause: Clause) -> list[Phrase]:
    """Return what can be replaced: noun phrases, and names or codes inside longer ones."""
    found = []
    for phrase in noun_phrases(clause):
        found.append(phrase)
        inner = [
            place
            for place in range(phrase.start, phrase.end)
            if clause.tokens[place].tag in {Tag.NAME, Tag.CODE, Tag.DATE}
        ]
        if inner and len(inner) < phrase.end - phrase.start and inner[-1] - inner[0] < len(inner):
            first, last = inner[0], inner[-1] + 1
            kind = kind_of(clause.tokens[first:last])
            head = clause.tokens[last - 1].text
            before = phrase.preposition if kind is not Kind.NAME or last == phrase.end else ""
            found.append(Phrase(first, last, last, kind, phrase.role, head, before, plural=False))
    return found


def _replaced(clause: Clause, slot: Phrase, piece: Fragment) -> str:
    tokens, start, stop = clause.tokens, slot.start, slot.end
    text = piece.text
    if piece.preposition and slot.preposition:
        start -= 1
    if piece.kind is Kind.NOUN and slot.role is not Role.WH:
        stop = _with_complement(clause, slot, piece)
    first = piece.tokens[1 if piece.preposition else 0]
    article = tokens[slot.start].low if tokens[slot.start].low in {"the", "a", "an"} else ""
    inner = slot.start and tokens[slot.start - 1].tag is Tag.DET
    if inner and first.tag is Tag.DET and not piece.preposition:
        text = text.partition(" ")[2]
    if article and first.tag is Tag.WORD and not is_plural(piece.head) and not piece.preposition:
        text = f"{'a' if article == 'an' else article} {text}"
    wh = clause.wh_word if slot.role is Role.WH else ""
    if wh and tokens[slot.start].low in {"many", "much"}:
        start += 1
    return _joined(clause.text[: tokens[start].start], text, clause.text[tokens[stop - 1].end :])


def _with_complement(clause: Clause, slot: Phrase, piece: Fragment) -> int:
    """Return where the replaced piece ends: with its own `in Iraq` if the new one has such."""
    own = {token.low for token in piece.tokens[1:] if token.tag is Tag.PREP}
    following = [
        p for p in noun_phrases(clause) if p.start == slot.end + 1 and p.preposition in own
    ]
    if following:
        return following[0].end
    relative = any(token.low in {"that", "which", "who", "whose"} for token in piece.tokens)
    modified = relative and slot.end < clause.rest[1] and clause.tokens[slot.end].low in {
        "with", "without", "that", "which", "of"
    }  # fmt: skip
    return clause.rest[1] if modified else slot.end


def _joined(before: str, text: str, after: str) -> str:
    return f"{before}{text}{after}".rstrip(" ?!.") + "?"


def _appended(clause: Clause, piece: Fragment) -> str:
    return _joined(f"{clause.text.rstrip(' ?!.')} ", piece.text, "")


def _under_condition(piece: Fragment, clause: Clause) -> str:
    """Put `if the disk is full` in the place of such a clause, or at the end."""
    tokens = clause.tokens
    if filled(clause.front) and tokens[clause.front[0]].low in _CONDITIONS:
        rest = clause.text[tokens[clause.front[1]].end :].strip(" ?")
        return f"{rest[:1].upper()}{rest[1:]} {piece.text}?"
    first = next(
        (i for i in range(1, clause.rest[1]) if tokens[i].low in {"if", "when", "during", "once"}),
        None,
    )
    if first is None:
        return _appended(clause, piece)
    return _joined(clause.text[: tokens[first].start], piece.text, "")


def _in_the_gap(clause: Clause, piece: Fragment) -> str | None:
    """Ask whether the fragment is what was asked for: `Do I need a graphics card?`."""
    asked = clause.wh_word in {"what", "which"} and not asks_how_much(clause)
    if not (asked and filled(clause.aux) and filled(clause.subject) and filled(clause.verb)):
        return None
    if clause.words(clause.verb)[-1] in {"do", "mean", "happen", "be"}:
        return None
    aux = clause.of(clause.aux)
    parts = [f"{aux[:1].upper()}{aux[1:]}", clause.of(clause.subject), clause.of(clause.verb)]
    return " ".join([*parts, piece.text, clause.of(clause.rest)]).strip() + "?"


def happening(text: str, turn: PastTurn) -> str | None:
    """Put `indexing is killed` in the place of the clause behind `when` or `if`."""
    clause = turn.clause()
    tokens = clause.tokens
    for place in range(1, clause.rest[1] - 1):
        if tokens[place].low in {"when", "if", "while", "once"}:
            return _joined(clause.text[: tokens[place].end] + " ", text.strip(" ?!."), "")
    return f"What happens when {text.strip(' ?!.')}?"


def without_marks(tokens: Sequence[Token]) -> list[Token]:
    """Return the words alone."""
    return [token for token in tokens if token.tag is not Tag.MARK]


__all__ = ["Fragment", "complete", "fragment", "happening", "replace", "span_text", "without_marks"]
