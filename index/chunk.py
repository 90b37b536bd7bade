"""Pack sentences into chunks that fit the embedding model."""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from index.document import Extracted
from index.lines import trim
from index.sentences import Sentence, split_sentences

VERSION = 2  # part of the index's recipe: raise it when chunks of the same text change

TokenOffsets = Callable[[str], list[tuple[int, int]]]
"""Text to the character spans of its word pieces, special tokens left out."""

_PART_CHARS = 1_000_000  # tokenizers hold about 300 bytes a word piece
_PIECE_CHARS = 20  # to a model, a megabyte without a space is one unknown word piece
_HEADING_SHARE = 4  # a heading path takes at most a quarter of a chunk


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage of a document: `text[start:end]` under a heading path.

    Attributes:
        start: First character in the document's whole text.
        end: One past the last character.
        heading: Heading path, outermost first, whole.
        sentences: Spans of the sentences inside, in order, in the same coordinates.
        input: What is embedded: the heading path (cut where it is very long), then the text.
    """

    start: int
    end: int
    heading: tuple[str, ...]
    sentences: tuple[tuple[int, int], ...]
    input: str


class Chunker:
    """Cuts documents into chunks of at most `max_tokens` word pieces, heading path included.

    Args:
        token_offsets: The embedding model's tokenizer.
        max_tokens: Limit for heading path, text and special tokens together.
        special_tokens: How many special tokens the model adds to an input.
        overlap: Sentences that a chunk repeats from the one before it, where they fit.
        language: ISO 639 code for sentence splitting.
    """

    def __init__(
        self,
        token_offsets: TokenOffsets,
        *,
        max_tokens: int = 256,
        special_tokens: int = 2,
        overlap: int = 1,
        language: str = "en",
    ) -> None:
        self._token_offsets = token_offsets
        self._limit = max_tokens - special_tokens
        self._overlap = overlap
        self._language = language

    def split(self, document: Extracted) -> list[Chunk]:
        """Return the document's chunks in reading order; a chunk never spans two headings."""
        text = document.text
        tokens = _Tokens(self._token_offsets, text)
        chunks: list[Chunk] = []
        for section in _sections(split_sentences(document, self._language)):
            prefix = self._prefix(section[0].heading)
            limit = self._limit - len(self._token_offsets(prefix))
            pieces = [
                piece for sentence in section for piece in _pieces(text, sentence, tokens, limit)
            ]
            for packed in self._pack(pieces, tokens, limit):
                start, end = packed[0].start, packed[-1].end
                spans = tuple((sentence.start, sentence.end) for sentence in packed)
                chunks.append(Chunk(start, end, packed[0].heading, spans, prefix + text[start:end]))
        return chunks

    def _prefix(self, heading: tuple[str, ...]) -> str:
        """Return the heading path as a first line, its outer headings dropped if too long."""
        share = self._limit // _HEADING_SHARE
        kept = ""
        for title in reversed(heading):  # from within: a path may be very deep
            prefix = f"{title} > {kept}" if kept else title
            offsets = self._token_offsets(prefix)
            if len(offsets) > share:
                return (kept or prefix[: offsets[share - 1][1]]) + "\n"
            kept = prefix
        return kept and kept + "\n"

    def _pack(
        self, sentences: Sequence[Sentence], tokens: "_Tokens", limit: int
    ) -> Iterator[list[Sentence]]:
        current: list[Sentence] = []
        for sentence in sentences:
            if current and tokens.count(current[0].start, sentence.end) > limit:
                yield current
                current = current[len(current) - self._overlap :] if self._overlap else []
                while current and tokens.count(current[0].start, sentence.end) > limit:
                    current = current[1:]
            current = [*current, sentence]
        if current:
            yield current


class _Tokens:
    """The word pieces of a whole text, for counting those inside a span."""

    def __init__(self, token_offsets: TokenOffsets, text: str) -> None:
        self.starts, self.ends = array("I"), array("I")
        for first, last in _parts(text):
            offsets = token_offsets(text[first:last])
            self.starts.extend(first + start for start, _ in offsets)
            self.ends.extend(first + end for _, end in offsets)

    def count(self, start: int, end: int) -> int:
        """Return the word pieces in a span; a very long one counts as several."""
        pieces = bisect_left(self.starts, end) - bisect_left(self.starts, start)
        return max(pieces, (end - start) // _PIECE_CHARS)

    def cut(self, start: int, size_tokens: int) -> int:
        """Return where `size_tokens` word pieces from `start` on end at the latest."""
        longest = start + size_tokens * _PIECE_CHARS
        last = bisect_left(self.starts, start) + size_tokens - 1
        return min(self.ends[last], longest) if last < len(self.ends) else longest


def _parts(text: str) -> Iterator[tuple[int, int]]:
    """Yield `[start, end)` of parts that a tokenizer can take at once, cut at white space."""
    start = 0
    while len(text) - start > _PART_CHARS:
        end = start + _PART_CHARS
        space = max(text.rfind(" ", start, end), text.rfind("\n", start, end))
        end = space if space > start else end
        yield start, end
        start = end
    yield start, len(text)


def _pieces(text: str, sentence: Sentence, tokens: _Tokens, limit: int) -> Iterator[Sentence]:
    """Cut a sentence that alone exceeds the limit, at white space where there is any."""
    start = sentence.start
    while tokens.count(start, sentence.end) > limit:
        cut = tokens.cut(start, limit)
        space = max(text.rfind(" ", start, cut), text.rfind("\n", start, cut))
        piece = trim(text, start, space if space > start else cut)
        yield Sentence(*piece, sentence.heading)
        start = trim(text, piece[1], sentence.end)[0]
    yield Sentence(start, sentence.end, sentence.heading)


def _sections(sentences: Sequence[Sentence]) -> Iterator[list[Sentence]]:
    section: list[Sentence] = []
    for sentence in sentences:
        if section and sentence.heading != section[-1].heading:
            yield section
            section = []
        section.append(sentence)
    if section:
        yield section
