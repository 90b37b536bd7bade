"""A claim taken apart: the words that a quote must hold for it to be supported."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from qa.claim_verb import verb_place
from qa.facts import Fact, facts
from qa.sentence_reader import default_model
from qa.tagging import Tag, tokenise
from qa.terms import all_stems, has_term, is_content, stem, words
from qa.verbs import is_noun_too, lemma

_VERB_WEIGHT = 2.0  # what is said to happen counts more than to what; chosen with bench.claims
_NEAR_WORDS, _NEAR_FOR_EACH = 12, 4  # words within which those of a claim must stand
_SAME = [
    (re.compile(r"\b(?:United States|USA|U\.S\.(?:A\.)?|Americans?)(?!\w)"), "US"),
    (re.compile(r"\b(?:United Kingdom|U\.K\.|British|Britain)(?!\w)"), "UK"),
]
_ALIKE = """
    largest most maximum biggest; smallest least minimum; need require; begin start; hold contain;
    answer respond reply; include among; keep store save; begin start; show display; delete erase;
    remove drop; buy purchase; near next beside; change modify alter; use employ; help assist; end
    finish stop; say state tell; larger bigger; run execute; back support; stay remain; whole
    entire; everybody everyone; anybody anyone; get receive; build construct; carry transport; big
    large; press push; allow permit; forbid forbidden forbade prohibit ban
"""
_SAYS_LITTLE = frozenset({"according", "however", "therefore", "moreover", "furthermore"})
_CONTRARY = """
    allow forbid; increase decrease; rise fall; include
    exclude; enable disable; larger smaller; largest smallest; oldest newest; highest lowest; faster
    slower; fastest slowest; longer shorter; earlier later; first last; true false; accept refuse;
    accept reject; start stop; open close; win lose; cheaper dearer; online offline; summer winter;
    day night; morning evening; north south; east west; left right; buy sell; arrive leave; best
    worst; easy hard; required optional
"""
_GROUPS: dict[str, str] = {}
for _line in _ALIKE.split(";"):
    _first, *_others = _line.split()
    _GROUPS |= {stem(_other): stem(_first) for _other in _others}
_OPPOSITES: dict[str, set[str]] = {}
for _line in _CONTRARY.split(";"):
    _one, _other = (_GROUPS.get(stem(_word), stem(_word)) for _word in _line.split())
    _OPPOSITES.setdefault(_one, set()).add(_other)
    _OPPOSITES.setdefault(_other, set()).add(_one)


@dataclass(frozen=True, slots=True)
class Term:
    """A content word of a claim as written, what it weighs, and what it is.

    `named` tells a name or code, `verb` a word that is no noun as well.
    """

    written: str
    weight: float
    named: bool
    verb: bool


@dataclass(frozen=True, slots=True)
class ClaimTerms:
    """A claim's words by their stems, and its numbers and dates, whose words are not among them."""

    terms: Mapping[str, Term]
    facts: tuple[Fact, ...]

    @property
    def weight(self) -> float:
        """What all terms weigh."""
        return sum(term.weight for term in self.terms.values())

    def found(self, stems: frozenset[str]) -> frozenset[str]:
        """Return those of the terms that are among the stems of another text."""
        return frozenset(term for term in self.terms if has_term(term, stems))

    def opposed(self, stems: frozenset[str]) -> frozenset[str]:
        """Return those of the terms in whose place another text has the opposite."""
        return frozenset(
            term
            for term in self.terms
            if term not in stems and not stems.isdisjoint(_OPPOSITES.get(term, ()))
        )

    def share(self, found: frozenset[str]) -> float:
        """Return the share of the weight that is found, 0 to 1; 0 where there are no terms."""
        total = self.weight
        return sum(self.terms[term].weight for term in found) / total if total else 0.0


def claim_terms(claim: str) -> ClaimTerms:
    """Take a claim apart; a text without content words has no terms."""
    stated = tuple(facts(claim))
    named, acts = _named(claim), _main_verb(claim)
    terms: dict[str, Term] = {}
    for word in words(_plain(_without(claim, stated))):
        if is_content(word) and word.lower() not in _SAYS_LITTLE:
            term = normal(word)
            verb = term in acts or (lemma(word) is not None and not is_noun_too(word))
            terms.setdefault(term, Term(word, _weight(word, verb=verb), term in named, verb))
    return ClaimTerms(terms, stated)


@lru_cache(maxsize=20_000)
def stems(text: str) -> frozenset[str]:
    """Return the stems of a text in the form in which claims are compared."""
    plain = _plain(text)
    return frozenset(normal(word) for word in words(plain)) | all_stems(plain)


def content(text: str) -> list[str]:
    """Return the stems of a text's content words in order, numbers in digits left out."""
    found = (word for word in words(_plain(text)) if not word[0].isdigit())
    return [normal(word) for word in found if is_content(word)]


def normal(word: str) -> str:
    """Return a word's stem, or that of a plain word for the same."""
    found = stem(word)
    return _GROUPS.get(found, found)


def _plain(text: str) -> str:
    for pattern, name in _SAME:
        text = pattern.sub(name, text)
    return text


def _without(claim: str, stated: tuple[Fact, ...]) -> str:
    for fact in reversed(stated):
        claim = f"{claim[: fact.start]} {claim[fact.end :]}"
    return claim


def _weight(word: str, *, verb: bool) -> float:
    model = default_model()
    return model.idf.get(stem(word), model.idf_unknown) * (_VERB_WEIGHT if verb else 1.0)


def _main_verb(claim: str) -> frozenset[str]:
    """Return the stem of the word that says what happens, though it may be a noun elsewhere."""
    tokens = tokenise(claim)
    place = verb_place(tokens)
    if place is None:
        return frozenset()
    behind = [token for token in tokens[place:] if token.tag is not Tag.ADVERB]
    verb = next((token for token in behind if token.tag is not Tag.AUX), None)
    known = verb is not None and verb.tag is Tag.WORD and lemma(verb.text) is not None
    return frozenset({normal(verb.text)}) if verb is not None and known else frozenset()


def _is_unknown(word: str) -> bool:
    return stem(word) not in default_model().idf and lemma(word) is None


def _named(claim: str) -> frozenset[str]:
    """Return the stems of names and codes, told by capitals, marks and digits.

    The first word always has a capital; it is a name if running text does not know it.
    """
    tokens = tokenise(_plain(claim))
    first = [token for token in tokens[:1] if token.text[0].isupper() and _is_unknown(token.text)]
    told = (token for token in tokens if token.tag in {Tag.NAME, Tag.CODE})
    found = [token.text for token in (*first, *told) if token.text[0] not in '"“']
    return frozenset(normal(word) for text in found for word in words(text) if is_content(word))


def has_other_names(quote: str, terms: ClaimTerms) -> bool:
    """Tell whether a quote names anything that a claim does not."""
    return not _named(quote) <= terms.terms.keys()


def close_together(quote: str, found: frozenset[str]) -> bool:
    """Tell whether the words found stand near each other, as they may not in a long list."""
    places = [
        (place, normal(word))
        for place, word in enumerate(words(_plain(quote)))
        if has_term(normal(word), found)
    ]
    seen: dict[str, int] = {}
    shortest = None
    kinds = len({term for _, term in places})
    for place, term in places:
        seen.pop(term, None)
        seen[term] = place
        if len(seen) == kinds:
            width = place - min(seen.values())
            shortest = width if shortest is None else min(shortest, width)
    return shortest is not None and shortest <= _NEAR_WORDS + _NEAR_FOR_EACH * len(found)
