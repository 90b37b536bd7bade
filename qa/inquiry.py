"""All that one question led to: the answer, and what it was found among."""

from collections.abc import Iterable
from itertools import chain, zip_longest
from typing import NamedTuple

from qa.models import Answer
from qa.read import Passage, Reading, Span


class Inquiry(NamedTuple):
    """An answer, with the passages that were read for it and what the reader found in them.

    A comparison asks for each side, so it has two of `passages` and `readings`; else there is one.
    """

    answer: Answer
    passages: tuple[tuple[Passage, ...], ...]
    readings: tuple[Reading, ...]

    def retrieved(self) -> list[Passage]:
        """Return the passages in the retriever's order, each once; sides take turns."""
        found: dict[tuple[int, int, int], Passage] = {}
        for passage in chain.from_iterable(zip_longest(*self.passages)):
            if passage is not None:
                key = passage.document.rowid, passage.start, len(passage.text)
                found.setdefault(key, passage)
        return list(found.values())

    def spans(self) -> list[Span]:
        """Return the spans that the reader found, best first."""
        found: Iterable[Span] = chain.from_iterable(reading.spans for reading in self.readings)
        return sorted(found, key=lambda span: -span.score)
