"""Whether the server is alive and ready, and its figures; at addresses of their own."""

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel

from index.errors import PinpointError
from index.stores import open_store
from qa.api import Pinpoint
from qa.compose import summary
from qa.models import IndexSummary
from ui.asker import Asker
from ui.problem import ProblemError
from ui.rest import described

PLAIN = ("/health", "/ready", "/metrics")
"""The addresses."""


class Health(BaseModel):
    """That the server answers."""

    status: str = "alive"


class Readiness(BaseModel):
    """What could be asked now; the first question loads the models if they are not."""

    status: str = "ready"
    index: IndexSummary
    models_loaded: bool


def routes(pinpoint: Pinpoint, asker: Asker) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["state"])

    @router.get("/health", responses=described.problems(), summary="See whether it is alive")
    async def health() -> Health:
        """Answer at once, whatever state the index is in."""
        return Health()

    @router.get("/ready", responses=described.problems(503), summary="See whether it is ready")
    def ready() -> Readiness:
        """Look whether there is an index that can be read."""
        try:
            with open_store(pinpoint.home) as store:
                index = summary(store.state())
        except PinpointError as error:
            raise ProblemError(503, str(error)) from error
        return Readiness(index=index, models_loaded=pinpoint.models_loaded)

    @router.get(
        "/metrics",
        response_class=PlainTextResponse,
        responses=described.problems(),
        summary="Get figures for Prometheus",
    )
    def metrics() -> PlainTextResponse:
        """Return counters, durations, the line and the index's size; never a question's words."""
        return PlainTextResponse(asker.metrics.text(), media_type=CONTENT_TYPE_LATEST)

    return router
