"""The words of a question and what part each may play, told by lists of function words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from qa.places import is_place


class Tag(StrEnum):
    """What a word may be; all that is no function word is a name, code, number or plain word."""

    WH = "wh"
    AUX = "aux"
    DET = "det"
    PREP = "prep"
    PRON = "pron"
    JOIN = "join"
    ADVERB = "adverb"
    ADJECTIVE = "adjective"
    NUMBER = "number"
    DATE = "date"
    CODE = "code"
    NAME = "name"
    WORD = "word"
    MARK = "mark"


@dataclass(frozen=True, slots=True)
class Token:
    """A word or mark with its place: `text[start:end]`."""

    text: str
    start: int
    end: int
    tag: Tag

    @property
    def low(self) -> str:
        """The word in lower case, with straight apostrophes."""
        return self.text.lower().replace("’", "'")


_TOKEN = re.compile(
    r"`[^`\n]*`|\"[^\"\n]*\"|“[^”\n]*”|--?[^\W\d_][\w-]*|(?:[^\W\d_]\.){2,}"
    r"|\d+(?:[.,]\d+)+|[.~/]?\w+(?:[-./\\:_'’@]+\w+)*|[^\w\s]"
)
_CODE = re.compile(
    r"[`\"“].*|--?\w.*|[.~/]\w.*|\w*_\w*|[^\W\d_]+[.@/\\]\w.*|[a-z]+[A-Z]\w*|[a-z]+\d+"
)
_DATE = re.compile(
    r"1\d\d\ds?|20\d\ds?|\d{4}-\d\d(?:-\d\d)?|Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May"
    r"|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Q[1-4]|yesterday|today|tomorrow|tonight"
)

_LISTS = {
    Tag.WH: "what which who whom whose when where why how",
    Tag.AUX: """am is are was were be been being do does did done have has had can could will would
        shall should may might must cannot""",
    Tag.DET: """a an the this that these those my your our its their his her some any no each every
        all both another either neither such many much more most few several enough""",
    Tag.PRON: """i you we us me he him she it they them one ones himself herself itself themselves
        mine yours ours theirs hers everyone everybody someone somebody anyone anybody nobody
        everything something anything nothing there myself yourself""",
    Tag.PREP: """about above across after against along among around as at before behind below
        beneath beside besides between beyond by concerning despite down during except for from in
        inside into like near of off on onto out outside over per regarding round since than through
        throughout till to toward towards under until up upon via with within without""",
    Tag.JOIN: "and or but nor if whether because although though while so unless once",
    Tag.ADVERB: """not also always ever exactly just really actually still yet again already never
        now often only then too usually currently else even instead mostly ago away
        together soon immediately automatically anyway here very quite""",
    Tag.ADJECTIVE: """able available big bigger broken cheap dangerous different difficult
        easy enough expensive false fast faster first second third last good bad hard high important
        impossible large larger legal likely long longer low necessary new old optional possible
        private ready right safe safer same short slow slower small smaller sure true useful valid
        wrong allowed required needed worried afraid responsible""",
}
_ACRONYMS = frozenset({"US", "UK", "EU"})
_TAGS = {word: tag for tag, listed in _LISTS.items() for word in listed.split()}
_CONTRACTED = re.compile(
    r"\b(what|who|where|when|why|how|that|there|it|he|she)['’]s\b(?! own)", re.IGNORECASE
)


def expand(text: str) -> str:
    """Return a text with single spaces and `what's` as `what is`."""
    return _CONTRACTED.sub(r"\1 is", " ".join(text.split()))


def tokenise(text: str, *, opening: bool = True) -> tuple[Token, ...]:
    """Return the words and marks of a text, in order.

    A capital says nothing about the first word, unless the text is not `opening` a sentence.
    """
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        word = match[0]
        found.append(Token(word, match.start(), match.end(), _tag(word, opening=opening)))
        opening = word in ".?!:;"
    return tuple(found)


def _tag(word: str, *, opening: bool) -> Tag:
    if not any(character.isalnum() for character in word):
        return Tag.MARK
    if word.lower() == "may" and (opening or word == "may"):
        return Tag.AUX
    if _DATE.fullmatch(word):
        return Tag.DATE
    acronym = word in _ACRONYMS or (word.isupper() and len(word) > 1 and not opening)
    function = None if acronym else _function(word.lower())
    return function or _content_tag(word, opening=opening)


def _function(low: str) -> Tag | None:
    low = re.sub(r"n['’]t$", "", low)
    return _TAGS.get(low) or _TAGS.get({"ca": "can", "wo": "will"}.get(low, ""))


def _content_tag(word: str, *, opening: bool) -> Tag:
    if word[0].isdigit():
        return Tag.NUMBER
    if _CODE.fullmatch(word):
        return Tag.CODE
    capital = word[0].isupper() and not opening
    return Tag.NAME if capital or is_place(word) or word in _ACRONYMS else Tag.WORD


def span_text(text: str, tokens: Sequence[Token]) -> str:
    """Return the piece of a text from the first token to the last, empty for none."""
    return text[tokens[0].start : tokens[-1].end] if tokens else ""
