"""Passages by vector, or by vector and words, found by the server."""

from collections.abc import Callable
from typing import Any

from index.dense_score import Hits, cosines
from index.embed import Vectors
from index.filter import Filter
from index.milvus.calls import call
from index.milvus.driver import pymilvus
from index.milvus.store import MilvusStore, chunk_bounds

_LEAST_LOOKED_AT = 128  # neighbours in a graph, or lists
_MORE = 64  # asked for than wanted: of equal ones at the end, a server picks any
_SHORTENED = ("IVF_SQ8", "DISKANN")  # compare vectors that were made smaller
_RRF_K = 60  # Cormack, Clarke and Buettcher 2009, as elsewhere


def nearest(store: MilvusStore, query: Vectors, limit: int, within: Filter) -> Hits:
    """Return at most `limit` `(chunk, cosine)` by (-cosine, chunk); approximate on large indexes.

    What is found may be approximate; the cosines are those of the stored vectors.

    Args:
        store: One version.
        query: Shape `(dimension,)`, unit length.
        limit: 1 to 16,000.
        within: Bounds of the documents.
    """
    more = limit + _MORE
    hits = _asked(
        store,
        "search",
        within,
        lambda condition: {
            "data": [query.tolist()],
            "anns_field": "vector",
            "limit": more,
            "filter": condition,
            "search_params": _dense(store, more),
        },
    )
    if hits and store.connection.index_of(store.dimension) in _SHORTENED:
        hits = cosines(store, query, [chunk for chunk, _ in hits])
    return hits[:limit]


def fused(store: MilvusStore, query: Vectors, words: str, limit: int, within: Filter) -> Hits:
    """Return at most `limit` `(chunk, score)` by vector and words, fused by rank on the server.

    Raises:
        StoreError: the server has no full-text search.
    """
    library = pymilvus()

    def arguments(condition: str) -> dict[str, Any]:
        requests = [
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
        return {"reqs": requests, "ranker": library.RRFRanker(_RRF_K), "limit": limit}

    return _asked(store, "hybrid_search", within, arguments)[:limit]


def _asked(
    store: MilvusStore, how: str, within: Filter, arguments: Callable[[str], dict[str, Any]]
) -> Hits:
    """Ask the server for passages within bounds.

    Args:
        store: One version.
        how: Name of the client's method.
        within: Bounds of the documents.
        arguments: Takes a condition and returns what the method is given for it.
    """
    table = store.chunk_table
    if table is None:
        return []
    common = {
        "output_fields": ["id"],
        "consistency_level": "Bounded",
        "timeout": table.timeout_seconds,
    }
    address, name = store.connection.address, table.collection
    hits: dict[int, float] = {}
    for condition in chunk_bounds(store, within):
        both = f"({store.visible}) and ({condition})" if condition else store.visible
        asked = arguments(table.scoped(both)) | common
        (found,) = call(table.client, address, how, name, asked)
        hits |= {int(hit["entity"]["id"]): float(hit["distance"]) for hit in found}
    return sorted(hits.items(), key=lambda hit: (-hit[1], hit[0]))


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
