"""Finds a quote again in a text that has changed: word for word, or what it has become."""

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from heapq import nlargest, nsmallest
from itertools import islice
from typing import NamedTuple

from index.document import Block, Extracted
from index.lines import trim
from index.sentences import single_sentences, split_sentences
from qa.receipt import CONTEXT_CHARS, Surroundings
from qa.words import similarity, words

LEAST_SIMILARITY = 0.5
"""Least share of common words of a quote and what it has become; below, it is gone.

Where all stands around it that stood there before, half of that is enough.
"""
_SURROUNDED = LEAST_SIMILARITY / 2

_AROUND_CHARS = 300  # sentences are looked for so far before and behind a likely place
_LIKELY = 5  # places that are looked into
_MOST_SENTENCES = 12  # that one quote may have become
_MOST_PLACES = 10_000  # of the same words that are told apart by what stands around them
_MOST_SPLIT = 1000  # of these that are looked at for whether they are whole sentences
_FRAME_CHARS = 16  # on either side by which other words in a quote's place are told


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
    document: Extracted, quote: str, start: int, surroundings: Surroundings | None
) -> Occurrence | None:
    """Return where a quote stands in a text now, None where it does not.

    Of several places it is the one around which most characters are as they were, next to the
    quote; of places that are alike in that, the one that is nearest to where the quote was, as a
    share of the text; of those, the first. Where its sentence has grown it does not stand: "the
    fee is 5" is not in "the fee is 50". Nor does it where other words like it are in its place,
    with more around them as it was than elsewhere around the same words.

    Args:
        document: To look in.
        quote: To look for, not empty.
        start: Where it stood.
        surroundings: What stood around it, if that is known.
    """
    text = document.text
    was = len(text) if surroundings is None else surroundings.text_chars

    def distance(place: int) -> int:
        return abs(place * was - start * len(text))

    places = nsmallest(_MOST_PLACES, _places(text, quote), key=distance)
    agreeing = {place: _agreeing(text, place, len(quote), surroundings) for place in places}
    likely = nlargest(_MOST_SPLIT, places, key=lambda place: agreeing[place])
    found = next((place for place in likely if _is_whole(document, place, quote, surroundings)), -1)
    if found < 0:
        return None
    other = None if found == start else _in_its_place(text, quote, surroundings)
    if other and (other.end <= found or found + len(quote) <= other.start):
        size = other.end - other.start
        if _agreeing(text, other.start, size, surroundings) > agreeing[found]:
            return None
    equals = [place for place in places if agreeing[place] == agreeing[found]]
    return Occurrence(found, found + len(quote), len(equals) - 1)


def _is_whole(
    document: Extracted, start: int, quote: str, surroundings: Surroundings | None
) -> bool:
    """Tell whether the sentences at a quote's place hold nothing more than they did."""
    end = start + len(quote)
    low, high = _sentences_at(document, start, end)
    before, after = ("", "") if surroundings is None else (surroundings.before, surroundings.after)
    left, right = document.text[low:start][-CONTEXT_CHARS:], document.text[end:high][:CONTEXT_CHARS]
    return before.endswith(left) and after.startswith(right)


def _sentences_at(document: Extracted, start: int, end: int) -> tuple[int, int]:
    """Return from where to where the sentences reach in which a run of characters stands."""
    first = bisect_right(document.blocks, start, key=lambda block: block.end)
    last = bisect_left(document.blocks, end, key=lambda block: block.start)
    blocks = document.blocks[first:last]
    near = [_cut(block, start - _AROUND_CHARS, end + _AROUND_CHARS) for block in blocks]
    found = [
        sentence
        for sentence in single_sentences(replace(document, blocks=tuple(near)))
        if sentence.start < end and start < sentence.end
    ]
    if not found:
        return start, end
    return min(start, found[0].start), max(end, found[-1].end)


