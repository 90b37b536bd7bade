"""One collection as one tenant sees it: all that the rest of the package knows of Milvus.

The tenant stands in every row, in front of every primary key and in every expression. The table
puts it there, so that no caller can forget it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, Protocol

from index.milvus.batches import batches, page_size, slices
from index.milvus.calls import call
from index.milvus.literal import check_tenant, literal, literals

FOREVER = 2**62
"""The number at which a row dies that is alive; greater than any number of a version."""

Row = Mapping[str, Any]
Consistency = Literal["strong", "bounded"]

_FIRST_PAGE_ROWS = 1000
_TIMEOUT_SECONDS = 30.0


class Table(Protocol):
    """Rows of one collection that belong to one tenant; each has a text `pk`, unique for it.

    Every method raises `StoreError` if the server cannot be reached or refuses. A write that
    raised may have happened in part, and may yet happen.
    """

    tenant: str

    def insert(self, rows: Iterable[Row]) -> None:
        """Add rows whose keys are new. Several batches are not one step."""

    def upsert(self, rows: Iterable[Row]) -> None:
        """Add whole rows, or put them in place of those with their keys; each is one step."""

    def delete(self, pks: Iterable[str]) -> None:
        """Remove the rows with these keys, where there are any."""

    def delete_where(self, expression: str) -> int:
        """Remove the rows that a strong read finds; return how many."""

    def query(
        self, expression: str, fields: Sequence[str], consistency: Consistency = "strong"
    ) -> list[dict[str, Any]]:
        """Return these fields and `pk` of all rows that match, in no order.

        Args:
            expression: Of the fields other than `pk` and `tenant`; empty for all rows.
            fields: Names of fields.
            consistency: `strong` sees every write that returned before; `bounded` may be some
                seconds behind, and does not wait.
        """

    def get(
        self, pks: Iterable[str], fields: Sequence[str], consistency: Consistency = "strong"
    ) -> list[dict[str, Any]]:
        """Return these fields and `pk` of the rows with these keys, in no order."""

    def count(self, expression: str, consistency: Consistency = "strong") -> int:
        """Return how many rows match."""


class MilvusTable:
    """A `Table` on a server, or in a file of Milvus Lite.

    Args:
        client: A `pymilvus.MilvusClient`; may be shared between threads.
        collection: Its name. Made with consistency level Strong: pages of a large answer are read
            with the collection's own level.
        tenant: 1 to 64 of `A-Z a-z 0-9 _ -`.
        address: Where the server is, for messages; what stands before an @ is left out.
        timeout_seconds: For each call.

    Raises:
        InputError: the tenant has another form.
    """

    def __init__(
        self,
        client: Any,  # noqa: ANN401 - pymilvus is imported late, and has no types
        collection: str,
        tenant: str,
        *,
        address: str = "Milvus",
        timeout_seconds: float = _TIMEOUT_SECONDS,
    ) -> None:
        check_tenant(tenant)
        self.client = client
        self.collection = collection
        self.tenant = tenant
        self.timeout_seconds = timeout_seconds
        self._address = address

    def insert(self, rows: Iterable[Row]) -> None:
        """Add rows."""
        self._write("insert", rows)

    def upsert(self, rows: Iterable[Row]) -> None:
        """Add or replace rows."""
        self._write("upsert", rows)

    def delete(self, pks: Iterable[str]) -> None:
        """Remove rows by key."""
        for some in slices(pks):
            self._call("delete", filter=f"pk in {literals(map(self._key, some))}")

    def delete_where(self, expression: str) -> int:
        """Remove rows that match."""
        # Not by expression in one call: which rows a server then looks at differs by version.
        found = [row["pk"] for row in self.query(expression, ["pk"])]
        self.delete(found)
        return len(found)

    def query(
        self, expression: str, fields: Sequence[str], consistency: Consistency = "strong"
    ) -> list[dict[str, Any]]:
        """Return rows that match."""
        wanted = sorted({"pk", *fields})
        rows = self._call(
            "query",
            filter=self.scoped(expression),
            output_fields=wanted,
            limit=_FIRST_PAGE_ROWS,
            consistency_level=consistency.capitalize(),
        )
        if len(rows) >= _FIRST_PAGE_ROWS:
            rows = [row for page in self._pages(expression, wanted) for row in page]
        return [self._own(row) for row in rows]

    def get(
        self, pks: Iterable[str], fields: Sequence[str], consistency: Consistency = "strong"
    ) -> list[dict[str, Any]]:
        """Return rows by key."""
        found = []
        for some in slices(pks):
            found += self._call(
                "query",
                filter=self.scoped(f"pk in {literals(map(self._key, some))}"),
                output_fields=sorted({"pk", *fields}),
                consistency_level=consistency.capitalize(),
            )
        return [self._own(row) for row in found]

    def count(self, expression: str, consistency: Consistency = "strong") -> int:
        """Count rows that match."""
        rows = self._call(
            "query",
            filter=self.scoped(expression),
            output_fields=["count(*)"],
            consistency_level=consistency.capitalize(),
        )
        return int(rows[0]["count(*)"])

    def scoped(self, expression: str) -> str:
        """Return the expression as it holds for this tenant only, for a vector search too."""
        own = f"tenant == {literal(self.tenant)}"
        return f"{own} and ({expression})" if expression else own

    def _pages(self, expression: str, fields: list[str]) -> Iterator[list[dict[str, Any]]]:
        last, limit = "", _FIRST_PAGE_ROWS
        while True:
            after = f"{self.scoped(expression)} and pk > {literal(last)}"
            page = self._call(
                "query",
                filter=after,
                output_fields=fields,
                limit=limit,
                iterator="True",  # these two: the rows with the smallest keys, not just any
                reduce_stop_for_best="True",
            )
            if page:
                yield page
            if len(page) < limit:
                return
            last, limit = max(row["pk"] for row in page), page_size(page)

    def _write(self, how: str, rows: Iterable[Row]) -> None:
        owned = ({**row, "pk": self._key(row["pk"]), "tenant": self.tenant} for row in rows)
        for batch in batches(owned):
            self._call(how, data=batch)

    def _call(self, name: str, **arguments: Any) -> Any:  # noqa: ANN401
        arguments["timeout"] = self.timeout_seconds
        return call(self.client, self._address, name, self.collection, arguments)

    def _key(self, pk: str) -> str:
        return f"{self.tenant}:{pk}"

    def _own(self, row: Row) -> dict[str, Any]:
        return {**row, "pk": row["pk"].removeprefix(f"{self.tenant}:")}
