"""How answers other than the wanted one stand in the description."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field

from ui.problem import MEDIA_TYPE

_MEANT = {
    400: "The request is well-formed, but cannot be done as it stands.",
    401: "Nobody who may come in: log in, or send a token.",
    403: "Not for this role, for a page of another site, or not from another machine.",
    404: "There is no index yet, or not what is asked for.",
    408: "The request did not come whole in time.",
    409: "A job is changing the index already.",
    413: "The request is larger than is taken.",
    422: "The request is not as this description says.",
    429: "Too much at once; try again later.",
    500: "Something went wrong.",
    503: "Not now; try again later.",
    507: "The disk is full, and what was sent could not be kept.",
}
_ALWAYS = (401, 403, 408, 422, 429, 500, 507)


class Problem(BaseModel):
    """What is wrong, as RFC 9457 has it; `detail` says it in words, with the way out."""

    model_config = ConfigDict(extra="forbid")

    title: str
    status: int = Field(ge=400, le=599)
    detail: str


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return these answers, with those that are always possible, for a route's `responses`."""
    reference = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {
            "description": _MEANT[status],
            "content": {MEDIA_TYPE: {"schema": reference}},
        }
        for status in sorted({*statuses, *_ALWAYS})
    }


async def check_query(request: Request) -> None:
    """Refuse a request with a parameter in its address that the description does not name.

    In the event loop, for threads that make the description at the same time break each other.
    """
    operations = (
        about for ways in request.app.openapi()["paths"].values() for about in ways.values()
    )
    named = {
        parameter["name"]
        for about in operations
        if about["operationId"] == request.scope["route"].name
        for parameter in about.get("parameters", ())
        if parameter["in"] == "query"
    }
    unknown = sorted(request.query_params.keys() - named)
    if unknown:
        extra = {"type": "extra_forbidden", "msg": "Extra inputs are not permitted"}
        raise RequestValidationError([extra | {"loc": ("query", name)} for name in unknown])


class Described(FastAPI):
    """An application whose description has the model of a problem."""

    def openapi(self) -> dict[str, Any]:
        """Return the description."""
        if self.openapi_schema is None:
            schemas = super().openapi().setdefault("components", {}).setdefault("schemas", {})
            schemas["Problem"] = Problem.model_json_schema()
        return super().openapi()
