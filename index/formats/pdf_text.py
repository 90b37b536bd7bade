"""The text of a part: its lines joined, words that a line end cut in two made whole."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np

from index.formats.layout import Spots
from index.formats.pdf_segments import NOWHERE, Segment

_SOFT = "\u00ad"
_LAST = re.compile(r"([^\W\d_][\w-]*)[-\u2010\u00ad]$")
_FIRST = re.compile(r"([^\W\d_](?:[\w'’-]*\w)?)")
_WORD = re.compile(r"[^\W\d_](?:[\w-]*\w)?")
_KEPT = {"self", "well"}  # "well-known": compounds that are written with a hyphen anywhere
_PAIRED = {"and", "or", "to", "und", "oder", "bis", "et", "ou", "y", "o", "e"}  # "pre- and"
_CUT_SHARE = 0.03  # of the line ends; compounds alone are at about one in a hundred
_LONE_SEAMS = 20  # in more line ends, a lone hyphen is rather a compound's than a cut word's
_CJK = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")


def words_of(segments: Iterable[Segment]) -> set[str]:
    """Return all words inside lines, compounds whole, without those that a line end cuts."""
    found: set[str] = set()
    for segment in segments:
        text = segment.text.rstrip("-\u2010\u00ad")
        words = [match[0].casefold() for match in _WORD.finditer(text.replace(_SOFT, ""))]
        found.update(words[1:-1] if len(text) < len(segment.text) else words[1:])
        if words and not text[0].islower():
            found.add(words[0])  # a capital begins a word, never the rest of one
    return found


def cuts_words(paragraphs: Iterable[Sequence[Segment]], words: set[str]) -> bool:
    """Tell whether a document cuts words at line ends, so that a hyphen there is to be doubted.

    It does if one of its joined words stands elsewhere in it, or if many lines end in a hyphen; a
    single one is evidence only in a short text, and a compound that it writes elsewhere is none.
    """
    seams = [(a.text, b.text) for lines in paragraphs for a, b in pairwise(lines)]
    halves = [found for a, b in seams if (found := _halves(a, b))]
    halves = [(one, other) for one, other in halves if f"{one}-{other}" not in words]
    if any(one + other in words for one, other in halves):
        return True
    if len(halves) == 1:
        return len(seams) <= _LONE_SEAMS
    return len(halves) > _CUT_SHARE * len(seams)


def join_lines(
    lines: Sequence[Segment], words: set[str], *, cuts: bool = True
) -> tuple[str, Spots]:
    """Return the lines as one text, and where each of its characters stands.

    Args:
        lines: Lines in reading order.
        words: Words that the document has inside its lines, in small letters.
        cuts: Whether the document cuts words at line ends at all.
    """
    texts: list[str] = []
    spots: list[Spots] = []
    for index, line in enumerate(lines):
        text, places = line.text, line.spots
        if index:
            keep, between = _seam(texts[-1], text, words, cuts)
            texts[-1], spots[-1] = texts[-1][:keep], spots[-1][:keep]
            if between:
                texts.append(between)
                spots.append(NOWHERE)
        texts.append(text)
        spots.append(places)
    return _without_soft_hyphens("".join(texts), np.concatenate(spots))


def _halves(line: str, following: str) -> tuple[str, str] | None:
    """Return what a hyphen between a letter and a small letter parts, in small letters."""
    last, first = _LAST.search(line), _FIRST.match(following)
    if last is None or first is None or not following[0].islower():
        return None
    return last[1].casefold(), first[1].casefold()


def _seam(line: str, following: str, words: set[str], cuts: bool) -> tuple[int, str]:
    """Return how many characters of a line stay, and what stands between it and the next.

    A soft hyphen at the line end goes. A hyphen between a letter and a small letter goes, unless
    the document cuts no words, or writes the compound elsewhere and never the joined word, or
    either half has another hyphen ("state-of-the-art"), or the first half is nearly always followed
    by one ("well-known"), or stands behind one ("--with-ssl"). Before "and" or "or" it stays and a
    space follows ("pre- and post-war"). Any other hyphen behind a letter or digit stays, and
    nothing is put behind it ("1914-1918").
    """
    if line.endswith(_SOFT):
        return len(line) - 1, ""
    halves = _halves(line, following)
    if halves:
        one, other = halves
        if other in _PAIRED:
            return len(line), " "
        compound = f"{one}-{other}" in words or "-" in one + other or one in _KEPT
        option = line[: -len(one) - 1].endswith("-")
        kept = one + other not in words and (compound or option or not cuts)
        return len(line) - (not kept), ""
    if line[-1] in "-\u2010" and line[-2:-1].isalnum():
        return len(line), ""
    cjk = _CJK.match(line[-1]) and _CJK.match(following)
    return len(line), "" if cjk else " "


def _without_soft_hyphens(text: str, spots: Spots) -> tuple[str, Spots]:
    if _SOFT not in text:
        return text, spots
    kept = [index for index, character in enumerate(text) if character != _SOFT]
    return text.replace(_SOFT, ""), spots[kept]
