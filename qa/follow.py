"""Follow-up questions, written out from the conversation by rules, without a model.

docs/follow-ups.md lists the rules with examples.
"""

import re
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from qa.anaphora import ANAPHORS, resolve
from qa.bare import ask_again
from qa.clause import Clause, parse, skip_openers
from qa.ellipsis import complete, fragment, happening
from qa.leaning import is_vague, lean
from qa.ones import name_ones, resolve_ones
from qa.past import PastTurn
from qa.proform import happened, is_existential, resolve_verb
from qa.referents import LOOK_BACK
from qa.rephrase import filled
from qa.tagging import Tag, tokenise
from qa.terms import words
from qa.topic import circumstance
from qa.word_lists import word_set

__all__ = ["PastTurn", "Understood", "understand"]

_LONGEST_WORDS = 40
_LONGEST_CHARS = 400
_LONGEST_RESULT = 1000
_FRAGMENT_WORDS = 12
_PIECE_WORDS = 5
_ABOUT = re.compile(r"^(?:what|how) (?:about|of)\b", re.IGNORECASE)
_WHAT_IF = re.compile(r"^what if\b", re.IGNORECASE)
_CHATTER = re.compile(
    r"^(?:(?:thank you|thanks|ok|okay|got it|i see|great|yes|no|right|sure|fine|hello|hi|good|well"
    r"|so|please|never mind|all right)[,.! ]*)+(?:very much|a lot)?$",
    re.IGNORECASE,
)
_HANGING = re.compile(r"(?:[,\s]+(?:then|though|please|anyway|exactly|thanks))+$", re.I)
# Function words of German, French, Spanish, Italian and Dutch that are no English words.
_FOREIGN = word_set(
    """
    aber auf aus bei das dem den der des die im am vom zum ein eine einen für gibt hat ich ist kann mit nach nicht
    sind und von wann warum was wer wie wo zu zur avec ce cette dans des elle est et il la le les
    mais où par pas pour pourquoi quand que quel quelle qui quoi sont sur une con cuando cuándo cómo
    de del dónde el en es está las los más para pero por qué quién según su una y che chi come
    della di dove il lo non perché quando sono een het niet waar waarom wat wie
    """
)


