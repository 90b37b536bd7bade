"""Questions that compare two things, and what to ask of each."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from qa.comparative import COMPARATIVE, amount, base_verb, degree
from qa.polite import plain
from qa.subjects import Subjects, split


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two subjects in the question's words, and a question of its own for each of them."""

    subjects: tuple[str, str]
    questions: tuple[str, str]

    @property
    def in_general(self) -> bool:
        """Whether it asks what each is, and for nothing in particular."""
        return all(
            question == f"What is {subject}?"
            for subject, question in zip(self.subjects, self.questions, strict=True)
        )


_Asking = Callable[[str], str]
_AUX = r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would)"
_BE = r"(?:is|are|was|were)"
_DO = r"(?:do|does|did)"
_COST = frozenset({"cheaper", "dearer", "more expensive", "less expensive", "costlier"})
_JUDGED = re.compile(
    r"\b(?:case|court|ruling|ruled|judg\w+|lawsuit|decided|held|match|game|scores?)\b", re.I
)
_HOW_MUCH_MORE = re.compile(r"^(how (?:much|many)) (?:more|less|fewer)\b", re.IGNORECASE)
_PAST = re.compile(r"(?:the )?(?:\d{4}|last|previous|prior|year|a year|before)\b", re.I)
_ASPECT = re.compile(
    r"^(?:in terms of|with (?:respect|regard) to|regarding|as regards|when it comes to|in|on|by)"
    r" (?:the |their )?(?P<aspect>[a-z][\w-]*(?: (?!(?:of|in|for)\b)[a-z][\w-]*){0,3})$"
)
_LONGEST_CHARS = 600
_DETERMINED = re.compile(r"^(?:in|on|by) (?:the|this|our|my|an?|both|each|any) ")


def comparison(question: str) -> Comparison | None:
    """Take a comparison apart; None for any other question, and for one of many words.

    A hundred words are a story and no comparison, and the patterns' work grows with the square.
    """
    if len(question) > _LONGEST_CHARS:
        return None
    text = plain(question).rstrip(" ?!.")
    for pattern, make in _FORMS:
        match = pattern.search(text)
        made = make(match) if match else None
        if made is not None:
            subjects, ask = made
            both = subjects.one, subjects.other
            one, other = (_tidy(ask(subject)) for subject in both)
            return Comparison(both, (one, other))
    return None


def _tidy(question: str) -> str:
    spaced = " ".join(question.split()).strip(" ,")
    return f"{spaced[0].upper()}{spaced[1:]}?"


def _the(noun: str) -> str:
    """Return a noun with its article, if it is one that has none yet."""
    lower = noun[:1].lower() + noun[1:]
    return lower if re.match(r"(?:(?:the|our|their|my|its)\b|$)", lower) else f"the {lower}"


def _general(match: re.Match[str]) -> tuple[Subjects, _Asking] | None:
    """Ask what each is, or what an aspect of each is: "How do A and B differ in weight?"."""
    groups = match.groupdict()
    found = split(groups["both"], groups.get("joint") or "and")
    if found is None:
        return None
    named = groups.get("aspect") or ""
    tail = found.tail or groups.get("behind") or ""
    behind = None if _DETERMINED.match(tail) else _ASPECT.match(tail)
    if not named and behind:
        named, tail = behind["aspect"], ""
    if found.head:
        return found, lambda subject: f"what is {_the(found.head)} {subject} {tail}"
    if named and all(subject[:4].isdigit() for subject in (found.one, found.other)):
        return found, lambda subject: f"what was {named} in {subject} {tail}"
    if named:
        return found, lambda subject: f"what is {_the(named)} of {subject} {tail}"
    return found, lambda subject: f"what is {subject} {tail}"


def _degree(match: re.Match[str]) -> tuple[Subjects, _Asking] | None:
    """Ask how fast each is: "Is A or B faster?"."""
    groups = match.groupdict()
    found = split(groups["both"], groups.get("joint") or "or|and")
    if found is None:
        return None
    verb, rest = groups["verb"].lower(), groups.get("rest") or ""
    if groups["more"].lower() in _COST:
        return found, lambda subject: f"how much does {subject} cost {rest} {found.tail}"
    asked = degree(groups["more"])
    return found, lambda subject: f"{asked} {verb} {subject} {rest} {found.tail}"


def _amount(match: re.Match[str]) -> tuple[Subjects, _Asking] | None:
    """Ask how many each has: "Does A or B have more seats?"."""
    groups = match.groupdict()
    found = split(groups["both"], groups.get("joint") or "or|and")
    if found is None:
        return None
    asked = amount(groups["noun"])
    rest = groups.get("rest") or ""
    third = groups.get("third") or ""
    do = "did" if third.lower() == "had" else (groups.get("do") or "does").lower()
    verb = base_verb(third) if third else groups["verb"]
    return found, lambda subject: f"{asked} {do} {subject} {verb} {rest} {found.tail}"


def _cost(match: re.Match[str]) -> tuple[Subjects, _Asking] | None:
    """Ask what each costs, weighs or takes: "Which costs more, A or B?"."""
    groups = match.groupdict()
    found = split(groups["both"], "or")
    if found is None:
        return None
    verb = base_verb(groups.get("third") or groups["verb"])
    do, rest = (groups.get("do") or "does").lower(), groups.get("rest") or ""
    asked = "how long" if verb in ("take", "last") else "how much"
    return found, lambda subject: f"{asked} {do} {subject} {verb} {rest} {found.tail}"


