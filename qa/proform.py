"""`How do I do that?`, `Why did they?`: a verb phrase that was said before."""

import re

from qa.clause import BE, HAVE, Clause
from qa.past import PastTurn
from qa.plurals import singular
from qa.rephrase import filled, gerund_phrase, is_action, statement, verb_phrase
from qa.tagging import Tag
from qa.verbs import forms, lemma
from qa.word_lists import RELATIONS, word_set

_DO_IT = re.compile(
    r"\b(?P<do>do|does|doing|done|did)(?: all)? (?:that|this|it|so)(?= (?!the)|\W*$)", re.IGNORECASE
)
_IT_TAKES = re.compile(
    r"^(?:how (?:long|much(?: \w+)?) (?:does|did|will|would) (?:it|that|this) (?:take|cost|need)"
    r"|(?:is|was) (?:it|that|this) (?:even |always |really )?"
    r"(?:possible|safe|allowed|necessary|hard|easy|difficult|reversible|dangerous|free|ok))$",
    re.IGNORECASE,
)
_LEANING = word_set(
    "charge danger deadline detail discount exception fine other problem risk shortcut trick"
    " warning workaround"
)
_UNDONE = word_set("undo avoid prevent stop repeat automate allow forbid")
_EFFECTS = word_set(
    "affect block break change close contain cost cover create delete destroy hold include keep"
    " lose need overwrite remove replace require reset restart stop take undo"
)
_THERE_IS = re.compile(
    r"^(?:is|are|was|were) there (?:(?:an?|any|some|another|other|more|also) )*(?P<noun>[\w -]{2,40})$"
    r"|^(?:any|another|other|more) (?P<bare>[\w -]{2,40})$",
    re.IGNORECASE,
)


def resolve_verb(core: str, clause: Clause, turn: PastTurn) -> str | None:
    """Write out `do that`, `it takes`, `this` for an action, and auxiliaries without a verb.

    Args:
        core: The question without `and` in front and marks behind.
        clause: The same, cut into its parts.
        turn: The exchange before.
    """
    past = turn.clause()
    phrase = verb_phrase(past)
    if phrase is None:
        return None
    if is_action(past):
        if _IT_TAKES.match(core):
            return f"{core} to {phrase}?"
        subject = clause.words(clause.subject)
        last = clause.tokens[clause.rest[1] - 1]
        undone = clause.words(clause.verb)[-1:] and clause.words(clause.verb)[-1] in _UNDONE
        if undone and last.low in {"that", "this", "it"}:
            return _with(clause, last.start, last.end, gerund_phrase(past) or last.text)
        effect = filled(clause.verb) and lemma(clause.words(clause.verb)[-1]) in _EFFECTS
        if subject == ["it"] and effect and filled(clause.aux):
            subject = ["this"]
        if subject in (["this"], ["that"]) and filled(clause.verb) and filled(clause.aux):
            token = clause.tokens[clause.subject[0]]
            gerund = gerund_phrase(past) or ""
            return _with(clause, token.start, token.end, gerund)
    done = _DO_IT.search(clause.text)
    stranded = re.search(r"\b(?:have|has|had|need|want|like|able|supposed|allowed|going) to$", core)
    if stranded:
        return f"{core} {phrase}?"
    is_aux = done and clause.aux[1] and done.start() == clause.tokens[clause.aux[0]].start
    if done and not is_aux and past.words(past.verb) != ["do"]:
        return _done(clause, done, phrase)
    return _verb_missing(clause, past, phrase)


def is_existential(core: str) -> bool:
    """Tell `Is there a limit?` and `Any exceptions?`, which lean on what was spoken of."""
    found = _THERE_IS.match(core)
    if found is None:
        return False
    head = (found["noun"] or found["bare"]).split()[-1].lower()
    return head in _LEANING or head in RELATIONS or singular(head) in RELATIONS | _LEANING


def _with(clause: Clause, start: int, end: int, words: str) -> str:
    return f"{clause.text[:start]}{words}{clause.text[end:]}"


def _done(clause: Clause, done: re.Match[str], phrase: str) -> str:
    """Put a verb phrase in the place of `do that`."""
    if done["do"].lower() == "doing":
        first, _, rest = phrase.partition(" ")
        phrase = f"{forms(first).gerund} {rest}".strip()
    return _with(clause, done.start(), done.end(), phrase)


def _verb_missing(clause: Clause, past: Clause, phrase: str) -> str | None:
    """Complete `Why did they?` and `Does Israel?` from the verb before."""
    if not filled(clause.aux) or filled(clause.verb) or filled(clause.rest):
        return None
    aux = clause.words(clause.aux)[0]
    tokens = clause.tokens[slice(*clause.subject)]
    if aux in BE:
        return _being(clause, past)
    if not tokens and not filled(clause.wh):
        return None
    if tokens and not all(
        t.tag in {Tag.PRON, Tag.NAME, Tag.DET, Tag.WORD, Tag.JOIN} for t in tokens
    ):
        return None
    if len(tokens) > 4:  # noqa: PLR2004
        return None
    said = past.of(past.body) if aux in HAVE and past.words(past.aux)[:1] == [aux] else phrase
    return f"{clause.of(clause.wh, clause.aux, clause.subject)} {said}?"


def _being(clause: Clause, past: Clause) -> str | None:
    """Complete `Is Syria?` from a question with the same verb and a participle."""
    if past.words(past.aux)[:1] != clause.words(clause.aux)[:1] or not filled(past.verb):
        return None
    words = clause.words(clause.subject)
    if not words or len(words) > 3 or clause.tokens[clause.subject[0]].tag is Tag.ADJECTIVE:  # noqa: PLR2004
        return None
    if filled(clause.wh):
        return None
    return f"{clause.of(clause.aux, clause.subject)} {past.of(past.body)}?"


def happened(core: str, turn: PastTurn) -> str | None:
    """Write out `what then?` and `and now?` as what follows what was asked about."""
    if not re.match(r"^(?:and |so )?(?:what |what happens |what happened |and )?(?:then|now|next|after that"
                    r"|afterwards)$", core, re.IGNORECASE):  # fmt: skip
        return None
    past = turn.clause()
    told = statement(past)
    gerund = gerund_phrase(past) if is_action(past) else None
    if gerund is not None:
        return f"What happens after {gerund}?"
    if told is None:
        return None
    return f"What to do then when {told}?" if not past.wh_word else f"What happens after {told}?"
