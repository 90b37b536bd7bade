"""What a server can do beyond version 2.3, found by asking it."""

import re
import secrets
from functools import lru_cache
from typing import Any

from index.milvus.calls import told
from index.milvus.driver import pymilvus

_FIRST_WITH_WORDS = (2, 5)
_PROBED_ROWS = 100
_VERSION = re.compile(r"(\d+)\.(\d+)")


def searches_words(client: Any, address: str) -> bool:  # noqa: ANN401 - pymilvus has no types
    """Tell whether the server searches words and fuses both searches.

    Milvus does since 2.5. Milvus Lite tells its own version, and does since 3.
    """
    with told(address, "asking for the version"):
        said = str(client.get_server_version())
    numbers = _VERSION.search(said)
    if numbers is None:
        return False
    return (int(numbers[1]), int(numbers[2])) >= _FIRST_WITH_WORDS


@lru_cache(maxsize=8)
def keeps_partitions(client: Any, address: str) -> bool:  # noqa: ANN401
    """Tell whether rows that are upserted lie in their tenant's partition, by trying it.

    Milvus 2.3.5 puts them into any partition, where a query for the tenant does not look: it finds
    13 of 1,000. There, the tenant is a field like others, which every query compares.
    """
    kinds = pymilvus().DataType
    name = f"pinpoint_probe_{secrets.token_hex(8)}"
    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("pk", kinds.VARCHAR, max_length=64, is_primary=True)
    schema.add_field("tenant", kinds.VARCHAR, max_length=64, is_partition_key=True)
    schema.add_field("vector", kinds.FLOAT_VECTOR, dim=2)
    indexes = client.prepare_index_params()
    indexes.add_index("vector", index_type="FLAT", metric_type="IP")
    rows = [{"pk": str(n), "tenant": "probe", "vector": [1.0, 0.0]} for n in range(_PROBED_ROWS)]
    with told(address, f"trying partitions in {name}"):
        client.create_collection(name, schema=schema, index_params=indexes)
        try:
            client.upsert(name, data=rows)
            found = client.query(
                name,
                filter='tenant == "probe"',
                output_fields=["count(*)"],
                consistency_level="Strong",
            )
        finally:
            client.drop_collection(name)
    return bool(found[0]["count(*)"] == _PROBED_ROWS)
