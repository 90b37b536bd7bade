"""A retriever for LangChain: `pip install 'pinpoint-qa[langchain]'`."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from pydantic import ConfigDict

from qa.api import Pinpoint
from qa.bounds import Paths
from qa.extras import missing_extra
from qa.models import FoundPassage
from qa.passage_metadata import passage_id, passage_metadata

try:
    from langchain_core.callbacks import (
        AsyncCallbackManagerForRetrieverRun,
        CallbackManagerForRetrieverRun,
    )
    from langchain_core.documents import Document
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.runnables.config import run_in_executor
except ModuleNotFoundError as error:
    raise missing_extra("langchain", error) from error


class PinpointRetriever(BaseRetriever):
    """Passages of the documents of a `Pinpoint`, best first, to be invoked and awaited.

    `page_content` is the exact text of the passage and `metadata` its citation: the characters
    from `start` to `end` of the whole text with this `sha256` (`Pinpoint.document`) are the
    content. Bounds given with a question stand in for those of the retriever:
    `retriever.invoke("When?", kinds="pdf")`.

    Attributes:
        pinpoint: What is searched.
        limit: Passages at most, 1 to 100.
        since: As for `Pinpoint.search`, like the other bounds.
        until: As for `Pinpoint.search`.
        folders: As for `Pinpoint.search`.
        kinds: As for `Pinpoint.search`.

    Raises:
        InputError, IndexMissingError, ModelMismatchError: when invoked, as `Pinpoint.search` does.
    """

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    pinpoint: Pinpoint
    limit: int = 10
    since: date | str | None = None
    until: date | str | None = None
    folders: Paths = ()
    kinds: Sequence[str] | str = ()

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002
        **bounds: Any,  # noqa: ANN401
    ) -> list[Document]:
        given = {
            "limit": self.limit,
            "since": self.since,
            "until": self.until,
            "folders": self.folders,
            "kinds": self.kinds,
        }
        found = self.pinpoint.search(query, **(given | bounds))
        return [_document(passage) for passage in found.passages]

    async def _aget_relevant_documents(
        self,
        query: str,
        *,
        run_manager: AsyncCallbackManagerForRetrieverRun,
        **bounds: Any,  # noqa: ANN401
    ) -> list[Document]:
        search = partial(self._get_relevant_documents, run_manager=run_manager.get_sync())
        return await run_in_executor(None, partial(search, **bounds), query)


def _document(passage: FoundPassage) -> Document:
    return Document(
        id=passage_id(passage), page_content=passage.quote, metadata=passage_metadata(passage)
    )
