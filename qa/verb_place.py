"""Where the main verb of a question stands, and so where its subject ends."""

from collections.abc import Callable, Iterable, Sequence

from qa.tagging import Tag, Token
from qa.verbs import is_base, is_noun_too, is_participle
from qa.word_lists import word_set

Range = tuple[int, int]
"""Numbers of tokens, half-open."""

BE = word_set("am is are was were be been being")
HAVE = word_set("have has had")
_AFTER_VERB = frozenset({Tag.DET, Tag.PRON, Tag.PREP, Tag.NAME, Tag.CODE, Tag.MARK, Tag.ADVERB})
_HELPED = word_set("be been being have")
_POINTING = word_set("this that these those")
_RELATIVE = word_set("that which who")
_NOUN_LIKE = frozenset({Tag.WORD, Tag.NAME, Tag.CODE, Tag.NUMBER, Tag.DATE, Tag.ADJECTIVE})


def best_verb(tokens: Sequence[Token], places: Iterable[int], end: int) -> int:
    """Return the place that most likely holds a verb, the first of equals."""

    def score(place: int) -> tuple[int, int]:
        last = place + 1 >= end
        following = last or tokens[place + 1].tag in _AFTER_VERB
        return (2 * (not is_noun_too(tokens[place].text)) + following, -place)

    return max(places, key=score)


def after_auxiliary(
    tokens: Sequence[Token], aux: int, end: int, *, asked: bool
) -> tuple[Range, Range]:
    """Return subject and main verb behind the auxiliary at `aux`, empty where there is none."""
    word = tokens[aux].low
    first = aux + 1
    while first < end and tokens[first].tag is Tag.ADVERB:
        first += 1
    if first >= end:
        return (first, first), (first, first)
    fits = is_participle if word in BE | HAVE else is_base
    helped = tokens[first].low in _HELPED
    if asked and (helped or _may_be_verb(tokens, first, fits)):
        return (first, first), (first, _verb_end(tokens, first, end))
    if asked and tokens[first].tag is Tag.PREP:
        return (first, first), (first, first)
    verbs = [
        place
        for place in range(first + 1, end)
        if tokens[place - 1].low != "to"
        and (_may_be_verb(tokens, place, fits) or tokens[place].low in _HELPED | {"do"})
        and not (asked and place == end - 1 and _is_noun_in_ing(tokens, first, place))
    ]
    verbs = _outside_relatives(tokens, _in_main_clause(tokens, verbs, end))
    if not verbs:
        stop = end if word in BE else _subject_end(tokens, first, end)
        return (first, stop), (stop, stop)
    place = verbs[0] if word in BE | HAVE else best_verb(tokens, verbs, end)
    return (first, place), (place, _verb_end(tokens, place, end))


def _may_be_verb(tokens: Sequence[Token], place: int, fits: Callable[[str], bool]) -> bool:
    token = tokens[place]
    if token.tag is not Tag.WORD or not fits(token.text):
        return False
    before = tokens[place - 1]
    if before.low in _POINTING and place > 1 and tokens[place - 2].tag in {Tag.AUX, Tag.ADVERB}:
        return True
    return before.tag not in {Tag.DET, Tag.PREP, Tag.NUMBER, Tag.ADJECTIVE}


def _is_noun_in_ing(tokens: Sequence[Token], first: int, place: int) -> bool:
    """Tell `the threshold setting` from `Iran trying`."""
    return tokens[place].low.endswith("ing") and tokens[first].tag is Tag.DET


def _in_main_clause(tokens: Sequence[Token], places: Sequence[int], end: int) -> list[int]:
    """Return the places before a comma or a word such as `when`, or all if there is none."""
    borders = {Tag.JOIN, Tag.WH}
    stop = next(
        (
            place
            for place in range(places[0] if places else end, end)
            if (tokens[place].tag in borders and tokens[place].low not in {"and", "or"})
            or tokens[place].low == ","
        ),
        end,
    )
    return [place for place in places if place < stop]


def _outside_relatives(tokens: Sequence[Token], places: Sequence[int]) -> list[int]:
    """Drop the verb behind `that` or `which` inside the subject, if another one follows."""
    marks = [i for i, token in enumerate(tokens) if token.low in _RELATIVE and i > 1]
    if not marks or len(places) < 2 or places[0] < marks[0]:  # noqa: PLR2004
        return list(places)
    return [place for place in places[1:] if place - places[0] > 1] or list(places)


def _verb_end(tokens: Sequence[Token], place: int, end: int) -> int:
    """Return the end of `been attacking`, `be told`; of a single verb, the next place."""
    stop = place + 1
    while (
        stop < end
        and tokens[stop - 1].low in BE | HAVE
        and (tokens[stop].low in BE or is_participle(tokens[stop].text))
    ):
        stop += 1
    return stop


def _subject_end(tokens: Sequence[Token], first: int, end: int) -> int:
    """Return the end of a subject whose verb is not known: all names, or all but the last word."""
    if tokens[first].tag is Tag.PRON:
        return first + 1
    stop = first
    while stop < end and tokens[stop].tag in {Tag.NAME, Tag.CODE}:
        stop += 1
    if stop > first and (stop + 1 >= end or tokens[stop + 1].tag not in _NOUN_LIKE):
        return stop
    while stop < end and tokens[stop].tag in _NOUN_LIKE | {Tag.DET}:
        stop += 1
    return stop if stop - first < 3 else stop - 1  # noqa: PLR2004
