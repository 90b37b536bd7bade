"""What an earlier question was about, in words that fit behind `the default ...`."""

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
    gerund = gerund_phrase(clause) if is_action(clause) else None
    if gerund is not None:
        return "for", gerund
    said, spoken = statement(clause), _most_likely(turn)
    plain = not filled(clause.verb) or clause.words(clause.verb)[-1] in _EMPTY_VERBS
    answered = clause.wh_word in {"which", "what", "who"} and bool(short_answers(turn))
    if spoken is not None and (plain or answered or said is None):
        return "of", spoken
    if said is None:
        return None
    if clause.wh_word and (not asks_how_much(clause) or clause.wh_word == "how"):
        wh = clause.of(clause.wh)
        return "for", f"{wh[:1].lower()}{wh[1:]} {said}"
    return "when", said


def _most_likely(turn: PastTurn) -> str | None:
    spoken = max(things(turn), key=lambda thing: thing.weight, default=None)
    return None if spoken is None else spoken.text


def circumstance(turn: PastTurn) -> str | None:
    """Return what ties a whole question to a turn: `when rebuilding the index`."""
    clause = turn.clause()
    if is_action(clause):
        gerund = gerund_phrase(clause)
        if clause.words(clause.verb) == ["do"]:
            return clause.of(clause.rest) or None
        return None if gerund is None else f"when {gerund}"
    found, said, likely = topic(turn), statement(clause), _most_likely(turn)
    if found is None or said is None:
        return None
    hollow = clause.wh_word and clause.words(clause.verb)[-1:] in (["have"], ["be"], ["hold"])
    thing = found[1] if found[0] == "of" else likely if hollow else None
    return f"when {said}" if thing is None else f"with {thing}"


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


def indirect(turn: PastTurn) -> str:
    """Return what a turn asked as an indirect question: `why the US sent warships`."""
    past = turn.clause()
    found, said, wh = topic(turn), statement(past), past.of(past.wh)
    if is_action(past) and found is not None:
        return found[1]
    if said is None or (found is not None and found[0] == "of"):
        return found[1] if found is not None else turn.question
    return f"{wh[:1].lower() + wh[1:] or 'whether'} {said}"
