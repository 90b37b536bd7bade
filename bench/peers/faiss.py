"""sentence-transformers with a flat FAISS index: every vector is compared, nothing else is done.

Little can be tuned: how much of a text the model reads.
"""

import json
from typing import Any

from bench.peers.collection import Document
from bench.peers.task import RANKED, Index, Options, Place, Search, run

DEFAULT: Options = {}
CHOICES: dict[str, list[Any]] = {"max_seq_length": [256, 128, 512]}


def prepare(place: Place) -> Index:
    """Return what embeds, indexes and saves."""
    import faiss

    model = _model(place)

    def add(documents: list[Document]) -> None:
        texts = [document.text for document in documents]
        vectors = model.encode(texts, normalize_embeddings=True)
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        faiss.write_index(index, str(place.home / "index.faiss"))
        ids = [document.id for document in documents]
        (place.home / "ids.json").write_text(json.dumps(ids))

    return add


def load(place: Place) -> Search:
    """Return a search of the saved index."""
    model = _model(place)
    import faiss

    index = faiss.read_index(str(place.home / "index.faiss"))
    ids = json.loads((place.home / "ids.json").read_text())

    def search(question: str) -> list[tuple[str, float]]:
        scores, rows = index.search(model.encode([question], normalize_embeddings=True), RANKED)
        return [(ids[row], float(score)) for row, score in zip(rows[0], scores[0], strict=True)]

    return search


def _model(place: Place):  # noqa: ANN202
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(place.model), device="cpu")
    model.max_seq_length = place.options.get("max_seq_length", model.max_seq_length)
    return model


if __name__ == "__main__":
    run(prepare, load)
