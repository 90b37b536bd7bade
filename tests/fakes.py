"""Deterministic stand-ins with values that can be worked out by hand."""

import hashlib
import re
import threading
from collections.abc import Sequence

import numpy as np

from index.embed import ModelInfo, Vectors
from qa.read import Passage, Reading, Span, ordered
from qa.terms import all_stems, content_stems

_WORD = re.compile(r"\w+|[^\w\s]")


class WordEmbedder:
    """Embeds a text as its bag of words, hashed into `dimension` buckets; counts what it embeds.

    A word piece is a word or a punctuation mark.
    """

    def __init__(self, *, name: str = "words", dimension: int = 64, max_tokens: int = 256) -> None:
        self.name = name
        self.fingerprint = f"fingerprint of {name}"
        self.max_tokens = max_tokens
        self.special_tokens = 2
        self.dimension = dimension
        self.embedded: list[str] = []

    def info(self) -> ModelInfo:
        return ModelInfo(
            name=self.name,
            revision=None,
            fingerprint=self.fingerprint,
            dimension=self.dimension,
            pooling="sum",
            prompts={},
            max_tokens=self.max_tokens,
        )

    def token_offsets(self, text: str) -> list[tuple[int, int]]:
        return [match.span() for match in _WORD.finditer(text)]

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        self.embedded.extend(texts)
        return np.stack([self._vector(text) for text in texts])

    def encode_query(self, text: str) -> Vectors:
        return self._vector(text)

    def _vector(self, text: str) -> Vectors:
        vector = np.zeros(self.dimension, dtype=np.float32)
        for word in _WORD.findall(text.lower()):
            digest = hashlib.sha256(word.encode()).digest()
            vector[int.from_bytes(digest[:4], "big") % self.dimension] += 1
        return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), dtype=np.float32)


class HeldEmbedder(WordEmbedder):
    """Waits before each batch of documents while `gate` is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()
        self.gate.set()

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        assert self.gate.wait(timeout=30)
        return super().encode_documents(texts)


class TermReader:
    """Scores a sentence by the share of the question's content words that it has."""

    threshold = 0.6

    def read(self, question: str, passages: Sequence[Passage]) -> Reading:
        terms = content_stems(question)
        spans = []
        for passage in passages:
            for start, end in passage.sentences:
                found = all_stems(passage.slice(start, end))
                score = sum(term in found for term in terms) / max(len(terms), 1)
                spans.append(Span(passage, start, end, round(score, 4)))
        return Reading(ordered(spans), self.threshold)
