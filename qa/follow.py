"""Follow-up questions, written out from the conversation by rules, without a model.

docs/follow-ups.md lists the rules with examples.
"""

import re
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from qa.anaphora import resolve
from qa.bare import ask_again
from qa.clause import Clause, parse
from qa.ellipsis import complete, happening
from qa.leaning import is_vague, lean
from qa.ones import name_ones, resolve_ones
from qa.past import PastTurn
from qa.proform import happened, is_existential, resolve_verb
from qa.referents import LOOK_BACK
from qa.rephrase import filled
from qa.slots import fragment
from qa.tagging import Tag, tokenise
from qa.topic import circumstance
from qa.typed import core, is_foreign, same, taken, tidy

__all__ = ["PastTurn", "Understood", "understand"]

_LONGEST_WORDS = 40
_LONGEST_CHARS = 400
_LONGEST_RESULT = 1000
_FRAGMENT_WORDS = 12
_PIECE_WORDS = 5
_ABOUT = re.compile(
    r"^(?:what|how) (?:about|of)\b\s*|^(?:is (?:it|that) )?(?:the )?same (?:for|with) "
    r"|^(?:does|is|do) (?:that|this|it|the same) (?:also )?(?:hold|true|apply|go|count|valid) for ",
    re.IGNORECASE,
)
_TOO = re.compile(r"\s+(?:too|as well|either)$|^(?:also|only) (?=\w+ \w+$)", re.IGNORECASE)
_WHAT_IF = re.compile(r"^what if\b", re.IGNORECASE)
_STATED = re.compile(r", (?:why|when|where|how|how come)$", re.IGNORECASE)
_NOT_STATED = frozenset({Tag.JOIN, Tag.ADVERB, Tag.PREP, Tag.WH})


class Understood(BaseModel):
    """A question as it was understood in its conversation.

    `asked` is as it was typed, `question` written out, so that it stands alone; they are equal
    where nothing was taken over, and `changed` is False. `taken` are the words taken from the
    conversation, in the order of `question`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    asked: str
    question: str
    changed: bool
    taken: tuple[str, ...]


def understand(question: str, turns: Sequence[PastTurn]) -> Understood:
    """Write a follow-up question out in full; leave a complete one as it is.

    Args:
        question: As it was typed. One of more than 40 words is taken for complete.
        turns: The conversation before, earlier first; only the last four count.
    """
    earlier = [
        turn
        for turn in turns[-LOOK_BACK:]
        if len(turn.question) <= _LONGEST_RESULT and turn.question.strip()
    ]
    earlier = [turn for turn in earlier if _stands_alone(turn)] or earlier
    written = _written_out(question, earlier)
    if written is None or len(written) > _LONGEST_RESULT:
        return Understood(asked=question, question=question, changed=False, taken=())
    return Understood(
        asked=question, question=written, changed=True, taken=taken(question, written)
    )


def _stands_alone(turn: PastTurn) -> bool:
    clause = turn.clause()
    return (filled(clause.body) and clause.is_question) or filled(clause.subject)


def _written_out(question: str, turns: Sequence[PastTurn]) -> str | None:
    if not turns or len(question) > _LONGEST_CHARS or len(question.split()) > _LONGEST_WORDS:
        return None
    if is_foreign(question):
        return None
    text = core(parse(question))
    opening = question.lstrip().startswith(text[:1])
    found = _resolved(text, turns, opening=opening) if text else None
    if found is None or same(found, question):
        return None
    return tidy(found)


def _resolved(text: str, turns: Sequence[PastTurn], *, opening: bool) -> str | None:
    """Try the rules from the most particular to the most general."""
    text = _TOO.sub("", text)
    conditional, about = _WHAT_IF.match(text), _ABOUT.match(text)
    if conditional:
        return _what_if(text[conditional.end() :].strip(), turns)
    if about:
        return _about(text[about.end() :].strip(), turns)
    clause, turn = parse(text), turns[-1]
    found = (
        happened(text, turn)
        or ask_again(text, clause, turns)
        or resolve_ones(text, turns)
        or resolve_verb(text, clause, turn)
    )
    if found is not None:
        return resolve(found, turns) or found
    if _is_fragment(clause) and not is_existential(text):
        return _without_verb(text, turns, opening=opening)
    return resolve(text, turns) or lean(text, clause, turns)


def _without_verb(text: str, turns: Sequence[PastTurn], *, opening: bool) -> str | None:
    if _STATED.search(text):
        return resolve(text, turns)
    found = _about(text, turns) if ", " in text else None
    return found or _fragment(text, turns, opening=opening)


def _about(rest: str, turns: Sequence[PastTurn]) -> str | None:
    """Write out what follows `what about`: a piece, or a piece and a question about it."""
    piece, comma, question = rest.partition(",")
    short = len(piece.split()) <= _PIECE_WORDS and not _has_verb(piece)
    if comma and short and parse(question).is_question:
        return resolve(question.strip(), [PastTurn(f"What is {piece}?")]) or question
    if parse(rest).is_question:
        return _resolved(rest, turns, opening=True) or rest
    return _fragment(rest, turns, opening=False)


def _what_if(condition: str, turns: Sequence[PastTurn]) -> str | None:
    """Say under what circumstances: `What happens if the backup is damaged when restoring it?`."""
    resolved = resolve(condition, turns)
    if resolved is not None:
        return f"What happens if {resolved}?"
    if not is_vague(parse(condition)):
        return None
    link = circumstance(turns[-1])
    return f"What happens if {condition} {link}?" if link else None


def _fragment(text: str, turns: Sequence[PastTurn], *, opening: bool) -> str | None:
    if not text or len(text.split()) > _FRAGMENT_WORDS:
        return None
    text = name_ones(text, turns) or text
    text = resolve(text, turns) or text
    if _has_verb(text) and tokenise(text)[0].tag not in _NOT_STATED:
        return happening(text, turns[-1])
    piece = fragment(text, opening=opening)
    return None if piece is None else complete(piece, turns[-1])


def _is_fragment(clause: Clause) -> bool:
    """Tell whether a text has neither question word nor auxiliary in front, nor a pronoun."""
    if filled(clause.wh) or filled(clause.aux) or filled(clause.subject):
        return False
    return filled(clause.rest) and clause.tokens[clause.rest[0]].tag is not Tag.PRON


def _has_verb(text: str) -> bool:
    """Tell `indexing is killed` from `files that cannot be read`."""
    tokens = tokenise(text)
    relative = [i for i, t in enumerate(tokens) if t.low in {"that", "which", "who", "whose"}]
    first = relative[0] if relative else len(tokens)
    return any(token.tag is Tag.AUX for token in tokens[1:first])
