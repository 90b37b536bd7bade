"""The parts of a question: question word, auxiliary, subject, verb and what follows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa.tagging import Tag, Token, expand, span_text, tokenise
from qa.verb_place import Range, after_auxiliary, best_verb
from qa.verbs import is_base, is_noun_too, lemma
from qa.word_lists import word_set

OPENERS = word_set(
    "and but so or then also ok okay well hm hmm right thanks thank please great good oh hi hello"
    " hey now interesting sure yes no fine alright actually"
)
ASKING = word_set("tell explain describe list name give show define")
_NOUN_LIKE = frozenset({Tag.WORD, Tag.NAME, Tag.CODE, Tag.NUMBER, Tag.DATE, Tag.ADJECTIVE})
_PLAIN_WH = word_set("when where why who whom")


@dataclass(frozen=True, slots=True)
class Clause:
    """A question, cut into parts; each part is a range of token numbers, empty where missing.

    `front` is what stands before the question word, up to a comma (`In 2020, did ...`). `subject`
    is empty where the question word is the subject or belongs to it. `rest` follows the main verb;
    with a form of `be` alone, all that follows it is the subject.
    """

    text: str
    tokens: tuple[Token, ...]
    front: Range = (0, 0)
    wh: Range = (0, 0)
    aux: Range = (0, 0)
    subject: Range = (0, 0)
    verb: Range = (0, 0)
    rest: Range = (0, 0)

    def of(self, *parts: Range) -> str:
        """Return the words of parts, joined by spaces."""
        found = (span_text(self.text, self.tokens[a:b]) for a, b in parts)
        return " ".join(piece for piece in found if piece)

    def words(self, part: Range) -> list[str]:
        """Return a part's words in lower case."""
        return [token.low for token in self.tokens[part[0] : part[1]]]

    def is_verb(self, place: int) -> bool:
        """Tell whether a token belongs to the main verb."""
        return self.verb[0] <= place < self.verb[1]

    @property
    def wh_word(self) -> str:
        """The question word in lower case, empty for a yes-or-no question."""
        found = (t.low for t in self.tokens[slice(*self.wh)] if t.tag is Tag.WH)
        return next(found, "")

    @property
    def is_question(self) -> bool:
        """Whether there is a question word or an auxiliary with a subject or verb behind it."""
        return bool(self.wh_word or self.aux[1]) and self.rest[1] > 0

    @property
    def body(self) -> Range:
        """From the verb to the end."""
        return (self.verb[0] if _filled(self.verb) else self.rest[0], self.rest[1])


def _filled(part: Range) -> bool:
    return part[0] < part[1]


@lru_cache(maxsize=512)
def parse(text: str) -> Clause:
    """Cut a question into its parts; of a text that is none, `rest` is everything."""
    text = expand(text)
    tokens = tokenise(text)
    end = len(tokens)
    while end and tokens[end - 1].tag is Tag.MARK:
        end -= 1
    start = skip_openers(tokens, end)
    front = _front(tokens, start, end)
    start = max(start, front[1])
    if start < end and tokens[start].tag is Tag.MARK:
        start += 1
    wh = _wh(tokens, start, end)
    if _filled(wh):
        start = wh[1]
    elif start < end and tokens[start].low in ASKING:
        return Clause(
            text, tokens, front, subject=(_asked(tokens, start, end), end), rest=(end, end)
        )
    if start < end and tokens[start].tag is Tag.AUX:
        subject, verb = after_auxiliary(tokens, start, end, asked=_filled(wh))
        last = max(subject[1], verb[1], start + 1)
        return Clause(text, tokens, front, wh, (start, start + 1), subject, verb, (last, end))
    if _filled(wh) and start < end and _is_verb(tokens, wh, start):
        return Clause(text, tokens, front, wh, verb=(start, start + 1), rest=(start + 1, end))
    return Clause(text, tokens, front, wh, rest=(start, end))


def _is_verb(tokens: Sequence[Token], wh: Range, place: int) -> bool:
    """Tell whether a verb follows the question word; what follows `who` is one anyway."""
    who = wh[1] - wh[0] == 1 and tokens[wh[0]].low in {"who", "what"}
    return lemma(tokens[place].text) is not None or (who and tokens[place].tag is Tag.WORD)


def skip_openers(tokens: Sequence[Token], end: int) -> int:
    """Return the number of the first token that is not `and`, `so`, `thanks` and the like."""
    start = 0
    while start < end - 1 and (tokens[start].tag is Tag.MARK or tokens[start].low in OPENERS):
        start += 1
    return start


def _front(tokens: Sequence[Token], start: int, end: int) -> Range:
    if start >= end or tokens[start].tag not in {Tag.PREP, Tag.JOIN, Tag.WH}:
        return (0, 0)
    for place in range(start + 1, end - 1):
        if tokens[place].low == "," and tokens[place + 1].tag in {Tag.WH, Tag.AUX}:
            return (start, place)
    return (0, 0)


def _asked(tokens: Sequence[Token], start: int, end: int) -> int:
    place = start + 1
    while place < end - 1 and tokens[place].low in {"me", "us", "about", "more", "to"}:
        place += 1
    return place


def _wh(tokens: Sequence[Token], start: int, end: int) -> Range:
    """Return the question word's phrase: `how many US troops`, `in which of the folders`."""
    place = start
    if place + 1 < end and tokens[place].tag is Tag.PREP and tokens[place + 1].tag is Tag.WH:
        place += 1
    if place >= end or tokens[place].tag is not Tag.WH:
        return (0, 0)
    word = tokens[place].low
    place += 1
    if word == "how" and place < end and tokens[place].tag not in {Tag.AUX, Tag.PRON, Tag.PREP}:
        place += tokens[place].low != "the"
        if tokens[place - 1].low not in {"many", "much"}:
            return (start, place)
    elif word in _PLAIN_WH or word == "how":
        while place < end and tokens[place].low in {"exactly", "else", "come"}:
            place += 1
        return (start, place)
    return (start, _noun_end(tokens, place, end))


def _noun_end(tokens: Sequence[Token], start: int, end: int) -> int:
    """Return where the nouns behind `which` or `how many` end: at an auxiliary or a verb."""
    stop = start
    while stop < end and (
        tokens[stop].tag in _NOUN_LIKE
        or tokens[stop].low in {"of", "the", "other", "and", "else"}
        or (tokens[stop].tag is Tag.DET and tokens[stop - 1].low == "of")
    ):
        stop += 1
    if stop + 1 < end and tokens[stop].tag is Tag.PREP and stop > start:
        longer = stop + 1
        while longer < end and tokens[longer].tag in _NOUN_LIKE | {Tag.DET}:
            longer += 1
        if longer < end and tokens[longer].tag is Tag.AUX:
            stop = longer
    has_aux = stop < end and tokens[stop].tag is Tag.AUX
    verbs = [
        place
        for place in range(start, min(stop, end))
        if tokens[place].tag is Tag.WORD
        and lemma(tokens[place].text)
        and not tokens[place].low.endswith("ing")
        and (place + 1 < end or not is_noun_too(tokens[place].text))
        and tokens[place - 1].low not in {"the", "of"}
        and not (has_aux and is_noun_too(tokens[place].text))
        and not (place == start and is_base(tokens[place].text) and place + 1 < stop)
    ]
    return best_verb(tokens, verbs, end) if verbs else stop
