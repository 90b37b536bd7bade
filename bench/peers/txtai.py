"""txtai with `hybrid=True`, as its guide has it: both indexes, weighted equally.

The tuned variant chooses the weight of the vectors, `k1` and `b` of BM25, and whether stop words
are left out; there is no stemmer to choose.
"""

from typing import Any

from bench.peers.collection import Document
from bench.peers.task import RANKED, Index, Options, Place, Search, run

DEFAULT: Options = {}
_BM25 = {"method": "bm25", "terms": True, "normalize": True}
CHOICES: dict[str, list[Any]] = {
    "weights": [0.5, 0.3, 0.4, 0.6, 0.7],
    "scoring": [
        _BM25,
        {**_BM25, "k1": 0.9, "b": 0.4},
        {**_BM25, "tokenizer": {"stopwords": True}},
    ],
}
INDEXED = ("scoring",)


def prepare(place: Place) -> Index:
    """Return what indexes and saves."""
    from txtai import Embeddings

    hybrid = (
        {"scoring": place.options["scoring"]} if "scoring" in place.options else {"hybrid": True}
    )
    embeddings = Embeddings(path=str(place.model), **hybrid)

    def add(documents: list[Document]) -> None:
        embeddings.index((document.id, document.text) for document in documents)
        embeddings.save(str(place.home / "index"))

    return add


def load(place: Place) -> Search:
    """Return a search of the saved index."""
    from txtai import Embeddings

    embeddings = Embeddings()
    embeddings.load(str(place.home / "index"))
    weights = place.options.get("weights")

    def search(question: str) -> list[tuple[str, float]]:
        return embeddings.search(question, RANKED, weights=weights)

    return search


if __name__ == "__main__":
    run(prepare, load)
