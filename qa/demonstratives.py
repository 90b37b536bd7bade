"""`That command`, `this setting`: which one was spoken of."""

from collections.abc import Sequence

from qa.clause import Clause, parse
from qa.noun_phrases import Kind, Role, noun_phrases
from qa.past import PastTurn
from qa.plurals import singular
from qa.referents import recent, short_answers, things
from qa.tagging import Tag, tokenise
from qa.topic import tied
from qa.word_lists import NAMED_BY, word_set

_DOCUMENTS = word_set(
    "document report article paper text page source briefing book letter mail manual note"
)
_TITLE_CHARS = 80
_QUOTE_CHARS = 400
_NOUNS = frozenset({Tag.WORD, Tag.NAME, Tag.ADJECTIVE})


def noun_end(clause: Clause, place: int) -> int:
    """Return the number of the token behind the nouns that follow `that` at a place."""
    tokens, stop = clause.tokens, place + 1
    while stop < len(tokens) and tokens[stop].tag in _NOUNS:
        if clause.is_verb(stop) or stop == clause.subject[1] > clause.subject[0]:
            break
        stop += 1
    return max(stop, place + 2)


def meant(noun: str, turns: Sequence[PastTurn]) -> str:
    """Return what `that` with a noun stands for: `the setting max_file_bytes`.

    Where nothing of the kind was spoken of, it is that of the last turn's topic.
    """
    wanted = singular(noun.rpartition(" ")[2])
    for turn in recent(turns):
        found = _answered(noun, wanted, turn) or _spoken(noun, wanted, turn)
        found = found or quoted_phrase(wanted, turn)
        if found is not None:
            return found
        if wanted in _DOCUMENTS and turn.titles:
            return f'the {noun} "{turn.titles[0][:_TITLE_CHARS]}"'
    link = tied(noun, turns[-1])
    return f"the {noun}" if link is None else f"the {noun} {link}"


def _spoken(noun: str, wanted: str, turn: PastTurn) -> str | None:
    spoken = sorted(things(turn), key=lambda thing: -thing.weight)
    for thing in spoken:
        if singular(thing.head) == wanted:
            return thing.text
    for thing in spoken:
        if wanted in NAMED_BY and thing.kind is Kind.CODE:
            return f"the {noun} {thing.text}"
    return None


def _answered(noun: str, wanted: str, turn: PastTurn) -> str | None:
    """Return the answer that was asked for as such a thing: `the setting max_file_bytes`."""
    clause = turn.clause()
    asked = [singular(p.head) for p in noun_phrases(clause) if p.role is Role.WH]
    for answer in short_answers(turn)[:1]:
        tokens = tokenise(answer)
        is_code = len(tokens) == 1 and tokens[0].tag is Tag.CODE
        if is_code and (wanted in asked or singular(noun) in NAMED_BY):
            return f"the {noun} {answer}"
        if wanted in asked and tokens[0].tag is not Tag.PREP:
            return answer
    return None


def quoted_phrase(head: str, turn: PastTurn) -> str | None:
    """Return the phrase of an answer or quote that has this head, in the singular."""
    for quote in (*turn.answers[:2], *turn.quotes[:2]):
        clause = parse(quote[:_QUOTE_CHARS])
        for phrase in noun_phrases(clause):
            longer = phrase.end - phrase.start > 1
            if longer and singular(phrase.head) == head:
                return clause.of((phrase.start, phrase.end))
    return None
