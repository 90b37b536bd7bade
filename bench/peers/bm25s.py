"""bm25s as its quickstart sets it up: stop words, a stemmer, `BM25()`. It needs no model.

The tuned variant also chooses `method`, `k1`, `b` and whether stop words are left out.
"""

import itertools
import json
from typing import Any

from bench.peers.collection import Document
from bench.peers.task import RANKED, Index, Options, Place, Search, run

DEFAULT: Options = {}
CHOICES: dict[str, list[Any]] = {
    "stemmer": [True, False],
    "stopwords": ["en", None],
    "bm25": [
        {"method": "lucene", "k1": k1, "b": b}
        for k1, b in itertools.product((1.5, 0.9, 1.2, 2.0), (0.75, 0.5, 0.3))
    ],
}


def prepare(place: Place) -> Index:
    """Return what tokenizes, indexes and saves."""
    import bm25s

    def add(documents: list[Document]) -> None:
        tokens = _tokenize([document.text for document in documents], place.options)
        retriever = bm25s.BM25(**place.options.get("bm25", {}))
        retriever.index(tokens, show_progress=False)
        retriever.save(place.home / "index")
        ids = [document.id for document in documents]
        (place.home / "ids.json").write_text(json.dumps(ids))

    return add


def load(place: Place) -> Search:
    """Return a search of the saved index."""
    import bm25s

    retriever = bm25s.BM25.load(place.home / "index")
    ids = json.loads((place.home / "ids.json").read_text())

    def search(question: str) -> list[tuple[str, float]]:
        tokens = _tokenize(question, place.options)
        rows, scores = retriever.retrieve(tokens, k=RANKED, show_progress=False)
        return [(ids[row], float(score)) for row, score in zip(rows[0], scores[0], strict=True)]

    return search


def _tokenize(texts: list[str] | str, options: Options):  # noqa: ANN202
    import bm25s
    import Stemmer

    stemmer = Stemmer.Stemmer("english") if options.get("stemmer", True) else None
    stopwords = options.get("stopwords", "en")
    return bm25s.tokenize(texts, stopwords=stopwords, stemmer=stemmer, show_progress=False)


if __name__ == "__main__":
    run(prepare, load)
