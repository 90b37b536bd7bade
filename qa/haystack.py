"""A retriever for Haystack: `pip install 'pinpoint-qa[haystack]'`.

Haystack reports which components run to its makers, unless told not to. Importing this module
tells it not to, unless the variable `HAYSTACK_TELEMETRY_ENABLED` is set.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from qa.api import Pinpoint
from qa.extras import missing_extra, silence_haystack
from qa.haystack_filters import search_bounds
from qa.models import FoundPassage
from qa.passage_metadata import passage_id, passage_metadata

silence_haystack()  # before the first import of Haystack, which else writes and reports

try:
    from haystack import Document, component, default_from_dict, default_to_dict
except ModuleNotFoundError as error:
    raise missing_extra("haystack", error) from error


@component
class PinpointRetriever:
    """Passages of the documents of a `Pinpoint`, best first, for pipelines that run or are awaited.

    The `content` of a document is the exact text of the passage and its `meta` the citation: the
    characters from `start` to `end` of the whole text with this `sha256` (`Pinpoint.document`)
    are the content. Filters are those of Haystack; see `search_bounds`. A pipeline that is written
    down keeps the home of the `Pinpoint`, which is opened again with the settings that it has by
    itself: `Pipeline.loads(text, allowed_modules=["qa.haystack"])`.

    Args:
        pinpoint: What is searched.
        top_k: Documents at most, 1 to 100.
        filters: Bounds for questions that bring none.

    Raises:
        InputError: a filter cannot be honoured.
    """

    def __init__(
        self, pinpoint: Pinpoint, top_k: int = 10, filters: dict[str, Any] | None = None
    ) -> None:
        search_bounds(filters)
        self.pinpoint = pinpoint
        self.top_k = top_k
        self.filters = filters

    @component.output_types(documents=list[Document])
    def run(
        self, query: str, top_k: int | None = None, filters: dict[str, Any] | None = None
    ) -> dict[str, list[Document]]:
        """Return the passages that come closest to a question, as `documents`.

        Args:
            query: The question.
            top_k: Documents at most; None means that of the retriever.
            filters: Stand in for those of the retriever; None means those.

        Raises:
            InputError: a filter cannot be honoured, or as `Pinpoint.search` raises it.
            IndexMissingError, ModelMismatchError: as `Pinpoint.search` does.
        """
        limit = self.top_k if top_k is None else top_k
        bounds = search_bounds(self.filters if filters is None else filters)
        found = self.pinpoint.search(query, limit=limit, **bounds)
        return {"documents": [_document(passage) for passage in found.passages]}

    @component.output_types(documents=list[Document])
    async def run_async(
        self, query: str, top_k: int | None = None, filters: dict[str, Any] | None = None
    ) -> dict[str, list[Document]]:
        """Do what `run` does, in a thread of its own."""
        return await asyncio.to_thread(self.run, query, top_k, filters)

    def to_dict(self) -> dict[str, Any]:
        """Return how to make it again: the home, `top_k` and the filters."""
        written: dict[str, Any] = default_to_dict(
            self, home=str(self.pinpoint.home), top_k=self.top_k, filters=self.filters
        )
        return written

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "PinpointRetriever":
        """Make one of what `to_dict` returned, with the home opened again."""
        given = dict(data["init_parameters"])
        given["pinpoint"] = Pinpoint.open(given.pop("home"))
        made: PinpointRetriever = default_from_dict(cls, {**data, "init_parameters": given})
        return made


def _document(passage: FoundPassage) -> Document:
    return Document(
        id=passage_id(passage),
        content=passage.quote,
        meta=passage_metadata(passage),
        score=passage.score,
    )
