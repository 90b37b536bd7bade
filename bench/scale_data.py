"""Passages for `bench.scale`: real text with synthetic variety, vectors drawn around real ones.

A passage takes sentences of two real passages and one of a third. Its vector is the sum of the two
real passages' vectors, weighted at random, plus noise with the covariance of all real vectors: so
directions that real vectors vary in vary here too, and a neighbourhood has a spread. The queries
are real questions about the real passages, embedded as Pinpoint embeds a question.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import sentencex

from bench.qa_data import CACHE, read_rows
from index.settings import Settings

Floats = npt.NDArray[np.float32]

REAL, QUESTIONS, SEED = 4000, 200, 20261125
LEAST_WORDS, BLOCK = 40, 10_000
NOISE = 0.5  # standard deviation of the noise, in those of the real vectors
DIMENSION = 384


@dataclass(frozen=True)
class Real:
    """Real passages in sentences, their vectors `(n, dimension)`, questions and theirs."""

    sentences: list[list[str]]
    vectors: Floats
    questions: list[str]
    queries: Floats


def load_real(data: Path, count: int = REAL) -> Real:
    """Choose passages and questions by seed; embed them once and keep the vectors in the cache."""
    rows = [r for r in read_rows(data / "qa-train.jsonl.gz") if r["set"] != "qamr"]
    contexts = sorted({r["context"] for r in rows if len(r["context"].split()) >= LEAST_WORDS})
    rng = random.Random(SEED)
    chosen = rng.sample(contexts, min(count, len(contexts)))
    held = set(chosen)
    asked = sorted({r["question"] for r in rows if r["context"] in held and r["answers"]})
    questions = rng.sample(asked, QUESTIONS)
    vectors, queries = _embedded(chosen, questions)
    return Real([_sentences(context) for context in chosen], vectors, questions, queries)


def _embedded(texts: list[str], questions: list[str]) -> tuple[Floats, Floats]:
    file = CACHE / f"scale-real-{len(texts)}.npz"
    if file.exists():
        with np.load(file, allow_pickle=False) as kept:
            return kept["vectors"], kept["queries"]
    from index.embed import load_embedder

    embedder = load_embedder(Settings().model)
    vectors = embedder.encode_documents(texts)
    queries = np.stack([embedder.encode_query(question) for question in questions])
    file.parent.mkdir(parents=True, exist_ok=True)
    np.savez(file, vectors=vectors, queries=queries)
    return vectors, queries


def _sentences(text: str) -> list[str]:
    found = sentencex.get_sentence_boundaries("en", text)
    parts = (text[b["start_index"] : b["end_index"]].strip() for b in found)
    return [part for part in parts if part]


def draw(real: Real, size: int) -> Iterator[tuple[list[list[str]], Floats]]:
    """Yield passages in blocks: their sentences, and vectors `(n, dimension)` of unit length.

    The first passages of a larger draw are those of a smaller one.
    """
    root = _covariance_root(real.vectors)
    for first in range(0, size, BLOCK):
        rng = np.random.default_rng([SEED, first])
        count = min(BLOCK, size - first)
        parents = rng.integers(len(real.sentences), size=(BLOCK, 3))[:count]
        weights = rng.uniform(0.5, 1.0, size=(BLOCK, 1)).astype(np.float32)[:count]
        noise = rng.standard_normal((BLOCK, DIMENSION), dtype=np.float32)[:count] @ root
        vectors = (
            weights * real.vectors[parents[:, 0]] + (1 - weights) * real.vectors[parents[:, 1]]
        )
        vectors += NOISE * noise
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        yield [_recombined(real, p, rng) for p in parents], vectors


def _covariance_root(vectors: Floats) -> Floats:
    values, axes = np.linalg.eigh(np.cov(vectors, rowvar=False))
    return np.asarray((axes * np.sqrt(np.maximum(values, 0))) @ axes.T, dtype=np.float32)


def _recombined(real: Real, parents: npt.NDArray[np.int64], rng: np.random.Generator) -> list[str]:
    """Return some sentences of the first, some of the second, and one of the third, shuffled."""
    chosen: list[str] = []
    for parent, most in zip(parents, (4, 2, 1), strict=True):
        sentences = real.sentences[parent]
        picks = rng.permutation(len(sentences))[:most]
        chosen += [sentences[i] for i in sorted(picks)]
    return chosen
