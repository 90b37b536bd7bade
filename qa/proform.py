"""`How do I do that?`, `Why did they?`: a verb phrase that was said before."""

import re

from qa.clause import Clause
from qa.past import PastTurn
from qa.plurals import singular
from qa.rephrase import filled, gerund_phrase, is_action, statement, verb_phrase
from qa.tagging import Tag, Token
from qa.topic import indirect
from qa.verb_place import BE, HAVE
from qa.verbs import forms, lemma
from qa.word_lists import CHANGING, RELATIONS, word_set

_DO_IT = re.compile(
    r"\b(?P<do>do|does|doing|done|did)(?: all)? (?:that|this|it|so)(?= (?!the)|\W*$)", re.IGNORECASE
)
_IT_TAKES = re.compile(
    r"^(?:how (?:long|much(?: \w+)?) (?:does|did|will|would) (?:it|that|this) (?:take|cost|need)"
    r"|(?:is|was) (?:it|that|this) (?:even |always |really )?"
    r"(?:possible|safe|allowed|necessary|hard|easy|difficult|reversible|dangerous|free|ok))$",
    re.IGNORECASE,
)
_STRANDED = re.compile(
    r"\b(?:have|has|had|need|want|like|able|supposed|allowed|going) to$", re.IGNORECASE
)
_THEN = re.compile(
    r"^(?:what |what happens |what happened )?(?:then|now|next|after that|afterwards)$",
    re.IGNORECASE,
)
_NOUNS = frozenset({Tag.PRON, Tag.NAME, Tag.DET, Tag.WORD, Tag.JOIN})
_LONGEST_SUBJECT = 4
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
    r"^(?:is|are|was|were) there (?:(?:an?|any|some|another|other|more|also) )*"
    r"(?P<noun>[\w -]{2,40})$"
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
    changed = _changing(clause, turn)
    phrase = verb_phrase(past)
    if changed is not None or phrase is None:
        return changed
    action = _of_action(core, clause, past, phrase) if is_action(past) else None
    if action is not None:
        return action
    if _STRANDED.search(core):
        return f"{core} {phrase}?"
    aux = clause.tokens[clause.aux[0]].start if filled(clause.aux) else -1
    found = (match for match in _DO_IT.finditer(clause.text) if match.start() != aux)
    done = next(found, None)
    if done and past.words(past.verb) != ["do"]:
        return _done(clause, done, phrase)
    return _verb_missing(clause, past, phrase)


def _of_action(core: str, clause: Clause, past: Clause, phrase: str) -> str | None:
    """Write `rebuilding the index` for what `it` and `that` do, cost or take."""
    if _IT_TAKES.match(core):
        return f"{core} to {phrase}?"
    gerund, verb = gerund_phrase(past), clause.words(clause.verb)[-1:]
    if gerund is None or not verb or not filled(clause.aux):
        return None
    last = clause.tokens[clause.rest[1] - 1]
    if verb[0] in _UNDONE and last.low in {"that", "this", "it"}:
        return _with(clause, last, gerund)
    subject = clause.words(clause.subject)
    if subject in (["this"], ["that"]) or (subject == ["it"] and lemma(verb[0]) in _EFFECTS):
        return _with(clause, clause.tokens[clause.subject[0]], gerund)
    return None


def _changing(clause: Clause, turn: PastTurn) -> str | None:
    """Write `change how many quotes are in an answer` for `change that`."""
    past = turn.clause()
    verb = lemma(clause.words(clause.verb)[-1]) if filled(clause.verb) else None
    if verb not in CHANGING or past.wh_word in {"what", "which", "who"} or is_action(past):
        return None
    subject = clause.words(clause.subject) in (["that"], ["this"])
    place = clause.subject[0] if subject else clause.rest[1] - 1
    if clause.tokens[place].low not in {"that", "this"}:
        return None
    return _with(clause, clause.tokens[place], indirect(turn))


def is_existential(core: str) -> bool:
    """Tell `Is there a limit?` and `Any exceptions?`, which lean on what was spoken of."""
    found = _THERE_IS.match(core)
    if found is None:
        return False
    head = (found["noun"] or found["bare"]).split()[-1].lower()
    return head in _LEANING or head in RELATIONS or singular(head) in RELATIONS | _LEANING


def _with(clause: Clause, token: Token, words: str) -> str:
    return f"{clause.text[: token.start]}{words}{clause.text[token.end :]}"


def _done(clause: Clause, done: re.Match[str], phrase: str) -> str:
    """Put a verb phrase in the place of `do that`."""
    if done["do"].lower() == "doing":
        first, _, rest = phrase.partition(" ")
        phrase = f"{forms(first).gerund} {rest}".strip()
    return f"{clause.text[: done.start()]}{phrase}{clause.text[done.end() :]}"


def _verb_missing(clause: Clause, past: Clause, phrase: str) -> str | None:
    """Complete `Why did they?` and `Does Israel?` from the verb before."""
    if not filled(clause.aux) or filled(clause.verb) or filled(clause.rest):
        return None
    tokens = clause.tokens[slice(*clause.subject)]
    if len(tokens) > _LONGEST_SUBJECT or any(token.tag not in _NOUNS for token in tokens):
        return None
    aux = clause.words(clause.aux)[0]
    if aux in BE:
        return _being(clause, past)
    if not tokens and not filled(clause.wh):
        return None
    said = past.of(past.body) if aux in HAVE and past.words(past.aux)[:1] == [aux] else phrase
    return f"{clause.of(clause.wh, clause.aux, clause.subject)} {said}?"


def _being(clause: Clause, past: Clause) -> str | None:
    """Complete `Is Syria?` from a question with the same verb and a participle."""
    same = past.words(past.aux)[:1] == clause.words(clause.aux)[:1] and filled(past.verb)
    if not same or filled(clause.wh) or not filled(clause.subject):
        return None
    return f"{clause.of(clause.aux, clause.subject)} {past.of(past.body)}?"


def happened(core: str, turn: PastTurn) -> str | None:
    """Write out `what then?` and `and now?` as what follows what was asked about."""
    if not _THEN.match(core):
        return None
    past = turn.clause()
    gerund = gerund_phrase(past) if is_action(past) else None
    if gerund is not None:
        return f"What happens after {gerund}?"
    told = statement(past)
    if told is None:
        return None
    return f"What happens after {told}?" if past.wh_word else f"What to do then when {told}?"
