"""The collections on a Milvus server, made when they are missing.

A row has `born`, the number of the version that it came with, and `died`, the number of the one
that it went with. A document or chunk that changes is a new row under the same `id`.
"""

import re
from collections.abc import Iterable
from typing import Any

from index.milvus.calls import told
from index.milvus.driver import pymilvus
from index.milvus.features import keeps_partitions
from index.settings import StoreIndex

VERSION = 2  # raise it when a field changes
LEDGER = f"pinpoint_ledger_{VERSION}"
PARTS = f"pinpoint_parts_{VERSION}"
DOCUMENTS = f"pinpoint_documents_{VERSION}"

LONGEST_TEXT_BYTES = 65_535
"""Of one field, the most that Milvus takes."""

_NAME_BYTES = 1024
_PATH_BYTES = 65_535  # an archive holds names of any length
_METRIC = "IP"  # of unit vectors: their cosine
_ANALYSIS = {
    "tokenizer": "standard",
    "filter": ["lowercase", "asciifolding", {"type": "stemmer", "language": "english"}],
}
"""Near to that of the full-text indexes in the home."""
_INDEXES: dict[StoreIndex, tuple[str, dict[str, int]]] = {
    "flat": ("FLAT", {}),
    "hnsw": ("HNSW", {"M": 16, "efConstruction": 200}),
    "ivf_sq8": ("IVF_SQ8", {"nlist": 4096}),
    "diskann": ("DISKANN", {}),
}

NO_VECTOR = [0.0, 0.0]
"""Every collection has to have one."""

Fields = dict[str, int]
"""Name to bytes at most of a text, or to 0 of an integer."""

_VERSIONED: Fields = {"id": 0, "born": 0, "died": 0}
_FIELDS: dict[str, Fields] = {
    LEDGER: {"kind": _NAME_BYTES, "number": 0, "body": LONGEST_TEXT_BYTES},
    PARTS: {"key": _NAME_BYTES, "born": 0, "number": 0, "total": 0, "content": LONGEST_TEXT_BYTES},
    DOCUMENTS: {
        **_VERSIONED,
        "path": _PATH_BYTES,
        "sha256": 64,
        "date": 32,
        "media_type": _NAME_BYTES,
        "text_key": _NAME_BYTES,
        "structure_key": _NAME_BYTES,
        "chunked_with": _NAME_BYTES,
        "partial": 0,
        "chunks": 0,
        "rest": LONGEST_TEXT_BYTES,
    },
}
CHUNK: Fields = {
    **_VERSIONED,
    "document": 0,
    "path": _PATH_BYTES,
    "sha256": 64,
    "date": 32,
    "media_type": _NAME_BYTES,
    "first": 0,
    "last": 0,
    "heading": LONGEST_TEXT_BYTES,
    "sentences": LONGEST_TEXT_BYTES,
    "input": 64,
    "model": 64,
    "body_at": 0,
    "text": LONGEST_TEXT_BYTES,
}


def chunks_name(dimension: int) -> str:
    """Return the collection of chunks with vectors of this width."""
    return f"pinpoint_chunks_{dimension}_{VERSION}"


def vectors_name(dimension: int) -> str:
    """Return the collection of vectors of a change that is not committed yet."""
    return f"pinpoint_vectors_{dimension}_{VERSION}"


def widths_of_vectors(names: Iterable[str]) -> list[int]:
    """Return the widths in the names that `vectors_name` gave, ascending."""
    return _widths(rf"pinpoint_vectors_(\d+)_{VERSION}", names)


def widths_of_chunks(names: Iterable[str]) -> list[int]:
    """Return the widths in the names that `chunks_name` gave, ascending."""
    return _widths(rf"pinpoint_chunks_(\d+)_{VERSION}", names)


def _widths(pattern: str, names: Iterable[str]) -> list[int]:
    return sorted(int(match[1]) for name in names if (match := re.fullmatch(pattern, name)))


def make_small(client: Any, address: str, name: str) -> None:  # noqa: ANN401
    """Make a collection that nobody searches by vector, if it is missing; and load it."""
    _make(client, address, name, _FIELDS[name], dimension=2, index="flat", words=False)


