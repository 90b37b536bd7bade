"""`And in Syria?`: a piece of a question, put in the place of a like piece of the one before."""

from qa.clause import Clause
from qa.noun_phrases import Kind, Phrase, Role, noun_phrases
from qa.past import PastTurn
from qa.plurals import is_plural
from qa.rephrase import asks_how_much, filled
from qa.slots import ENOUGH, SURE, Fragment, fragment, score, slots
from qa.tagging import Tag
from qa.topic import tied
from qa.word_lists import RELATIONS, word_set

_CONDITIONS = word_set("if when while once unless during after because before until even")
_CONDITIONAL = word_set("if when during once")
_RELATIVE = word_set("that which who whose")
_MODIFYING = word_set("with without that which of")
_NO_GAP = word_set("do mean happen be")
_SHORT_DATE = 3
_OPPOSITES = (
    {"above", "below"}, {"before", "after"}, {"with", "without"}, {"inside", "outside"},
    {"over", "under"}, {"since", "until"}, {"from", "to"},
)  # fmt: skip


def complete(piece: Fragment, turn: PastTurn) -> str | None:
    """Put a fragment into the question of a turn, or ask for it of that turn's topic.

    None where the fragment names its own topic, as in `the weather in Berlin`.
    """
    clause = turn.clause()
    if piece.tokens[0].low == "not" and len(piece.tokens) > 1:
        piece = fragment(piece.text[len("not ") :]) or piece
    if len(piece.tokens) == 1 and piece.tokens[0].tag is Tag.PREP:
        return _opposite(piece, clause)
    timed = piece.kind is Kind.DATE and len(piece.tokens) <= _SHORT_DATE
    if piece.tokens[0].low in _CONDITIONS and not timed:
        return _under_condition(piece, clause)
    places = slots(clause)
    relation = piece.head.lower() in RELATIONS
    named = any(token.low == "of" for token in piece.tokens)
    if relation and (named or not any(slot.head.lower() in RELATIONS for slot in places)):
        return _relation(piece, turn)
    best, slot = max(
        ((score(slot, piece, clause), slot) for slot in places),
        key=lambda pair: pair[0],
        default=(0.0, None),
    )
    if slot is not None and best >= SURE:
        return _replaced(clause, slot, piece)
    if piece.preposition:
        return _appended(clause, piece)
    return _less_sure(piece, turn, slot if best >= ENOUGH else None, relation=relation)


def _less_sure(
    piece: Fragment, turn: PastTurn, slot: Phrase | None, *, relation: bool
) -> str | None:
    clause = turn.clause()
    if relation:
        return _relation(piece, turn)
    if _is_own_topic(piece):
        return None
    gap = _in_the_gap(clause, piece)
    if gap is not None or slot is None:
        return gap or _appended(clause, piece)
    return _replaced(clause, slot, piece)


def _opposite(piece: Fragment, clause: Clause) -> str | None:
    """Put `below` in the place of `above`."""
    for token in clause.tokens:
        if {token.low, piece.head.lower()} in _OPPOSITES:
            text = clause.text
            return f"{text[: token.start]}{piece.text}{text[token.end :]}"
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


def _replaced(clause: Clause, slot: Phrase, piece: Fragment) -> str:
    tokens, start, stop = clause.tokens, slot.start, slot.end
    if piece.preposition and slot.preposition:
        start -= 1
    if piece.kind is Kind.NOUN and slot.role is not Role.WH:
        stop = _with_complement(clause, slot, piece)
    if slot.role is Role.WH and tokens[slot.start].low in {"many", "much"}:
        start += 1
    text = _with_article(clause, slot, piece)
    return _joined(clause.text[: tokens[start].start], text, clause.text[tokens[stop - 1].end :])


def _with_article(clause: Clause, slot: Phrase, piece: Fragment) -> str:
    """Return a fragment with the article of what it replaces, and with no second one."""
    text, tokens = piece.text, clause.tokens
    if piece.preposition:
        return text
    first, article = piece.tokens[0], tokens[slot.start].low
    if slot.start and tokens[slot.start - 1].tag is Tag.DET and first.tag is Tag.DET:
        return text.partition(" ")[2]
    if article in {"the", "a", "an"} and first.tag is Tag.WORD and not is_plural(piece.head):
        return f"{'a' if article == 'an' else article} {text}"
    return text


def _with_complement(clause: Clause, slot: Phrase, piece: Fragment) -> int:
    """Return where the replaced piece ends: with its own `in Iraq` if the new one has such."""
    own = {token.low for token in piece.tokens[1:] if token.tag is Tag.PREP}
    for phrase in noun_phrases(clause):
        if phrase.start == slot.end + 1 and phrase.preposition in own:
            return phrase.end
    relative = any(token.low in _RELATIVE for token in piece.tokens)
    modified = slot.end < clause.rest[1] and clause.tokens[slot.end].low in _MODIFYING
    return clause.rest[1] if relative and modified else slot.end


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
    conditions = (i for i in range(1, clause.rest[1]) if tokens[i].low in _CONDITIONAL)
    first = next(conditions, None)
    if first is None:
        return _appended(clause, piece)
    return _joined(clause.text[: tokens[first].start], piece.text, "")


def _in_the_gap(clause: Clause, piece: Fragment) -> str | None:
    """Ask whether the fragment is what was asked for: `Do I need a graphics card?`."""
    asked = clause.wh_word in {"what", "which"} and not asks_how_much(clause)
    if not (asked and filled(clause.aux) and filled(clause.subject) and filled(clause.verb)):
        return None
    if clause.words(clause.verb)[-1] in _NO_GAP:
        return None
    aux = clause.of(clause.aux)
    parts = [f"{aux[:1].upper()}{aux[1:]}", clause.of(clause.subject), clause.of(clause.verb)]
    return " ".join([*parts, piece.text, clause.of(clause.rest)]).strip() + "?"


def happening(text: str, turn: PastTurn) -> str:
    """Put `indexing is killed` in the place of what follows `when`, or ask what happens then."""
    clause = turn.clause()
    tokens = clause.tokens
    for place in range(1, clause.rest[1] - 1):
        if tokens[place].low in _CONDITIONAL:
            return _joined(clause.text[: tokens[place].end] + " ", text.strip(" ?!."), "")
    return f"What happens when {text.strip(' ?!.')}?"
