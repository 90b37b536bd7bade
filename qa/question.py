"""What kind of answer a question asks for, and whether a sentence could hold one."""

import re
from dataclasses import dataclass
from enum import StrEnum

from qa.terms import stem, words


class AnswerType(StrEnum):
    """What must stand in an answer."""

    PERSON = "person"
    DATE = "date"
    PLACE = "place"
    NUMBER = "number"
    MONEY = "money"
    DURATION = "duration"
    DEFINITION = "definition"
    INSTRUCTION = "instruction"
    ANY = "any"


_LEAD = r"^\W*(?:(?:and|but|so|then) )?"
_QUESTIONS = [
    (AnswerType.MONEY, r"\bhow much\b.*\b(?:costs?|pay|paid|spen[dt]|price|charge|worth|earn|money"
                       r"|fee|owe|budget|raise)|\bwhat\b.*\b(?:price|cost|fee|salary|revenue"
                       r"|budget)\b"),
    (AnswerType.DURATION, r"\bhow (?:long|many (?:seconds|minutes|hours|days|weeks|months|years"
                          r"|decades))\b"),
    (AnswerType.NUMBER, r"\bhow (?:many|often|old|far|tall|high|deep|large|big|fast|heavy|wide)\b"
                        r"|\bwhat (?:number|percentage|percent|proportion|share|fraction)\b"),
    (AnswerType.DATE, rf"{_LEAD}(?:(?:since|until|by|from) )?when\b"
                      r"|\b(?:what|which) (?:year|date|day|month|time|century|decade)\b"),
    (AnswerType.PLACE, rf"{_LEAD}(?:from )?where\b"
                       r"|\b(?:what|which) (?:country|city|place|state|town|region)\b"),
    (AnswerType.INSTRUCTION, rf"{_LEAD}how (?:do|can|could|should|would|must) (?:i|you|we|one)\b"
                             rf"|{_LEAD}how to\b"),
    (AnswerType.PERSON, rf"{_LEAD}(?:(?:by|to|for|with) )?who(?:m|se)?\b"
                        r"|\b(?:what|which) (?:person|man|woman|people)\b"),
]  # fmt: skip
# "Which tool measures how long it takes?" asks for a tool; "What does it cost and how long does it
# take?" asks for both, and "When it rains, how long does it take?" for the time.
_ASKED_BEFORE = re.compile(
    rf"{_LEAD}(?:\w+ )?(?:who(?:m|se)?|what|which|where|when|why|how)\b"
    r"(?!.*(?:[,;:?]|\b(?:and|or|but)\b))",
    re.I | re.S,
)
_COMPILED = [(kind, re.compile(pattern, re.I | re.S)) for kind, pattern in _QUESTIONS]
_QUANTITIES = frozenset({AnswerType.NUMBER, AnswerType.MONEY, AnswerType.DURATION})
# "Who is Vali Nasr?" and "What is a chunk?", but not "What is the capital of Australia?"
_DEFINITION = re.compile(
    r"^\W*(?:[Ww]ho|[Ww]hat)(?:['’]s| is| are| was| were) (?:an? )?"
    r"(?P<subject>(?!(?:the|this|that|it|an?)\b)\w[\w'’.-]*"
    r"(?: (?!(?:of|for|in)\b)[\w'’.-]+){0,3})\W*$"
)
_COUNTED = re.compile(r"\bhow many (?:of the |other |more |different )?(?P<noun>\w+)", re.I)

_NUMBER_WORD = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    r"|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    r"|hundreds?|thousands?|millions?|billions?|trillions?|dozens?|half|twice|single|several|both"
    r"|no|none)"
)
_QUANTITY = rf"(?:\d[\d.,]*|{_NUMBER_WORD})"
_TIME_UNIT = r"(?:second|minute|hour|day|night|week|month|year|decade|century|generation)"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_CURRENCY = r"(?:[$€£¥₹]|\b(?:usd|eur|gbp|dollars?|euros?|pounds?|cents?|yen|rupees?|francs?)\b)"
_NUMBER = re.compile(rf"{_QUANTITY}", re.I)

