"""Finds a quote again in a text that has changed: word for word, or what it has become."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from index.document import Extracted
from index.lines import trim
from index.sentences import split_sentences
from qa.receipt import Surroundings
from qa.words import similarity

LEAST_SIMILARITY = 0.5
"""Least share of common words of a quote and what it has become; below, it is gone.

Where all stands around it that stood there before, half of that is enough.
"""
_SURROUNDED = LEAST_SIMILARITY / 2

_NEEDLE_CHARS = 1000  # of a long quote its beginning and end are enough to find it
_AROUND_CHARS = 300  # sentences are looked for so far before and behind a likely place
_MOST_SENTENCES = 12  # that one quote may have become


class Occurrence(NamedTuple):
    """A place of a quote, and how many others fit what stood around it as well.

    `[start, end)` are characters of the whole text.
    """

    start: int
    end: int
    equals: int = 0


class Near(NamedTuple):
    """What a quote has probably become: characters `[start, end)`, and how alike, 0 to 1."""

    start: int
    end: int
    similarity: float


def find_again(
    text: str, quote: str, start: int, surroundings: Surroundings | None
) -> Occurrence | None:
    """Return where a quote stands in a text now, None where it does not.

    Of several places it is the one around which most characters are as they were, next to the
    quote; of places that are alike in that, the one that is nearest to where the quote was, as a
    share of the text; of those, the first.

    Args:
        text: To look in.
        quote: To look for, not empty.
        start: Where it stood.
        surroundings: What stood around it, if that is known.
    """
    was = len(text) if surroundings is None else surroundings.text_chars
    found = [
        (
            -_agreeing(text, place, len(quote), surroundings),
            abs(place * was - start * len(text)),
            place,
        )
        for place in _places(text, quote)
    ]
    if not found:
        return None
    agreeing, _, place = min(found)
    equals = sum(each[0] == agreeing for each in found) - 1
    return Occurrence(place, place + len(quote), equals)


def _places(text: str, quote: str) -> Iterator[int]:
    place = text.find(quote)
    while place >= 0:
        yield place
        place = text.find(quote, place + 1)


def _agreeing(text: str, start: int, size: int, surroundings: Surroundings | None) -> int:
    """Return how many characters around a place are as they were, up to the first that is not."""
    if surroundings is None:
        return 0
    before, after = surroundings.before, surroundings.after
    end = start + size
    behind = _common(before[::-1], text[max(0, start - len(before)) : start][::-1])
    return behind + _common(after, text[end : end + len(after)])


def _common(one: str, other: str) -> int:
    size = min(len(one), len(other))
    return next((n for n in range(size) if one[n] != other[n]), size)


def find_near(document: Extracted, quote: str, surroundings: Surroundings | None) -> Near | None:
    """Return the sentences, or row, that a quote has probably become; None where none is alike.

    A likely place is found by the characters of the quote, alone and with what stood around it;
    there, the run of whole sentences is taken that has most words in common with the quote, and
    next to it what stood there before. Without such a run it is a part of a sentence.
    """
    needle = _shortened(quote)
    needles = [needle]
    if surroundings is not None:
        needles.append(surroundings.before + needle + surroundings.after)
    runs = {run for each in needles for run in _runs(document, each, len(quote))}
    best = _best(document.text, sorted(runs), quote, surroundings)
    return best or _best(document.text, _windows(document.text, quote), quote, surroundings)


def _best(
    text: str, runs: Iterable[tuple[int, int]], quote: str, surroundings: Surroundings | None
) -> Near | None:
    """Return the run that is most like a quote, if it is alike enough; of equals the shortest."""
    best: tuple[float, int, int, Near] | None = None
    for start, end in runs:
        alike = similarity(quote, text[start:end])
        score = alike + _SURROUNDED * _share(text, start, end - start, surroundings)
        found = (score, start - end, -start, Near(start, end, alike))
        if score >= LEAST_SIMILARITY and (best is None or found > best):
            best = found
    return None if best is None else best[3]


def _share(text: str, start: int, size: int, surroundings: Surroundings | None) -> float:
    """Return the share, 0 to 1, of the characters around a place that are as they were."""
    if surroundings is None:
        return 0.0
    kept = len(surroundings.before) + len(surroundings.after)
    return _agreeing(text, start, size, surroundings) / max(kept, 1)


def _windows(text: str, quote: str) -> Iterator[tuple[int, int]]:
    """Yield what reaches from the best place of a quote's beginning to that of its end."""
    half = _NEEDLE_CHARS // 2
    first, last = _place(text, quote[:half]), _place(text, quote[-half:])
    if first is None or last is None or not 0 < last[1] - first[0] <= 2 * len(quote):
        return
    start, end = first[0], last[1]
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    yield trim(text, start, end)


def _place(text: str, needle: str) -> tuple[int, int] | None:
    """Return the place in a text whose characters are most like a needle's."""
    from rapidfuzz.fuzz import partial_ratio_alignment

    found = partial_ratio_alignment(needle, text) if text else None
    return None if found is None else (found.dest_start, found.dest_end)


def _shortened(quote: str) -> str:
    half = _NEEDLE_CHARS // 2
    return quote if len(quote) <= _NEEDLE_CHARS else quote[:half] + quote[-half:]


def _runs(document: Extracted, needle: str, size: int) -> Iterator[tuple[int, int]]:
    """Yield runs of sentences about the place that is most like a needle."""
    text = document.text
    found = _place(text, needle)
    if found is None:
        return
    first = max(0, found[0] - size - _AROUND_CHARS)
    last = min(len(text), found[1] + size + _AROUND_CHARS)
    # A block can be as long as the text.
    blocks = tuple(
        replace(block, start=max(block.start, first), end=min(block.end, last))
        for block in document.blocks
        if block.start < last and first < block.end
    )
    sentences = split_sentences(replace(document, blocks=blocks))
    for number, sentence in enumerate(sentences):
        for other in sentences[number : number + _MOST_SENTENCES]:
            if other.end - sentence.start > 2 * size + _AROUND_CHARS:
                break
            yield sentence.start, other.end
