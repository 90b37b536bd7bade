"""A question said another way: with another question word, as a verb phrase, as a noun phrase."""

from qa.clause import Clause
from qa.noun_phrases import Role, noun_phrases
from qa.plurals import is_plural
from qa.tagging import Tag
from qa.verb_place import BE, HAVE
from qa.verbs import base_form, forms, lemma
from qa.word_lists import word_set

_ADVERBIAL = word_set("when where why how")
_SPEAKERS = word_set("i we you one")
_DO = {"do": "do", "does": "do", "did": "do"}
_WITH_SEVERAL = {"is": "are", "was": "were", "has": "have", "does": "do"}
_COUNTING = (["how", "many"], ["how", "much"])
_TAKING = word_set(
    "need needed use used have get take taken require required send sent support want"
)
_NOBODY = {"who": "they", "what": "it", "which": "they", "whom": "them"}


def filled(part: tuple[int, int]) -> bool:
    """Tell whether a part of a question has words."""
    return part[0] < part[1]


def is_action(clause: Clause) -> bool:
    """Tell whether a question is about what the asker does: `How do I rebuild the index?`."""
    words = clause.words(clause.subject)
    return filled(clause.verb) and len(words) == 1 and words[0] in _SPEAKERS


def asks_how_much(clause: Clause) -> bool:
    """Tell whether the question word takes the place of an adverb: `how often`, `when`."""
    words = clause.words(clause.wh)
    if clause.wh_word == "how":
        return not {"many", "much"} & set(words)
    return clause.wh_word in _ADVERBIAL


def with_question_word(clause: Clause, wh: str, answer: str | None, tail: str = "") -> str | None:
    """Ask the same with another question word; None where the question has no such parts.

    Args:
        clause: The question.
        wh: The new question word or phrase: `Why`, `since when`.
        answer: Short answer that takes the old question word's place, if there is a suitable one.
        tail: Words for the end.
    """
    front = clause.of(clause.front)
    words = wh.lower().split()
    if is_action(clause) and words[0] in {"what", "which"} and len(words) == 2:  # noqa: PLR2004
        verb = clause.of(clause.verb)
        return f"{wh} {forms(base_form(verb)).third} {clause.of(clause.rest)}?"
    parts = _parts(clause, answer, keeps_gap=_is_nominal(wh))
    if parts is None:
        return None
    ending = [part for part in (*parts, tail, front[:1].lower() + front[1:]) if part]
    return " ".join([wh, *ending]).strip() + "?"


def _is_nominal(wh: str) -> bool:
    words = wh.lower().split()
    return words[0] in {"what", "which", "who", "whose"} or words[:2] in _COUNTING


def _parts(clause: Clause, answer: str | None, *, keeps_gap: bool) -> list[str] | None:
    """Return auxiliary, subject and what follows, with the answer where the question word was."""
    if keeps_gap and clause.wh_word in {"who", "what", "which"} and not filled(clause.subject):
        return [clause.of(part) for part in (clause.aux, clause.verb, clause.rest)]
    if filled(clause.aux) and filled(clause.subject):
        return _around_subject(clause, answer, keeps_gap=keeps_gap)
    subject = answer or _counted(clause) or _NOBODY.get(clause.wh_word, "it")
    aux, verb = _small(clause.of(clause.aux)), clause.of(clause.verb)
    if aux and clause.wh_word:
        return [_agreeing(aux, subject), subject, verb, clause.of(clause.rest)]
    if verb:
        base = base_form(verb)
        aux = {forms(base).past: "did", forms(base).third: "does"}.get(verb.lower(), "do")
        return [_agreeing(aux, subject), subject, base, clause.of(clause.rest)]
    return ["is", clause.of(clause.subject)] if filled(clause.subject) else None


def _around_subject(clause: Clause, answer: str | None, *, keeps_gap: bool) -> list[str]:
    gap, rest = "", clause.rest
    if clause.wh_word and not asks_how_much(clause) and not keeps_gap:
        gap = answer or _counted(clause)
    replaced = clause.words(clause.verb)[-1:] and clause.words(clause.verb)[-1] in _TAKING
    if replaced and keeps_gap and not clause.wh_word:
        rest = _without_object(clause)
    parts = [clause.of(part) for part in (clause.subject, clause.verb)]
    return [_small(clause.of(clause.aux)), *parts, gap, clause.of(rest)]


