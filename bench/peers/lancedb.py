"""LanceDB's hybrid search as its guide has it: an embedding function, a full-text index, `hybrid`.

The results are fused by reciprocal rank unless told otherwise. The tuned variant chooses the
reranker, how many candidates it gets, and whether stop words are left out.
"""

from typing import Any

from bench.peers.collection import Document
from bench.peers.task import RANKED, Index, Options, Place, Search, run

DEFAULT: Options = {}
CHOICES: dict[str, list[Any]] = {
    "reranker": [{"rrf": 60}, {"rrf": 10}, *({"linear": weight} for weight in (0.3, 0.5, 0.7))],
    "candidates": [RANKED, 100],
    "fts": [{}, {"remove_stop_words": False}],
}
INDEXED = ("fts",)


def prepare(place: Place) -> Index:
    """Return what makes the table and its full-text index."""
    import lancedb
    from lancedb.embeddings import get_registry
    from lancedb.pydantic import LanceModel, Vector

    model = get_registry().get("sentence-transformers").create(name=str(place.model), device="cpu")

    class Passage(LanceModel):
        id: str
        text: str = model.SourceField()
        vector: Vector(model.ndims()) = model.VectorField()  # also loads the model

    def add(documents: list[Document]) -> None:
        table = lancedb.connect(place.home).create_table("passages", schema=Passage)
        table.add([{"id": document.id, "text": document.text} for document in documents])
        table.create_fts_index("text", **place.options.get("fts", {}))

    return add


def load(place: Place) -> Search:
    """Return a search of the table."""
    import lancedb

    table = lancedb.connect(place.home).open_table("passages")
    reranker = _reranker(place.options.get("reranker"))
    candidates = place.options.get("candidates", RANKED)

    def search(question: str) -> list[tuple[str, float]]:
        asked = table.search(question, query_type="hybrid").limit(candidates)
        asked = asked if reranker is None else asked.rerank(reranker)
        rows = asked.to_list()
        return [(row["id"], row["_relevance_score"]) for row in rows]

    return search


def _reranker(options: Options | None) -> Any:  # noqa: ANN401
    if options is None:
        return None
    from lancedb.rerankers import LinearCombinationReranker, RRFReranker

    if "rrf" in options:
        return RRFReranker(K=options["rrf"])
    return LinearCombinationReranker(weight=options["linear"])


if __name__ == "__main__":
    run(prepare, load)
