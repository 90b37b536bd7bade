"""A heading to the question that the text below it answers: "Adding documents", "How it works"."""

import re

from qa.example_subjects import is_name, subject
from qa.example_verbs import BASES, GERUND, THIRD

_NUMBER = re.compile(
    r"^(?:(?:chapter|section|part|appendix)\s+)?(?:\d+|[A-Z]\.\d+)[\d.]*[.:)]?\s+", re.I
)
_ASKS = re.compile(
    r"(?:what|who|whom|whose|when|where|why|which|how|is|are|was|were|do|does|did|can|could|may"
    r"|must|should|will)\b[^?]{6,80}\?", re.I)  # fmt: skip
_HOW_TO = re.compile(r"how to (?P<rest>[^?:]{4,60})", re.I)
_ASK = r"How|Why|When|Where|What|Which [a-z]+"
_BE = re.compile(
    rf"(?P<ask>How (?:large|long|many [a-z]+|much [a-z]+|often)|{_ASK}) (?P<subject>.+?)"
    r" (?P<be>is|are|was|were|can|may|must|should) (?P<rest>[a-z][^?:,]{1,50})"
)
_DOES = re.compile(rf"(?P<ask>{_ASK}) (?P<subject>.+?) (?P<verb>[a-z]+)(?P<rest> [^?:,]{{2,50}})?")
_OBJECT = (
    r"(?:(?:a|an|the|your|another|several|multiple|new|all|one|what|which|whether|how|with|from|to"
    r"|into|only|up|down|out|in)\b|[A-Z])"
)
_DO = re.compile(
    r"(?P<verb>[A-Z][a-z]+)(?P<more>(?:,? (?:and|or) [a-z]+|, [a-z]+)*)"
    rf" (?P<rest>{_OBJECT}.{{2,50}})"
)
_DOING = re.compile(
    r"(?P<verb>[A-Z][a-z]+ing)(?: and (?P<other>[a-z]+ing))?(?P<rest>(?: [^:?]{3,50})?)"
)
_POINTS_ELSEWHERE = re.compile(
    r"\b(?:it|they|them|this|that|these|those|itself|above|below|here|other|others|you|we|more"
    r"|example|examples|notes?|overview|introduction|summary)\b", re.I)  # fmt: skip
_OFTEN_NOUNS = frozenset(
    {"work", "found", "state", "fear", "express", "list", "log", "count", "process", "lead", "map"}
)
"""Bases whose imperatives and gerunds are mostly something else: "Working memory"."""


def heading_question(heading: str, context: str) -> str | None:
    """Return the question that a heading asks, or None.

    Args:
        heading: The innermost heading above a passage.
        context: The passage, which shows how words are written inside a sentence.
    """
    text = _NUMBER.sub("", " ".join(heading.replace("`", "").split())).rstrip("¶ .")
    if _ASKS.fullmatch(text):
        return text[0].upper() + text[1:]
    if text.endswith(":") or _POINTS_ELSEWHERE.search(text):
        return None
    cased = _as_inside(text, context)
    if cased is None:
        return None
    return _how_to(cased) or _turned(cased, context) or _imperative(cased) or _gerund(cased)


def _as_inside(heading: str, context: str) -> str | None:
    """Return a heading in title case as a sentence has it: "Starting the server".

    None where nothing in the context tells how one of its words is written.
    """
    words = heading.split(" ")
    for place, word in enumerate(words[1:], 1):
        if not word[:1].isupper() or is_name(word):
            continue
        if not re.search(rf"[a-z,;] {re.escape(word)}\b", context):
            if not re.search(rf"\b{re.escape(word.lower())}\b", context):
                return None
            words[place] = word.lower()
    return " ".join(words)


def _how_to(text: str) -> str | None:
    found = _HOW_TO.fullmatch(text)
    return f"How do I {_mine(found['rest'])}?" if found else None


def _turned(text: str, context: str) -> str | None:
    """Turn "Where the index is stored" and "How Pinpoint finds an answer" into questions."""
    if found := _BE.fullmatch(text):
        about = subject(_capital(found["subject"]), f"{context} x {found['subject']} ")
        if about:
            return f"{found['ask']} {found['be']} {about} {found['rest']}?"
    if (found := _DOES.fullmatch(text)) and found["verb"] in THIRD:
        about = subject(_capital(found["subject"]), f"{context} x {found['subject']} ")
        if about:
            rest = found["rest"] or ""
            return f"{found['ask']} does {about} {THIRD[found['verb']]}{rest}?"
    return None


def _imperative(text: str) -> str | None:
    found = _DO.fullmatch(text)
    if not found or found["verb"].lower() not in BASES - _OFTEN_NOUNS:
        return None
    others = re.findall(r"[a-z]+", found["more"])
    if not all(word in BASES or word in ("and", "or") for word in others):
        return None
    rest = _mine(found["rest"].removesuffix(" yourself"))
    if rest[0].isupper() and rest.endswith("s"):
        return None  # "Trigger Functions"
    return f"How do I {found['verb'].lower()}{found['more']} {rest}?"


def _gerund(text: str) -> str | None:
    found = _DOING.fullmatch(text)
    verb = GERUND.get(found["verb"].lower()) if found else None
    if found is None or verb is None or verb in _OFTEN_NOUNS or not found["rest"]:
        return None
    other = GERUND.get(found["other"]) if found["other"] else ""
    if other is None:
        return None
    rest = re.sub(r"^ of ", " ", found["rest"])
    return f"How do I {verb}{' and ' + other if other else ''}{_mine(rest)}?"


def _mine(text: str) -> str:
    return re.sub(r"\byour\b", "my", text)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