_EVIDENCE = {
    AnswerType.NUMBER: re.compile(rf"\b{_QUANTITY}\b", re.I),
    AnswerType.MONEY: re.compile(
        rf"{_CURRENCY}\s*{_QUANTITY}|{_QUANTITY}\s*{_CURRENCY}|\bfree(?: of charge)?\b"
        # In a table the unit is mostly elsewhere.
        rf"|\d\s*(?:thousand|million|billion|trillion|bn)\b|(?<!\d):\s*\d[\d.,]*\s*(?:;|$)", re.I),
    AnswerType.DURATION: re.compile(
        rf"\b(?:{_QUANTITY}|an?|a few|many|over)[\s-]+(?:\w+\s+)?{_TIME_UNIT}(?:s|\b)"
        rf"|\b(?:{_TIME_UNIT}s|centuries|since|forever|permanently)\b", re.I),
    AnswerType.DATE: re.compile(
        rf"\b(?:1\d|20)\d\d(?:s|\b)|\b{_MONTH}\.?\s+\d|\d\s+{_MONTH}\b|\b(?:in|on|by|of|since|until)"
        rf" {_MONTH}\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b\d{{1,2}}:\d\d\b"
        rf"|\b(?:yesterday|today|tomorrow|tonight|ago|century|after|before|when|during)\b"
        rf"|\b(?:last|next|every) {_TIME_UNIT}", re.I),
    AnswerType.PLACE: re.compile(
        r"\b(?:in|at|on|near|from|to|into|under|inside|of|across|beside|over)\s+", re.I),
    # A name; at a sentence's start a capital says nothing about a word.
    AnswerType.PERSON: re.compile(
        r"(?<=\s)[A-Z][^\W\d_]|\b[A-Z][\w.]+ [A-Z][\w.]+"
        r"|\b(?:he|she|they|we|i|people|officials?|experts?|users?|members?)\b"),
    AnswerType.INSTRUCTION: re.compile(
        r"^\W*(?:to|run|use|open|set|type|press|click|choose|put|name|call|write|delete|install)\b"
        r"|`[^`]+`|\b(?:you can|run|use|by \w+ing)\b", re.I),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a sentence must show to hold an answer.

    Attributes:
        kind: The type of the answer.
        subject: The word that is counted ("how many *troops*") or the term that is to be defined.
    """

    kind: AnswerType
    subject: str = ""

    @property
    def is_quantity(self) -> bool:
        """Whether the answer must show a quantity, which no sentence can hide."""
        return self.kind in _QUANTITIES

    def met_by(self, sentence: str) -> bool:
        """Tell whether a sentence shows anything of what is asked for."""
        if self.kind is AnswerType.DEFINITION:
            return _defines(sentence, self.subject)
        if self.kind is AnswerType.NUMBER and self.subject:
            return _counts(sentence, self.subject)
        pattern = _EVIDENCE.get(self.kind)
        return pattern is None or pattern.search(sentence) is not None


def expectation(question: str) -> Expectation:
    """Return what an answer must show; kind `ANY` where nothing particular must."""
    definition = _DEFINITION.match(question)
    if definition:
        return Expectation(AnswerType.DEFINITION, definition["subject"])
    for kind, pattern in _COMPILED:
        found = pattern.search(question)
        if found and not _ASKED_BEFORE.search(question[: found.start()]):
            counted = _COUNTED.search(question) if kind is AnswerType.NUMBER else None
            return Expectation(kind, counted["noun"] if counted else "")
    return Expectation(AnswerType.ANY)


def _defines(sentence: str, subject: str) -> bool:
    """Tell whether the subject is followed by a verb of being or an apposition."""
    pattern = (
        rf"\b{re.escape(subject)}s?\b\W{{0,2}}(?:\w+ ){{0,1}}(?:is|are|was|were|means|refers)\b"
    )
    apposition = rf"\b{re.escape(subject)}\b\W{{0,2}}(?:, (?:an?|the)\b| \()"
    return re.search(f"{pattern}|{apposition}", sentence, re.I) is not None


def _counts(sentence: str, noun: str) -> bool:
    """Tell whether a number stands up to four words before the noun; any, if it is not there.

    In a table's row the number stands behind it: "Staff: 44".
    """
    if re.search(rf"\b{re.escape(noun)}\w*:\s*{_QUANTITY}\b", sentence, re.I):
        return True
    found = words(sentence)
    places = [place for place, word in enumerate(found) if stem(word) == stem(noun)]
    if not places:
        return _EVIDENCE[AnswerType.NUMBER].search(sentence) is not None
    before = (word for place in places for word in found[max(place - 4, 0) : place])
    return any(_NUMBER.fullmatch(word) for word in before)
