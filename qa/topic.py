"""What an earlier question was about, in words that fit behind `the default ...`."""

from qa.noun_phrases import noun_phrases
from qa.past import PastTurn
from qa.referents import short_answers, things
from qa.rephrase import asks_how_much, filled, gerund_phrase, is_action, statement
from qa.word_lists import RELATIONS, word_set

_FOR = word_set("alternative exception limit option reason setting command way rule rules")
_EMPTY_VERBS = word_set("do mean happen work")


def topic(turn: PastTurn) -> tuple[str, str] | None:
    """Return what a turn was about and the word that ties it on, or None.

    `("of", "the setting threshold")`, `("for", "rebuilding the index")`, `("for", "how many files
    a ZIP archive may hold")`, `("when", "Pinpoint reads PDF files")`.
    """
    clause = turn.clause()
    if is_action(clause):
        gerund = gerund_phrase(clause)
        return None if gerund is None else ("for", gerund)
    spoken = sorted(things(turn), key=lambda thing: -thing.weight)
    plain = not filled(clause.verb) or clause.words(clause.verb)[-1] in _EMPTY_VERBS
    if spoken and (plain or (clause.wh_word in {"which", "what", "who"} and short_answers(turn))):
        return "of", spoken[0].text
    said = statement(clause)
    if said is None:
        phrases = noun_phrases(clause)
        if phrases:
            return "of", clause.of((phrases[0].start, phrases[0].long_end))
        return None
    if not clause.wh_word:
        return "when", said
    if not asks_how_much(clause) or clause.wh_word == "how":
        wh = clause.of(clause.wh)
        return "for", f"{wh[:1].lower()}{wh[1:]} {said}"
    return "when", said


def circumstance(turn: PastTurn) -> str | None:
    """Return what ties a whole question to a turn: `when rebuilding the index`."""
    clause = turn.clause()
    if is_action(clause):
        gerund = gerund_phrase(clause)
        if clause.words(clause.verb) == ["do"]:
            return clause.of(clause.rest) or None
        return None if gerund is None else f"when {gerund}"
    found = topic(turn)
    if found is None:
        return None
    said = statement(clause)
    spoken = sorted(things(turn), key=lambda thing: -thing.weight)
    hollow = clause.wh_word and clause.words(clause.verb)[-1:] in (["have"], ["be"], ["hold"])
    if found[0] == "of" or (hollow and spoken):
        return f"with {found[1] if found[0] == 'of' else spoken[0].text}"
    return None if said is None else f"when {said}"


def tied(noun: str, turn: PastTurn) -> str | None:
    """Return `of the setting threshold`, for what follows a noun such as `default`."""
    found = topic(turn)
    if found is None:
        return None
    word, phrase = found
    last = noun.lower().split()[-1] if noun else ""
    if word == "of" and last in _FOR and last not in RELATIONS - _FOR:
        word = "for"
    return f"{word} {phrase}"
