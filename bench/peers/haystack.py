"""Haystack's tutorial of hybrid retrieval: BM25 and embeddings from the in-memory store, joined.

The tutorial ranks what was joined with a cross-encoder from a model hub, and so need not care how
it is joined. Without one it is joined by reciprocal rank, which is also what `MultiRetriever` does
by default. The tuned variant chooses the way to join, weights, `top_k` and the kind of BM25.
"""

import json
from typing import Any

from bench.peers.collection import Document
from bench.peers.task import Index, Options, Place, Search, run

DEFAULT: Options = {"join": {"join_mode": "reciprocal_rank_fusion"}}
CHOICES: dict[str, list[Any]] = {
    "join": [
        *(
            {"join_mode": "reciprocal_rank_fusion", "weights": [share, round(1 - share, 1)]}
            for share in (0.5, 0.3, 0.7)
        ),
        {"join_mode": "distribution_based_rank_fusion"},
        *(
            {"join_mode": "merge", "weights": [share, round(1 - share, 1)]}
            for share in (0.5, 0.3, 0.7)
        ),
    ],
    "top_k": [10, 50],
    "store": [{"bm25_algorithm": "BM25L"}, {"bm25_algorithm": "BM25Okapi"}],
}
"""`weights` are those of BM25 and of the embeddings; what is merged is first scaled to 0–1."""
INDEXED: tuple[str, ...] = ()
"""Options that the index depends on: none, as the store counts words when it is read."""


def prepare(place: Place) -> Index:
    """Return what embeds the documents and saves the store."""
    from haystack import Document as Text
    from haystack import Pipeline
    from haystack.components.writers import DocumentWriter
    from haystack.document_stores.in_memory import InMemoryDocumentStore
    from haystack_integrations.components.embedders.sentence_transformers import (
        SentenceTransformersDocumentEmbedder,
    )

    store = InMemoryDocumentStore()
    embedder = SentenceTransformersDocumentEmbedder(model=str(place.model), progress_bar=False)
    embedder.warm_up()
    pipeline = Pipeline()
    pipeline.add_component("embedder", embedder)
    pipeline.add_component("writer", DocumentWriter(store))
    pipeline.connect("embedder", "writer")

    def add(documents: list[Document]) -> None:
        texts = [Text(id=document.id, content=document.text) for document in documents]
        pipeline.run({"embedder": {"documents": texts}})
        store.save_to_disk(str(place.home / "store.json"))

    return add


def load(place: Place) -> Search:
    """Return a search of the saved store."""
    from haystack import Pipeline
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.retrievers.in_memory import (
        InMemoryBM25Retriever,
        InMemoryEmbeddingRetriever,
    )
    from haystack_integrations.components.embedders.sentence_transformers import (
        SentenceTransformersTextEmbedder,
    )

    store = _store(place)
    embedder = SentenceTransformersTextEmbedder(model=str(place.model), progress_bar=False)
    join = place.options["join"]
    retrieved = {"scale_score": join["join_mode"] == "merge"}
    if "top_k" in place.options:
        retrieved["top_k"] = place.options["top_k"]
    pipeline = Pipeline()
    pipeline.add_component("embedder", embedder)
    pipeline.add_component("words", InMemoryBM25Retriever(store, **retrieved))
    pipeline.add_component("vectors", InMemoryEmbeddingRetriever(store, **retrieved))
    pipeline.add_component("join", DocumentJoiner(**join))
    pipeline.connect("embedder", "vectors")
    pipeline.connect("words", "join")
    pipeline.connect("vectors", "join")
    pipeline.warm_up()

    def search(question: str) -> list[tuple[str, float]]:
        found = pipeline.run({"embedder": {"text": question}, "words": {"query": question}})
        return [(document.id, document.score) for document in found["join"]["documents"]]

    return search


def _store(place: Place) -> Any:  # noqa: ANN401
    """Read the saved documents into a store with the settings asked for."""
    from haystack import Document as Text
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    store = InMemoryDocumentStore(**place.options.get("store", {}))
    saved = json.loads((place.home / "store.json").read_text("utf-8"))
    store.write_documents([Text.from_dict(document) for document in saved["documents"]])
    return store


if __name__ == "__main__":
    run(prepare, load)
