"""txtai with `hybrid=True`, as its guide has it: both indexes, weighted equally.

The tuned variant chooses the weight of the vectors, and `k1` and `b` of BM25.
"""

import itertools

from bench.peers.collection import Document
from bench.peers.task import RANKED, Index, Options, Place, Search, run

DEFAULT: Options = {}
GRID: list[Options] = [
    {
        "scoring": {"method": "bm25", "terms": True, "normalize": True, "k1": k1, "b": b},
        "weights": weight,
    }
    for (k1, b), weight in itertools.product(
        ((1.2, 0.75), (0.9, 0.4), (2.0, 0.75)), (0.3, 0.4, 0.5, 0.6, 0.7)
    )
]
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
