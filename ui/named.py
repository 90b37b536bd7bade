"""What Gradio's client can call by name: `/ask` and `/search`, which return JSON as a text.

As objects, Gradio would take documents for files to download, because they have a `path`.
Bounds and everything else are to be had over HTTP; see `ui.rest`.
"""

import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from index.errors import PinpointError
from ui.asker import Asker
from ui.problem import FAULT
from ui.rest.given import Question, Searched

_log = logging.getLogger(__name__)
Given = TypeVar("Given", bound=BaseModel)


def named(asker: Asker) -> dict[str, Callable[..., Coroutine[Any, Any, str]]]:
    """Return the functions by their names; what they cannot do is told as `gradio.Error`."""
    import gradio as gr

    async def in_turn(work: Callable[[], BaseModel]) -> str:
        try:
            return (await asker.in_turn(work)).model_dump_json()
        except PinpointError as error:
            raise gr.Error(str(error), print_exception=False) from error
        except Exception as error:  # Gradio would print its message
            _log.exception("a question could not be answered")
            raise gr.Error(FAULT, print_exception=False) from error

    def checked(model: type[Given], **given: object) -> Given:
        try:
            return model.model_validate(given)
        except ValidationError as error:
            words = [f"{fault['loc'][0]}: {fault['msg']}" for fault in error.errors()]
            raise gr.Error("; ".join(words), print_exception=False) from error

    async def ask(question: str) -> str:
        """Answer a question in the documents' own words, as JSON."""
        asked = checked(Question, question=question)
        return await in_turn(lambda: asker.ask(asked.question))

    async def search(question: str, limit: int = 10) -> str:
        """Return the passages that come closest to a question, as JSON."""
        searched = checked(Searched, question=question, limit=limit)
        return await in_turn(lambda: asker.search(searched.question, limit=searched.limit))

    return {"ask": ask, "search": search}
