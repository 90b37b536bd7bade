"""Questions edited so that their passage no longer answers them.

Each edit changes one thing that the answer hangs on: a number, a name, a key word, or a negation.
An edited question may by chance still be answered; `edit` keeps such chances low, not zero.
"""

import random
import re
from collections.abc import Sequence

from index.plain import load_plain
from index.sentences import split_sentences
from qa.terms import all_stems, is_content, stem

# Words that exclude one another: one put in place of another asks for something else.
GROUPS = """
first second third fourth last final; before after; most least; more fewer less; highest lowest;
largest smallest; biggest smallest; longest shortest; oldest youngest newest; earliest latest;
best worst; high low; large small; big little; long short; old new young; early late; good bad;
strong weak; fast slow; rich poor; hot cold warm cool; wet dry; hard soft easy; heavy light;
thick thin; wide narrow; deep shallow; full empty; open closed; public private secret; left right;
inside outside; internal external; upper lower; top bottom; front back; begin end; began ended;
start stop finish; started stopped finished; increase decrease; increased decreased; rise fall;
rose fell; gain lose; gained lost; win lose; won lost; winner loser; buy sell; bought sold;
accept reject; accepted rejected refused; allow forbid; allowed forbidden banned; agree disagree;
support oppose; supported opposed; like dislike hate; liked disliked hated; love hate;
loved hated; joined left; arrive leave; arrived left; enter leave; entered left; build destroy;
built destroyed; create destroy; created destroyed; include exclude; included excluded;
true false; correct wrong; success failure; succeed fail; succeeded failed; advantage disadvantage;
benefit harm; cause prevent; caused prevented; raise lower; raised lowered; remember forget;
north south east west; northern southern eastern western; northeast northwest southeast southwest;
january february march april may june july august september october november december;
monday tuesday wednesday thursday friday saturday sunday; morning afternoon evening night;
spring summer autumn winter; day week month year decade century; hour minute second; daily weekly
monthly yearly; one two three four five six seven eight nine ten eleven twelve; hundred thousand
million billion; red blue green yellow black white orange purple brown grey pink; gold silver
bronze; iron copper steel lead tin zinc; wood stone brick glass plastic paper leather;
father mother; son daughter; brother sister; husband wife; uncle aunt; king queen prince princess;
man woman boy girl; men women children; male female; parent child; head face hand arm leg foot eye
ear nose mouth back neck chest stomach heart; president minister governor mayor senator judge
general; doctor nurse lawyer teacher student engineer scientist artist writer poet singer actor
painter composer director producer; army navy police; school university college hospital church
museum library theatre prison factory hotel restaurant station airport; book film song album play
poem novel magazine newspaper; city town village country state county island continent; river lake
sea ocean mountain valley desert forest; car bus train plane ship boat truck bicycle; dog cat horse
cow sheep pig bird fish; breakfast lunch dinner; bread meat fish rice fruit; tea coffee milk water
wine beer juice; football basketball baseball tennis hockey cricket golf rugby; goal point game
season; battle war treaty election; christian muslim jewish hindu buddhist catholic protestant;
american british french german italian spanish russian chinese japanese indian canadian australian
mexican dutch polish swedish greek turkish irish egyptian; america britain england france germany
italy spain russia china japan india canada australia mexico poland sweden greece turkey ireland
egypt; london paris berlin rome madrid moscow beijing tokyo boston chicago york; physics chemistry
biology mathematics history philosophy; oxygen hydrogen nitrogen carbon; north south; price size
weight colour shape length speed; name address age; email telephone letter; phone laptop camera
screen battery charger cable; collect share sell delete; rent own; morning evening; lead follow;
teach learn; ask answer; send receive; give take; gave took; born died; birth death; married
divorced; attack defend; attacked defended; employer employee; seller buyer; teacher student
"""
PARTNERS: dict[str, list[str]] = {}
for _group in GROUPS.split(";"):
    _words = _group.split()
    for _word in _words:
        PARTNERS.setdefault(_word, []).extend(w for w in _words if w != _word)