def _in_its_place(text: str, quote: str, surroundings: Surroundings | None) -> Near | None:
    """Return what stands where a quote stood, told by the nearest characters on both sides."""
    if surroundings is None:
        return None
    before, after = surroundings.before[-_FRAME_CHARS:], surroundings.after[:_FRAME_CHARS]
    begun = len(before) < _FRAME_CHARS  # the text began with them
    longest = 2 * len(quote) + _AROUND_CHARS
    found = []
    for place in [0] if begun else islice(_places(text, before), _MOST_SPLIT):
        start = place + len(before)
        ended = len(text) - len(after) if len(after) < _FRAME_CHARS else -1
        end = max(ended, text.find(after, start, start + longest))
        if start < end <= start + longest and quote not in text[start:end]:
            found.append((start, end))
    return _best(text, found, quote, surroundings)


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

    It is for a quote that `find_again` does not find. Likely places are those with the rarest of
    the quote's words, and of what stood around it; there, the run of whole sentences is taken that
    has most words in common with the quote, and next to it what stood there before. Without such a
    run it is the sentence of which the quote is a part now, or else a part of a sentence.
    """
    text = document.text
    around = "" if surroundings is None else f"{surroundings.before} {surroundings.after}"
    likely = likely_spans(text, quote, around)
    runs = {run for span in likely for run in _runs(document, span, len(quote))}
    best = _in_its_place(text, quote, surroundings)
    best = best or _best(text, sorted(runs), quote, surroundings)
    if best is None and quote in text:
        place = max(
            islice(_places(text, quote), _MOST_PLACES),
            key=lambda place: _agreeing(text, place, len(quote), surroundings),
        )
        start, end = _sentences_at(document, place, place + len(quote))
        return Near(start, end, similarity(quote, text[start:end]))
    return best or _best(text, _parts(text, likely, quote), quote, surroundings)


def likely_spans(text: str, quote: str, around: str = "") -> list[tuple[int, int]]:
    """Return the parts of a text that have most of a quote's words, rare ones counting more.

    Each is about as long as the quote, or somewhat longer. The time grows with the text's length
    alone.

    Args:
        text: To look in.
        quote: Whose words count.
        around: What stood around it; the best parts for both together are returned too.
    """
    own = {word for word, _, _ in words(quote)}
    other = {word for word, _, _ in words(around)} - own
    hits = [hit for hit in words(text) if hit[0] in own or hit[0] in other]
    found = _densest([hit for hit in hits if hit[0] in own], len(quote))
    return [*found, *(_densest(hits, len(quote) + len(around)) if other else [])]


def _densest(hits: list[tuple[str, int, int]], size: int) -> list[tuple[int, int]]:
    """Return the spans, half as long again as `size`, with the most different words."""
    counts = Counter(word for word, _, _ in hits)
    weights = {word: math.log1p(len(hits) / count) for word, count in counts.items()}
    best: dict[int, tuple[float, int, int]] = {}  # of each stretch of the text
    inside: Counter[str] = Counter()
    score, first, longest = 0.0, 0, max(size * 3 // 2, 1)
    for word, start, end in hits:
        score += 0.0 if inside[word] else weights[word]
        inside[word] += 1
        while end - hits[first][1] > longest and hits[first][1] < start:
            gone = hits[first][0]
            inside[gone] -= 1
            score -= 0.0 if inside[gone] else weights[gone]
            first += 1
        found = (score, -hits[first][1], end)
        stretch = start // longest
        best[stretch] = max(best.get(stretch, found), found)
    return [(-start, end) for _, start, end in nlargest(_LIKELY, best.values())]


def _best(
    text: str, runs: Iterable[tuple[int, int]], quote: str, surroundings: Surroundings | None
) -> Near | None:
    """Return the run that is most like a quote, if it is alike enough; of equals the shortest."""
    best: tuple[float, int, int, Near] | None = None
    for start, end in runs:
        if text[start:end] == quote:
            continue
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


def _parts(text: str, likely: Iterable[tuple[int, int]], quote: str) -> Iterator[tuple[int, int]]:
    """Yield the parts of likely places that reach from a quote's first words to its last ones."""
    for start, end in likely:
        low, high = max(0, start - _AROUND_CHARS), min(len(text), end + _AROUND_CHARS)
        first = _place(text[low:high], quote[:_AROUND_CHARS])
        last = _place(text[low:high], quote[-_AROUND_CHARS:])
        if first is not None and last is not None and first[0] < last[1]:
            yield _whole_words(text, low + first[0], low + last[1])


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return trim(text, start, end)


def _place(text: str, needle: str) -> tuple[int, int] | None:
    """Return the place in a short text whose characters are most like a needle's."""
    from rapidfuzz.fuzz import partial_ratio_alignment

    found = partial_ratio_alignment(needle, text) if text else None
    return None if found is None else (found.dest_start, found.dest_end)


def _runs(document: Extracted, span: tuple[int, int], size: int) -> Iterator[tuple[int, int]]:
    """Yield runs of whole sentences about a place, neither much shorter nor longer than a quote."""
    low, high = span[0] - size - _AROUND_CHARS, span[1] + size + _AROUND_CHARS
    blocks = [block for block in document.blocks if block.start < high and low < block.end]
    # A sentence that is cut here is too long to be taken.
    cut = [_cut(block, low, high) for block in blocks]
    sentences = split_sentences(replace(document, blocks=tuple(cut)))
    for number, sentence in enumerate(sentences):
        for other in sentences[number : number + _MOST_SENTENCES]:
            chars = other.end - sentence.start
            if size // 4 <= chars <= 2 * size + _AROUND_CHARS:
                yield sentence.start, other.end


def _cut(block: Block, low: int, high: int) -> Block:
    """Return the part of a block that lies in a window; it can be as long as the text."""
    return replace(block, start=max(block.start, low), end=min(block.end, high))
