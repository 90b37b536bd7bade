"""Tables of routes, in which a request is looked up by its method and path."""

import re
from collections.abc import Iterable


class Table:
    """Rows of methods and paths, in which `{name}` is one part and `{name:path}` any number."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        self._rows = [(method, re.compile(_pattern(path))) for method, path in rows]

    def holds(self, method: str, path: str) -> bool:
        """Tell whether a request is in the table; HEAD is where GET is."""
        method = "GET" if method == "HEAD" else method
        return any(m == method and pattern.fullmatch(path) for m, pattern in self._rows)


def _pattern(path: str) -> str:
    escaped = re.escape(path)
    anywhere = re.sub(r"\\\{\w+:path\\\}", ".*", escaped)
    return re.sub(r"\\\{\w+\\\}", "[^/]+", anywhere)
