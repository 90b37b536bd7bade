"""What programs may send to the functions that Gradio offers by name: plain values, no files.

Gradio takes an object with a `path` for a file, which it copies or fetches before the function is
called: whatever the server may read, to the end, and from any address.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, StrictBool, StrictFloat, StrictInt, StrictStr, ValidationError
from starlette.types import Message, Receive

from ui.problem import ProblemError

Functions = Mapping[str | int, int]
"""How many values a function takes, by its name and by its number."""


class _Call(BaseModel):
    """A call; all else that Gradio would take is dropped."""

    data: list[StrictStr | StrictInt | StrictFloat | StrictBool | None]
    fn_index: StrictInt | None = None
    session_hash: StrictStr | None = None
    trigger_id: StrictInt | None = None


def functions(blocks: Any) -> Functions:  # noqa: ANN401
    """Return what of a page of Gradio's can be called."""
    found = [(key, fn) for key, fn in blocks.fns.items() if fn.fn is not None]
    by_number: dict[str | int, int] = {key: len(fn.inputs) for key, fn in found}
    return by_number | {fn.api_name: len(fn.inputs) for _, fn in found}


async def checked(body: bytes, name: str | None, known: Functions) -> Receive:
    """Return what hands a call on.

    Args:
        body: As it was sent.
        name: Of the function; None where the body has its number.
        known: The functions there are.

    Raises:
        ProblemError: there is no such function, or it takes other values.
    """
    try:
        call = _Call.model_validate_json(body)
    except ValidationError as error:
        detail = "send JSON with data: a list of texts and numbers"
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, detail) from error
    which = call.fn_index if name is None else name
    takes = None if which is None else known.get(which)
    if takes is None:
        raise ProblemError(HTTPStatus.NOT_FOUND, "there is no such function; see /gradio_api/info")
    if len(call.data) != takes:
        detail = f"the function takes {takes} values, and {len(call.data)} were sent"
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, detail)
    whole = call.model_dump_json(exclude_none=True).encode()

    async def receive() -> Message:
        return {"type": "http.request", "body": whole, "more_body": False}

    return receive
