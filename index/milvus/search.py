"""Passages by vector, or by vector and words, found by the server."""

from typing import Any

from index.dense_score import Hits
from index.embed import Vectors
from index.filter import Filter
from index.milvus.calls import call
from index.milvus.driver import pymilvus
from index.milvus.store import MilvusStore, chunk_bounds

_LEAST_LOOKED_AT = 128  # neighbours in a graph, or lists
_MORE = 64  # asked for than wanted: of equal ones at the end, a server picks any
_RRF_K = 60  # Cormack, Clarke and Buettcher 2009, as elsewhere


def nearest(store: MilvusStore, query: Vectors, limit: int, within: Filter) -> Hits:
    """Return at most `limit` `(chunk, cosine)` by (-cosine, chunk); approximate on large indexes.

    Args:
        store: One version.
        query: Shape `(dimension,)`, unit length.
        limit: 1 to 16,000.
        within: Bounds of the documents.
    """
    table = store.chunk_table
    if table is None:
        return []
    arguments = {
        "data": [query.tolist()],
        "anns_field": "vector",
        "limit": limit + _MORE,
        "filter": _filter(store, within),
        "output_fields": ["id"],
        "search_params": _dense(store, limit + _MORE),
        "consistency_level": "Bounded",
        "timeout": table.timeout_seconds,
    }
    (found,) = call(table.client, store.connection.address, "search", table.collection, arguments)
    return _hits(found)[:limit]


def fused(store: MilvusStore, query: Vectors, words: str, limit: int, within: Filter) -> Hits:
    """Return at most `limit` `(chunk, score)` by vector and words, fused by rank on the server.

    Raises:
        StoreError: the server has no full-text search.
    """
    library = pymilvus()
    table = store.chunk_table
    if table is None:
        return []
    condition = _filter(store, within)
    asked = [
        library.AnnSearchRequest(
            data=[query.tolist()],
            anns_field="vector",
            param=_dense(store, limit),
            limit=limit,
            expr=condition,
        ),
        library.AnnSearchRequest(
            data=[words],
            anns_field="words",
            param={"metric_type": "BM25", "params": {}},
            limit=limit,
            expr=condition,
        ),
    ]
    arguments = {
        "reqs": asked,
        "ranker": library.RRFRanker(_RRF_K),
        "limit": limit,
        "output_fields": ["id"],
        "consistency_level": "Bounded",
        "timeout": table.timeout_seconds,
    }
    (found,) = call(
        table.client, store.connection.address, "hybrid_search", table.collection, arguments
    )
    return _hits(found)


def _filter(store: MilvusStore, within: Filter) -> str:
    table = store.chunk_table
    condition = chunk_bounds(store, within)
    both = f"({store.visible}) and ({condition})" if condition else store.visible
    return table.scoped(both) if table else both


def _dense(store: MilvusStore, limit: int) -> dict[str, Any]:
    kind = store.connection.index_of(store.dimension)
    return {"metric_type": "IP", "params": _looked_at(kind, limit)}


def _looked_at(kind: str, limit: int) -> dict[str, int]:
    """Return how far an index of a kind is searched; the exact one needs no telling."""
    if kind == "HNSW":
        return {"ef": max(_LEAST_LOOKED_AT, 2 * limit)}
    if kind == "IVF_SQ8":
        return {"nprobe": _LEAST_LOOKED_AT}
    if kind == "DISKANN":
        return {"search_list": max(_LEAST_LOOKED_AT, limit)}
    return {}


def _hits(found: Any) -> Hits:  # noqa: ANN401 - pymilvus has no types
    hits = {int(hit["entity"]["id"]): float(hit["distance"]) for hit in found}
    return sorted(hits.items(), key=lambda hit: (-hit[1], hit[0]))
