"""A question as it was typed: what of it counts, whether it is English, what was added to it."""

import re
import unicodedata

from qa.clause import ASKING, OPENERS, Clause, skip_openers
from qa.pronouns import ANAPHORS
from qa.tagging import Tag, tokenise
from qa.terms import words
from qa.word_lists import word_set

_CHATTER = re.compile(
    r"^(?:(?:thank you|thanks|ok|okay|got it|i see|great|yes|no|right|sure|fine|hello|hi|good|well"
    r"|so|please|really|interesting|cool|nice|never mind|all right)[,.! ]*)+(?:very much|a lot)?$",
    re.IGNORECASE,
)
_HANGING = re.compile(r"(?:[,\s]+(?:then|though|please|anyway|exactly|thanks))+$", re.IGNORECASE)
# Function words of German, French, Spanish, Italian and Dutch that are no English words.
_FOREIGN = word_set(
    """
    aber auf aus bei das dem den der des im am vom zum ein eine einen für gibt hat ich ist kann mit
    nach nicht sind und von wann warum was wer wie wo zu zur avec ce cette dans des elle est et il
    le les mais où par pas pour pourquoi quand que quel quelle qui quoi sont sur une con cuando
    cuándo cómo del dónde en está las los más para pero por qué quién según su una y che chi come
    della di dove lo non perché quando sono een het niet waar waarom wat wie
    """
) - word_set("am was come con")
_LIGHT = frozenset({Tag.DET, Tag.PREP, Tag.AUX, Tag.PRON, Tag.JOIN, Tag.WH})


def core(clause: Clause) -> str:
    """Return a question without `and` or `thanks` in front and without marks behind.

    Empty where nothing is asked: for `thanks!`, and for a pronoun alone.
    """
    end = len(clause.tokens)
    while end and clause.tokens[end - 1].tag is Tag.MARK:
        end -= 1
    start = skip_openers(clause.tokens, end)
    if start >= end:
        return ""
    text = clause.text[clause.tokens[start].start : clause.tokens[end - 1].end]
    if _CHATTER.match(text) or text.lower() in ANAPHORS | OPENERS:
        return ""
    shorter = _HANGING.sub("", text)
    return shorter if len(shorter.split()) > 1 else text


def is_foreign(text: str) -> bool:
    """Tell whether a text has no letters, is in another script or has many foreign words.

    One with combining marks is foreign too: the rules would cut its words at them.
    """
    found = [word.lower() for word in words(text)]
    letters = [character for character in text if character.isalpha()]
    other_script = sum(not letter.isascii() for letter in letters) * 2 > len(letters)
    foreign = sum(word in _FOREIGN for word in found)
    marked = any(map(unicodedata.combining, text))
    return marked or other_script or not letters or foreign * 3 >= max(len(found), 2)


def tidy(text: str) -> str:
    """Return a question with a capital in front and a mark behind."""
    text = " ".join(text.split()).rstrip(" ?!.,;:")
    text += "." if text.partition(" ")[0].lower() in ASKING else "?"
    return text[:1].upper() + text[1:]


def same(one: str, other: str) -> bool:
    """Tell whether two questions have the same words."""
    return [word.lower() for word in words(one)] == [word.lower() for word in words(other)]


def taken(asked: str, written: str) -> tuple[str, ...]:
    """Return the runs of words of a written-out question that were not typed."""
    typed = {word.lower() for word in words(asked)}
    runs: list[list[str]] = [[]]
    for token in tokenise(written):
        if token.tag is Tag.MARK or token.low in typed:
            runs.append([])
        else:
            runs[-1].append(token.text)
    kept = (_trimmed(" ".join(run)) for run in runs)
    return tuple(dict.fromkeys(run for run in kept if run))


def _trimmed(run: str) -> str:
    """Drop function words at both ends."""
    marked = tokenise(run)
    while marked and marked[0].tag in _LIGHT:
        marked = marked[1:]
    while marked and marked[-1].tag in _LIGHT:
        marked = marked[:-1]
    return run[marked[0].start : marked[-1].end] if marked else ""