_AUXILIARY = re.compile(
    r"\b(?:did|does|do|was|were|is|are|has|had|have|could|would|should)\b(?! not|n't)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_YEAR = re.compile(r"(?:1[0-9]|20)\d\d")
_CAPITALISED = r"[A-Z](?:[\w'’-]|\.(?=\w))*"
_NAME = re.compile(
    rf"(?<!^)(?<![.?!] )\b{_CAPITALISED}(?: (?:(?:of|the|de|van|von) )?{_CAPITALISED})*"
)
_WORD = re.compile(r"[^\W\d_]+")
_NOUN = re.compile(r"\b(?:the|an?|of|his|her|its|their|this)\s+([a-z]{4,})\b(?! [a-z]{4,})")
# How often each edit is tried first. Negations and added conditions are easy to see.
KINDS = {"number": 3.0, "name": 3.0, "word": 3.0, "noun": 3.0, "negation": 0.7, "condition": 0.7}


def nouns_in(text: str) -> list[str]:
    """Return the words of a text that close a phrase opened by an article or the like."""
    return [match[1] for match in _NOUN.finditer(text) if is_content(match[1])]


def names_in(text: str) -> list[str]:
    """Return a text's capitalised phrases that do not open a sentence, each once."""
    return list(dict.fromkeys(match[0].rstrip(".'’-") for match in _NAME.finditer(text)))


class Editor:
    """Edits questions.

    Args:
        contexts: Where things to ask about are taken from.
    """

    def __init__(self, contexts: Sequence[str]) -> None:
        self._nouns = [noun for context in contexts for noun in nouns_in(context)]

    def edit(
        self, question: str, context: str, others: Sequence[str], rng: random.Random
    ) -> tuple[str, str] | None:
        """Return an edited question and the kind of edit, or None if nothing can be changed.

        Args:
            question: Answered by the context.
            context: The passage that must not answer the edited question.
            others: Names from other passages of the same title.
            rng: Chooses the kind and the place.
        """
        # Drawn one after the other by weight (Efraimidis and Spirakis, 2006).
        kinds = sorted(KINDS, key=lambda kind: -(rng.random() ** (1 / KINDS[kind])))
        for place, kind in enumerate(kinds):
            if place and KINDS[kind] < 1 and rng.random() < 0.6:
                continue
            edited = getattr(self, f"_{kind}")(question, context, others, rng)
            if edited is not None and edited != question:
                return edited, kind
        return None

    def _number(
        self, question: str, context: str, others: Sequence[str], rng: random.Random
    ) -> str | None:
        places = list(_NUMBER.finditer(question))
        if not places:
            return None
        place = rng.choice(places)
        old = place[0]
        same_form = [
            number
            for number in _NUMBER.findall(context)
            if number != old and bool(_YEAR.fullmatch(number)) == bool(_YEAR.fullmatch(old))
        ]
        if same_form and rng.random() < 0.5:
            return _put(question, place, rng.choice(same_form))
        digits = old.replace(",", "").split(".")[0]
        value = int(digits[:9])
        change = rng.choice([-7, -4, -3, -2, -1, 1, 2, 3, 4, 6, 10, 20])
        return _put(question, place, str(abs(value + change) or 3))

    def _name(
        self, question: str, context: str, others: Sequence[str], rng: random.Random
    ) -> str | None:
        places = list(_NAME.finditer(question))
        if not places:
            return None
        place = rng.choice(places)
        old = place[0].rstrip(".'’-")
        near = names_in(context) if rng.random() < 0.5 else list(others)
        pool = [
            name
            for name in (near or others)
            if name.lower() not in question.lower() and not _share_word(name, old)
            and abs(len(name.split()) - len(old.split())) <= 1
        ]  # fmt: skip
        if not pool:
            return None
        return question[: place.start()] + rng.choice(pool) + question[place.start() + len(old) :]

    def _word(
        self, question: str, context: str, others: Sequence[str], rng: random.Random
    ) -> str | None:
        return self._swap(question, PARTNERS, rng)

    def _noun(
        self, question: str, context: str, others: Sequence[str], rng: random.Random
    ) -> str | None:
        """Ask the same of another thing, from this passage or from another one."""
        places = [m for m in _NOUN.finditer(question) if is_content(m[1])]
        if not places:
            return None
        place = rng.choice(places)
        asked = all_stems(question)
        pool = nouns_in(context) if rng.random() < 0.4 else self._nouns
        pool = [noun for noun in pool if stem(noun) not in asked and noun[-1:] == place[1][-1:]]
        if not pool:
            return None
        return question[: place.start(1)] + rng.choice(pool) + question[place.end(1) :]

    @staticmethod
    def _swap(question: str, partners: dict[str, list[str]], rng: random.Random) -> str | None:
        places = [m for m in _WORD.finditer(question) if partners.get(m[0].lower())]
        if not places:
            return None
        place = rng.choice(places)
        new = rng.choice(partners[place[0].lower()])
        return _put(question, place, new.capitalize() if place[0][0].isupper() else new)

    def _negation(
        self, question: str, context: str, others: Sequence[str], rng: random.Random
    ) -> str | None:
        match = _AUXILIARY.search(question)
        if match is None:
            return None
        negated = f"{match[0]}n't" if rng.random() < 0.5 else f"{match[0]} not"
        return question[: match.start()] + negated + question[match.end() :]

    def _condition(
        self, question: str, context: str, others: Sequence[str], rng: random.Random
    ) -> str | None:
        """Ask for the same, at a time or a place that the passage does not speak of."""
        body = question.rstrip("? ")
        if rng.random() < 0.5 or not others:
            year = str(rng.randint(1850, 2020))
            return None if year in context else f"{body} in {year}?"
        name = rng.choice(list(others))
        if name in context:
            return None
        return f"{body} {rng.choice(['in', 'with', 'for', 'by', 'of'])} {name}?"


def without_answer(context: str, spans: Sequence[tuple[int, int]]) -> str | None:
    """Return a context without the sentences that hold its answers, or None if little is left."""
    sentences = split_sentences(load_plain(context, ""))
    kept = [
        context[s.start : s.end]
        for s in sentences
        if not any(start < s.end and s.start < end for start, end in spans)
    ]
    return " ".join(kept) if len(kept) >= 2 and len(kept) < len(sentences) else None


def _lower_words(text: str) -> list[str]:
    return [match[0].lower() for match in _WORD.finditer(text)]


def _share_word(one: str, other: str) -> bool:
    return bool(set(_lower_words(one)) & set(_lower_words(other)))


def _put(question: str, place: re.Match[str], new: str) -> str:
    return question[: place.start()] + new + question[place.end() :]