def _without_object(clause: Clause) -> tuple[int, int]:
    """Return what follows the verb without the thing that something is done to."""
    first = [p for p in noun_phrases(clause) if p.start == clause.rest[0]]
    return (first[0].long_end, clause.rest[1]) if first else clause.rest


def _agreeing(aux: str, subject: str) -> str:
    """Return the auxiliary that goes with a subject: `are` militias."""
    first = subject.lower().split(" that ")[0].split(" by ")[0].split(" of ")[0].split()
    several = subject in {"they", "them"} or any(is_plural(word) for word in first[:2])
    return _WITH_SEVERAL.get(aux, aux) if several else aux


def _small(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"


def _counted(clause: Clause) -> str:
    """Return the nouns behind `which` or `how many`, empty for a bare question word."""
    found = [phrase for phrase in noun_phrases(clause) if phrase.role is Role.WH]
    if not found:
        return ""
    first = found[0].start
    while clause.tokens[first].low in {"many", "much"}:
        first += 1
    return clause.of((first, clause.wh[1]))


def verb_phrase(clause: Clause) -> str | None:
    """Return verb and rest in the base form: `rebuild the index`."""
    if not filled(clause.verb):
        return None
    words = clause.words(clause.verb)
    if words[0] in BE | HAVE and words[0] != "be":
        words = words[1:]
    if not words:
        return None
    plain = clause.words(clause.aux)[:1]
    if words[0] != "be" and not (plain and plain[0] not in BE | HAVE | _DO.keys()):
        words[0] = base_form(words[0])
    return " ".join([*words, clause.of(clause.rest)]).strip()


def gerund_phrase(clause: Clause) -> str | None:
    """Return verb and rest with -ing: `rebuilding the index`."""
    phrase = verb_phrase(clause)
    if phrase is None:
        return None
    first, _, rest = phrase.partition(" ")
    return f"{forms(first.lower()).gerund} {rest}".strip()


def as_noun_phrase(clause: Clause) -> str | None:
    """Return what a question asks for as a noun phrase: `the groups that Iran supports`."""
    noun = _counted(clause)
    if not noun or asks_how_much(clause):
        return None
    said = statement(clause)
    if said is None:
        return None
    return f"the {noun} that {said}" if not noun.startswith("of ") else None


def statement(clause: Clause) -> str | None:
    """Return a question's parts in the order of a statement, without the question word."""
    verb, rest = clause.of(clause.verb), clause.of(clause.rest)
    aux = _small(clause.of(clause.aux))
    if not filled(clause.subject):
        return " ".join(part for part in (aux, verb, rest) if part) or None
    subject = clause.of(clause.subject)
    if aux.lower() in _DO and verb:
        verb = _finite(verb, aux.lower())
        aux = ""
    if not verb:
        return " ".join(part for part in (subject, aux, rest) if part)
    return " ".join(part for part in (subject, aux, verb, rest) if part)


def _finite(verb: str, aux: str) -> str:
    first, _, rest = verb.partition(" ")
    if first == "have":
        return f"{ {'does': 'has', 'did': 'had'}.get(aux, 'have') } {rest}".strip()
    if lemma(first) is None:
        return verb
    found = forms(first.lower())
    form = {"does": found.third, "did": found.past}.get(aux, found.base)
    return f"{form} {rest}".strip()


def first_plural(clause: Clause) -> str | None:
    """Return the first plural that is counted or done something to, else any: `US troops`."""
    found = [phrase for phrase in noun_phrases(clause) if phrase.plural]
    order = (Role.WH, Role.OBJECT, Role.SUBJECT, Role.AFTER)
    for role in order:
        for phrase in found:
            if phrase.role is role:
                first = phrase.start
                while clause.tokens[first].tag is Tag.DET or clause.tokens[first].low == "many":
                    first += 1
                return clause.of((first, phrase.long_end))
    return None