def make_chunks(
    client: Any,  # noqa: ANN401
    address: str,
    dimension: int,
    *,
    index: StoreIndex,
    words: bool,
) -> None:
    """Make the collection of chunks, if it is missing; and load it.

    Args:
        client: A `pymilvus.MilvusClient`.
        address: For messages.
        dimension: Width of a vector.
        index: How vectors are compared; a collection that is there keeps its own.
        words: The server searches words too.
    """
    name = chunks_name(dimension)
    _make(client, address, name, CHUNK, dimension=dimension, index=index, words=words)


def make_vectors(client: Any, address: str, dimension: int) -> None:  # noqa: ANN401
    """Make the collection of unfinished vectors, if it is missing; and load it."""
    fields = {"input": 64, "model": 64}
    _make(
        client,
        address,
        vectors_name(dimension),
        fields,
        dimension=dimension,
        index="flat",
        words=False,
    )


def is_there(client: Any, address: str, name: str) -> bool:  # noqa: ANN401
    """Tell whether a collection has been made."""
    with told(address, f"look for {name}"):
        return bool(client.has_collection(name))


def index_of(client: Any, address: str, dimension: int) -> str:  # noqa: ANN401
    """Return how a collection of chunks compares vectors, by Milvus's name for it."""
    name = chunks_name(dimension)
    with told(address, f"describe the index of {name}"):
        return str(client.describe_index(name, "vector")["index_type"])


def has_words(client: Any, address: str, dimension: int) -> bool:  # noqa: ANN401
    """Tell whether a collection of chunks was made to be searched by words on the server."""
    with told(address, f"describe {chunks_name(dimension)}"):
        fields = client.describe_collection(chunks_name(dimension))["fields"]
    return any(field["name"] == "words" for field in fields)


def _make(
    client: Any,  # noqa: ANN401
    address: str,
    name: str,
    fields: Fields,
    *,
    dimension: int,
    index: StoreIndex,
    words: bool,
) -> None:
    failure = pymilvus().MilvusException
    with told(address, f"create {name}"):
        indexes = _indexes(client, index=index, words=words)
        if not client.has_collection(name):
            partitioned = keeps_partitions(client, address)
            schema = _schema(client, fields, dimension, words=words, partitioned=partitioned)
            try:
                client.create_collection(name, schema=schema, consistency_level="Strong")
            except failure:
                if not client.has_collection(name):  # else another process made it meanwhile
                    raise
            client.create_index(name, indexes)
        try:
            client.load_collection(name)
        except failure:
            missing = [one for one in indexes if not client.list_indexes(name, one.field_name)]
            if not missing:
                raise
            # Who made it was killed before all of its indexes were there.
            client.create_index(name, type(indexes)(missing))
            client.load_collection(name)


def _schema(
    client: Any,  # noqa: ANN401
    fields: Fields,
    dimension: int,
    *,
    words: bool,
    partitioned: bool,
) -> Any:  # noqa: ANN401
    library = pymilvus()
    kinds = library.DataType
    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("pk", kinds.VARCHAR, max_length=_NAME_BYTES, is_primary=True)
    schema.add_field("tenant", kinds.VARCHAR, max_length=64, is_partition_key=partitioned)
    for field, longest in fields.items():
        if words and field == "text":
            schema.add_field(
                field,
                kinds.VARCHAR,
                max_length=longest,
                enable_analyzer=True,
                analyzer_params=_ANALYSIS,
            )
        elif longest:
            schema.add_field(field, kinds.VARCHAR, max_length=longest)
        else:
            schema.add_field(field, kinds.INT64)
    schema.add_field("vector", kinds.FLOAT_VECTOR, dim=dimension)
    if words:
        schema.add_field("words", kinds.SPARSE_FLOAT_VECTOR)
        schema.add_function(
            library.Function(
                name="bm25",
                input_field_names=["text"],
                output_field_names=["words"],
                function_type=library.FunctionType.BM25,
            )
        )
    return schema


def _indexes(client: Any, *, index: StoreIndex, words: bool) -> Any:  # noqa: ANN401
    indexes = client.prepare_index_params()
    kind, options = _INDEXES[index]
    indexes.add_index("vector", index_type=kind, metric_type=_METRIC, params=options)
    if words:
        indexes.add_index("words", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25")
    return indexes
