"""What kind of answer a question asks for, and whether a sentence could hold one."""

import re
from enum import StrEnum


class AnswerType(StrEnum):
    """What must stand in an answer."""

    PERSON = "person"
    DATE = "date"
    PLACE = "place"
    NUMBER = "number"
    MONEY = "money"
    DURATION = "duration"
    ANY = "any"


_NUMBER_WORD = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    r"|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    r"|hundreds?|thousands?|millions?|billions?|trillions?|dozens?|half|twice|single|several|both"
    r"|no|none)"
)
_QUANTITY = rf"(?:\d[\d.,]*|{_NUMBER_WORD})"
_TIME_UNIT = r"(?:second|minute|hour|day|night|week|month|year|decade|centur(?:y|ie)|generation)s?"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_CURRENCY = r"(?:[$€£¥₹]|\b(?:usd|eur|gbp|dollars?|euros?|pounds?|cents?|yen|rupees?|francs?)\b)"

# Order matters: the first pattern that matches names the type.
_QUESTIONS = [
    (AnswerType.MONEY, r"\bhow much\b.*\b(?:cost|costs|pay|paid|spend|spent|price|charge|worth"
                       r"|earn|money|fee|owe|budget|raise)|\bwhat\b.*\b(?:price|cost|fee|salary"
                       r"|revenue|budget)\b"),
    (AnswerType.DURATION, r"\bhow (?:long|many (?:seconds|minutes|hours|days|weeks|months|years"
                          r"|decades))\b"),
    (AnswerType.NUMBER, r"\bhow (?:many|often|old|far|tall|high|deep|large|big|fast|heavy|wide)\b"
                        r"|\bwhat (?:number|percentage|percent|proportion|share|fraction)\b"),
    (AnswerType.DATE, r"^\W*(?:and |but |so )?(?:(?:since|until|by|from) )?when\b"
                      r"|\b(?:what|which) (?:year|date|day|month|time|century|decade)\b"),
    (AnswerType.PLACE, r"^\W*(?:and |but |so )?(?:from )?where\b"
                       r"|\b(?:what|which) (?:country|city|place|state|town|region)\b"),
    (AnswerType.PERSON, r"^\W*(?:and |but |so )?(?:by |to |for |with )?who(?:m|se)?\b"
                        r"|\b(?:what|which) (?:person|man|woman|people)\b"),
]  # fmt: skip
_QUESTIONS_COMPILED = [(kind, re.compile(pattern, re.I | re.S)) for kind, pattern in _QUESTIONS]
_DEFINITION = re.compile(r"^\W*[Ww]ho(?:['’]s| is| are| was| were)\s+[A-Z]\S*(?:\s+\S+)*?\W*$")

_EVIDENCE = {
    AnswerType.NUMBER: re.compile(rf"\b{_QUANTITY}\b", re.I),
    AnswerType.MONEY: re.compile(rf"{_CURRENCY}\s*{_QUANTITY}|{_QUANTITY}\s*{_CURRENCY}"
                                 r"|\bfree(?: of charge)?\b", re.I),
    AnswerType.DURATION: re.compile(
        rf"\b(?:{_QUANTITY}|an?|a few|many|over)[\s-]+(?:\w+\s+)?{_TIME_UNIT}\b"
        rf"|\b{_TIME_UNIT[:-2]}s\b|\bsince\b|\bforever\b|\bpermanent", re.I),
    AnswerType.DATE: re.compile(
        rf"\b(?:1\d|20)\d\d\b|\b{_MONTH}\.?\s+\d|\d\s+{_MONTH}\b|\b(?:in|on|by|of|since|until) "
        rf"{_MONTH}\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:yesterday|today|tomorrow"
        rf"|tonight|now|ago|century)\b|\b\d{{1,2}}:\d\d\b|\b(?:last|next|this|every|each|after"
        rf"|before|when|during|while|until)\b", re.I),
    # A name inside a sentence; at its start a capital says nothing about a word.
    AnswerType.PLACE: re.compile(
        r"\b(?:in|at|on|near|from|to|into|under|inside|of|across|beside|over)\s+", re.I),
    AnswerType.PERSON: re.compile(
        r"[^\W\d_](?=\S*\s)\S*\s+(?:\S+\s+)*?[A-Z][^\W\d_]+|\b[A-Z][\w.]+ [A-Z][\w.]+"
        r"|\b(?:he|she|they|we|i|people|official|experts?|users?|members?)\b"),
}  # fmt: skip


def answer_type(question: str) -> AnswerType:
    """Return what must stand in an answer; `ANY` where nothing particular must."""
    if _DEFINITION.match(question):  # "Who is Vali Nasr?" asks what is said of a named person
        return AnswerType.ANY
    for kind, pattern in _QUESTIONS_COMPILED:
        if pattern.search(question):
            return kind
    return AnswerType.ANY


def asks_quantity(expected: AnswerType) -> bool:
    """Tell whether an answer must show a quantity, which a sentence cannot hide."""
    return expected in (AnswerType.NUMBER, AnswerType.MONEY, AnswerType.DURATION)


def could_hold(sentence: str, expected: AnswerType) -> bool:
    """Tell whether a sentence shows anything of the expected type."""
    pattern = _EVIDENCE.get(expected)
    return pattern is None or pattern.search(sentence) is not None
