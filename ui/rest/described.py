"""How answers other than the wanted one stand in the description."""

from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field

from ui.problem import MEDIA_TYPE

_MEANT = {
    400: "The request is well-formed, but cannot be done as it stands.",
    403: "Only for the machine that Pinpoint runs on.",
    404: "There is no index yet, or not what is asked for.",
    409: "A job is changing the index already, or another process is.",
    413: "The request is larger than is taken.",
    422: "The request is not as this description says.",
    500: "Something went wrong.",
    503: "Not now; try again later.",
}


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
        for status in sorted({*statuses, 422, 500})
    }


class Described(FastAPI):
    """An application whose description has the model of a problem."""

    def openapi(self) -> dict[str, Any]:
        """Return the description."""
        if self.openapi_schema is None:
            schemas = super().openapi().setdefault("components", {}).setdefault("schemas", {})
            schemas["Problem"] = Problem.model_json_schema()
        return super().openapi()
