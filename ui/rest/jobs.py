"""Jobs that change the index."""

from fastapi import APIRouter, Request
from pydantic import BaseModel

from qa.api import Pinpoint
from ui.job import Job, JobState
from ui.job_routes import (
    Adding,
    Indexing,
    check_at_the_machine,
    start_adding,
    start_indexing,
)
from ui.problem import problems
from ui.rest import described
from ui.rest.given import Followed, Synced


class CurrentJob(BaseModel):
    """The job that runs, or the last one; None if there was none since the server began."""

    job: JobState | None


class Cancelling(BaseModel):
    """Whether a job runs that will end soon."""

    cancelling: bool


def routes(pinpoint: Pinpoint, job: Job) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["jobs"])

    @router.post(
        "/sync",
        status_code=202,
        responses=described.problems(400, 404, 409, 413),
        summary="Bring the index up to date",
    )
    def sync(synced: Synced) -> JobState:
        """Look at everything that is followed, or at documents and folders by their paths.

        With `rebuild`, everything is read and embedded again; with `dry_run`, the job only says
        what would change.
        """
        with problems():
            indexing = Indexing(**synced.model_dump())
            return start_indexing(pinpoint, job, indexing)

    @router.post(
        "/folders",
        status_code=202,
        responses=described.problems(400, 403, 409, 413),
        summary="Follow a folder",
    )
    def follow(followed: Followed, request: Request) -> JobState:
        """Index a folder or file of this machine and follow its changes; only from this machine."""
        check_at_the_machine(request)
        with problems():
            return start_adding(pinpoint, job, Adding(path=followed.path))

    @router.get("/jobs/current", responses=described.problems(), summary="See how a job gets on")
    def current_job() -> CurrentJob:
        """Return the job that runs, or how the last one ended."""
        return CurrentJob(job=job.state)

    @router.post("/jobs/current/cancel", responses=described.problems(), summary="Cancel a job")
    def cancel_job() -> Cancelling:
        """Ask the job to end; the index is then as it was before."""
        return Cancelling(cancelling=job.cancel())

    return router
