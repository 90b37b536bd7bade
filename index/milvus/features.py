"""What a server can do beyond version 2.3, found by asking it."""

import re
from typing import Any

from index.milvus.calls import told

_FIRST_WITH_WORDS = (2, 5)
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