class Understood(BaseModel):
    """A question as it was understood in its conversation.

    Args:
        asked: As it was typed.
        question: Written out, so that it stands alone; `asked` where nothing was taken over.
        changed: Whether anything was.
        taken: The words taken from the conversation, in the order of `question`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    asked: str
    question: str
    changed: bool
    taken: tuple[str, ...]


def understand(question: str, turns: Sequence[PastTurn]) -> Understood:
    """Write a follow-up question out in full; leave a complete one as it is.

    Args:
        question: As it was typed.
        turns: The conversation before, earlier first; only the last four count.
    """
    asked = [turn for turn in turns[-LOOK_BACK:] if turn.question.strip()]
    written = _written_out(question, [t for t in asked if _stands_alone(t)] or asked)
    if written is None or len(written) > _LONGEST_RESULT:
        return Understood(asked=question, question=question, changed=False, taken=())
    return Understood(
        asked=question, question=written, changed=True, taken=_taken(question, written)
    )


def _stands_alone(turn: PastTurn) -> bool:
    clause = turn.clause()
    return (filled(clause.body) and clause.is_question) or filled(clause.subject)


def _written_out(question: str, turns: Sequence[PastTurn]) -> str | None:
    if not turns or len(question) > _LONGEST_CHARS or len(question.split()) > _LONGEST_WORDS:
        return None
    text = " ".join(question.split())
    if not text or _is_foreign(text):
        return None
    clause = parse(text)
    core = _core(clause)
    if not core or _CHATTER.match(core) or (len(core.split()) == 1 and core.lower() in ANAPHORS):
        return None
    found = _resolved(core, turns)
    if found is None:
        return None
    tidy = _tidy(found)
    return None if _same(tidy, question) else tidy


def _resolved(core: str, turns: Sequence[PastTurn]) -> str | None:
    """Try the rules from the most particular to the most general."""
    turn = turns[-1]
    conditional = _WHAT_IF.match(core)
    if conditional:
        return _what_if(core[conditional.end() :].strip(), turns)
    about = _ABOUT.match(core)
    if about:
        return _about(core[about.end() :].strip(), turns)
    clause = parse(core)
    found = (
        happened(core, turn)
        or ask_again(core, clause, turns)
        or resolve_ones(core, turns)
        or resolve_verb(core, clause, turn)
    )
    if found is not None:
        return _finished(found, turns)
    if _is_fragment(clause) and not is_existential(core):
        if re.search(r", (?:why|when|where|how|how come)$", core, re.IGNORECASE):
            return resolve(core, turns)
        if ", " in core:
            found = _about(core, turns)
            if found is not None:
                return found
        return _fragment(core, turns)
    resolved = resolve(core, turns)
    if resolved is not None:
        return resolved
    return lean(core, clause, turns)


def _finished(text: str, turns: Sequence[PastTurn]) -> str:
    """Resolve the pronouns that are left after another rule."""
    return resolve(text, turns) or text


def _about(rest: str, turns: Sequence[PastTurn]) -> str | None:
    """Write out what follows `what about`: a piece, or a piece and a question about it."""
    piece, comma, question = rest.partition(",")
    short = len(piece.split()) <= _PIECE_WORDS and not _is_clause(piece)
    if comma and short and parse(question).is_question:
        return resolve(question.strip(), [PastTurn(f"What is {piece}?")]) or question
    if parse(rest).is_question:
        return _resolved(rest, turns) or rest
    return _fragment(rest, turns)


def _what_if(condition: str, turns: Sequence[PastTurn]) -> str | None:
    """Say under what circumstances: `What happens if the backup is damaged when restoring it?`."""
    resolved = resolve(condition, turns)
    if resolved is not None:
        return f"What happens if {resolved}?"
    if not is_vague(parse(condition)):
        return None
    link = circumstance(turns[-1])
    return f"What happens if {condition} {link}?" if link else None


def _fragment(text: str, turns: Sequence[PastTurn]) -> str | None:
    if len(text.split()) > _FRAGMENT_WORDS:
        return None
    text = name_ones(text, turns) or text
    text = resolve(text, turns) or text
    if _is_clause(text) and tokenise(text)[0].tag not in {Tag.JOIN, Tag.ADVERB, Tag.PREP, Tag.WH}:
        return happening(text, turns[-1])
    piece = fragment(text)
    return None if piece is None else complete(piece, turns[-1])


def _is_fragment(clause: Clause) -> bool:
    """Tell whether a text has neither question word nor auxiliary in front."""
    if filled(clause.wh) or filled(clause.aux) or filled(clause.subject):
        return False
    first = clause.tokens[clause.rest[0]] if filled(clause.rest) else None
    return first is not None and first.tag is not Tag.PRON


def _is_clause(text: str) -> bool:
    """Tell `indexing is killed` from `files that cannot be read`."""
    tokens = tokenise(text)
    relative = [i for i, t in enumerate(tokens) if t.low in {"that", "which", "who", "whose"}]
    first = relative[0] if relative else len(tokens)
    return any(t.tag is Tag.AUX for t in tokens[1:first])


def _core(clause: Clause) -> str:
    """Return a question without `and` or `thanks` in front and without marks behind."""
    end = len(clause.tokens)
    while end and clause.tokens[end - 1].tag is Tag.MARK:
        end -= 1
    start = skip_openers(clause.tokens, end)
    if start >= end:
        return ""
    text = clause.text[clause.tokens[start].start : clause.tokens[end - 1].end]
    shorter = _HANGING.sub("", text)
    return shorter if len(shorter.split()) > 1 else text


def _is_foreign(text: str) -> bool:
    found = [word.lower() for word in words(text)]
    foreign = [word for word in found if word in _FOREIGN and word not in _ENGLISH_TOO]
    letters = [c for c in text if c.isalpha()]
    other_script = sum(not c.isascii() for c in letters) * 2 > len(letters)
    return other_script or not letters or len(foreign) * 3 >= max(len(found), 2)


_ENGLISH_TOO = word_set("was die come in a do per con es la de el")


def _tidy(text: str) -> str:
    text = " ".join(text.split()).rstrip(" ?!.,;:") + "?"
    return text if "`" in text[:1] else text[:1].upper() + text[1:]


def _same(one: str, other: str) -> bool:
    return [word.lower() for word in words(one)] == [word.lower() for word in words(other)]


def _taken(asked: str, written: str) -> tuple[str, ...]:
    """Return the runs of words of the written-out question that were not typed."""
    typed = {word.lower() for word in words(asked)}
    runs: list[list[str]] = [[]]
    tokens = tokenise(written)
    for token in tokens:
        if token.tag is Tag.MARK or token.low in typed:
            runs.append([])
        else:
            runs[-1].append(token.text)
    kept = (" ".join(_trimmed(run)) for run in runs)
    return tuple(dict.fromkeys(run for run in kept if run))


def _trimmed(run: list[str]) -> list[str]:
    """Drop function words at both ends."""
    light = {Tag.DET, Tag.PREP, Tag.AUX, Tag.PRON, Tag.JOIN, Tag.WH}
    marked = tokenise(" ".join(run))
    while marked and marked[0].tag in light:
        marked = marked[1:]
    while marked and marked[-1].tag in light:
        marked = marked[:-1]
    return [token.text for token in marked]