def _against(match: re.Match[str]) -> tuple[Subjects, _Asking] | None:
    """Put each subject into the question: "How fast is A compared with B?"."""
    before, after, verb = match["before"] or "", match["after"], match["verb"] or ""
    does = re.search(rf"\b{_DO}$", before, re.IGNORECASE)
    # "How much did revenue grow compared to 2022?" asks for one thing, and so does a law case.
    if _JUDGED.search(match.string) or _PAST.match(after) or (does and not verb):
        return None
    found = split(f"{match['one']} and {after}")
    if found is None:
        return None
    lead = _HOW_MUCH_MORE.sub(r"\1", f"{before} {found.head}".strip())
    if not re.match(r"(?:wh|how\b)", lead, re.IGNORECASE):
        lead = f"what is {_the(lead)}"
    return found, lambda subject: f"{lead} {subject} {verb} {found.tail}"


_WHICH = r"(?:which|who|what)(?: one| of (?:them|these|the two))?(?: [\w-]+)?"
_MORE = rf"(?P<more>{COMPARATIVE})"
_MORE_OF = r"(?:more|fewer|less) (?P<noun>[\w-]+)"
_REST = r"(?P<rest> (?:in|for|at|on|during|under|with|of|from|to|by|per|now|today)\b.*)?"
_BEHIND = r"(?:,? (?P<behind>(?:in|on|by|for|when|during|under|as|with|at)\b.+))?"
_EITHER = r"(?:,|:)? (?P<both>[^,:]+? or .+)"
_OF_BOTH = r"(?:which|who) of (?P<both>.+ (?:and|or) .+?)"
_BESIDE = r"(?:compared (?:to|with)|in comparison (?:to|with)|as opposed to)"
_VERB = r"cost|take|have|use|need|weigh|last|earn|run|make|pay|allow|support|carry|hold"
_ASKS_BOTH = (
    r"^(?:(?:what(?:['’]s| is| are| was| were)|is there|are there|explain|describe|tell)\b.*?)?"
    r"\b(?:the |an? |any |main |some |big )*"
)
_AMOUNTS = (
    rf"^(?P<do>{_DO}) (?P<both>.+ or .+?) (?P<verb>[a-z]+) {_MORE_OF}{_REST}$",
    rf"^{_WHICH} (?P<third>had|(?!is\b|was\b)[a-z]+s) {_MORE_OF}{_REST}{_EITHER}$",
    rf"^{_OF_BOTH} (?P<third>had|(?!is\b|was\b)[a-z]+s) {_MORE_OF}{_REST}$",
    rf"^how many (?:more|fewer) (?P<noun>[\w-]+) (?P<do>{_DO})"
    rf" (?P<both>.+? (?P<joint>(?P<verb>{_VERB}) than) .+)$",
)
_COSTS = (
    rf"^{_WHICH} (?P<third>costs|takes|weighs|lasts) (?:more|longer){_REST}{_EITHER}$",
    rf"^(?P<do>{_DO}) (?P<both>.+ or .+?) (?P<verb>cost|take|weigh|last) (?:more|longer){_REST}$",
)
_DEGREES = (
    rf"^(?P<verb>{_BE}) (?P<both>.+ or .+?) (?:the )?{_MORE}{_REST}$",
    rf"^{_WHICH} (?P<verb>{_BE}) (?:the )?{_MORE}{_REST}{_EITHER}$",
    rf"^{_OF_BOTH} (?P<verb>{_BE}) (?:the )?{_MORE}{_REST}$",
    rf"^how much {_MORE} (?P<verb>{_BE}) (?P<both>.+? (?P<joint>than|{_BESIDE}) .+)$",
)
_GENERAL = (
    rf"{_ASKS_BOTH}(?:differences?|distinctions?|comparison|contrast)"
    r"(?: in (?:the )?(?P<aspect>[a-z][\w -]*?))? between (?P<both>.+)$",
    r"^(?:how (?:do|can|could|should) (?:i|you|we|one) )?(?:distinguish|differentiate) between "
    r"(?P<both>.+)$",
    r"^(?:what )?(?:distinguish(?:es)?|differentiates?) (?P<both>.+? (?P<joint>from) .+)$",
    r"^what sets? (?P<both>.+? (?P<joint>apart from) .+)$",
    rf"^how {_AUX} (?P<aspect>.+?) (?:differ|compare|different) (?:between|in) "
    r"(?P<both>\d{4} and \d{4})$",
    rf"^how {_AUX} (?P<both>.+ and .+?) (?:differ|compare|different){_BEHIND}$",
    rf"^how {_AUX} (?P<both>.+? (?P<joint>differ(?:ent)? from|compare (?:with|to|against)) .+)$",
    r"^comparison of (?P<both>.+? (?:(?P<joint>with|to|against)|and) .+)$",
    r"^(?:(?:can|could|would|will) you )?(?:please )?(?:compare|contrast|compare and contrast)"
    r" (?P<both>.+? (?:(?P<joint>with|to|against)|and) .+)$",
)
_AGAINST = (
    rf"^(?!(?:who|when|where|which|why)\b)(?P<before>.*\b(?:{_AUX}|of|for|between|on))? ?\b"
    rf"(?P<one>.+?)(?P<verb> (?:{_VERB}))? (?:vs\.?|versus) (?P<after>.+)$",
    rf"^(?P<before>(?:how|what (?:is|are|was|were))\b.*\b(?:{_AUX}|of|for|between|on)) "
    rf"(?P<one>.+?)(?P<verb> (?:{_VERB}))? {_BESIDE} (?P<after>.+)$",
)
_FORMS = [
    (re.compile(pattern, re.IGNORECASE), make)
    for make, patterns in (
        (_cost, _COSTS),
        (_amount, _AMOUNTS),
        (_degree, _DEGREES),
        (_general, _GENERAL),
        (_against, _AGAINST),
    )
    for pattern in patterns
]
