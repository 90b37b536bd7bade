"""Documents embedded by several processes, of this machine or of a Ray cluster."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial

import numpy as np

from index.embed import Embedder, ModelInfo, Vectors
from index.embed_source import EmbedSource, source_of
from index.settings import Settings

Batches = Sequence[Sequence[str]]
Done = Iterator[tuple[int, Vectors]]
"""The number of a batch and its vectors, as each is done."""

_FEW = 2  # batches a process that are done sooner than processes start


class Spread(ABC):
    """An embedder that others help with documents; all else does the one it was given.

    Args:
        inner: The embedding model, loaded here.
    """

    def __init__(self, inner: Embedder) -> None:
        self._inner = inner

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the model's files."""
        return self._inner.fingerprint

    @property
    def max_tokens(self) -> int:
        """Longest input in word pieces, special tokens included."""
        return self._inner.max_tokens

    @property
    def special_tokens(self) -> int:
        """Special tokens that the model adds to one input."""
        return self._inner.special_tokens

    def info(self) -> ModelInfo:
        """Describe the model; may load it."""
        return self._inner.info()

    def token_offsets(self, text: str) -> list[tuple[int, int]]:
        """Return the character span of every word piece, special tokens left out, uncut."""
        return self._inner.token_offsets(text)

    def encode_query(self, text: str) -> Vectors:
        """Embed one question here: shape `(dimension,)`, unit length."""
        return self._inner.encode_query(text)

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Embed passages here: shape `(len(texts), dimension)`, unit length."""
        return self._inner.encode_documents(texts)

    @abstractmethod
    def encode_batches(self, batches: Batches) -> Done:
        """Embed batches, and give the number and the vectors of each as soon as it is done."""


class FanOut(Spread):
    """An embedder whose documents other processes embed.

    Processes get whole batches, so their vectors are those of the embedder given for the same
    batches: the same bits where a vector does not depend on how many threads work.

    Args:
        inner: The embedding model, loaded here.
        source: Tells how to load it elsewhere; called once it is needed.
        processes: How many embed.
        batch_size: Texts that a process embeds at once.
    """

    def __init__(
        self,
        inner: Embedder,
        source: Callable[[], EmbedSource],
        *,
        processes: int,
        batch_size: int,
    ) -> None:
        super().__init__(inner)
        self._source = source
        self._processes = processes
        self._batch_size = batch_size

    def __enter__(self) -> "FanOut":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Embed passages, in batches: shape `(len(texts), dimension)`, unit length.

        Raises:
            ModelError: as `encode_batches` does.
        """
        size = self._batch_size
        batches = [texts[first : first + size] for first in range(0, len(texts), size)]
        if not batches:
            return self._inner.encode_documents(texts)
        found = dict(self.encode_batches(batches))
        return np.concatenate([found[number] for number in range(len(batches))])

    def encode_batches(self, batches: Batches) -> Done:
        """Embed batches, and give the number and the vectors of each as soon as it is done.

        Few batches are embedded here, for processes take longer to start.

        Raises:
            ModelError: the model cannot be loaded there or is another one, or processes died at
                the same batch again and again.
        """
        if len(batches) <= _FEW * self._processes:
            return enumerate(map(self._inner.encode_documents, batches))
        return self._spread(batches)

    @abstractmethod
    def close(self) -> None:
        """End the processes."""

    @abstractmethod
    def _spread(self, batches: Batches) -> Done:
        """Let the processes do it."""


def fan_out(embedder: Embedder, settings: Settings) -> AbstractContextManager[Embedder]:
    """Return the embedder that a change of the index uses, to be left when that is done.

    Without `embed_processes` and `embed_ray` it is the one that was given. Nothing is started
    before there is something to embed.
    """
    # Ray gives each actor one core.
    threads = 1 if settings.embed_ray else max(1, _cores() // settings.embed_processes)
    source = partial(source_of, embedder, settings, threads)
    processes, size = settings.embed_processes, settings.embed_batch
    if settings.embed_ray:
        from index.ray_embedder import RayEmbedder

        return RayEmbedder(
            embedder, source, address=settings.embed_ray, processes=processes, batch_size=size
        )
    if processes > 1:
        from index.process_embedder import ProcessEmbedder

        return ProcessEmbedder(embedder, source, processes=processes, batch_size=size)
    return nullcontext(embedder)


def in_batches(embedder: Embedder, batches: Batches) -> Done:
    """Embed batches one after the other, or as an embedder that others help does it."""
    if isinstance(embedder, Spread):
        return embedder.encode_batches(batches)
    return enumerate(map(embedder.encode_documents, batches))


def _cores() -> int:
    from index.onnx_embedder import cores

    return cores()
