"""What jobs there are to start, and how the one that runs gets on."""

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict

from index.errors import IndexMissingError, InputError, PinpointError
from index.stores import open_store
from qa.api import Pinpoint
from ui import problem
from ui.document_paths import check_removable, delete_uploads, files_of, folder_to_add
from ui.document_table import MOST_LISTED
from ui.job import Job, JobState
from ui.job_words import JobWords, job_words
from ui.person import is_forwarded
from ui.problem import ProblemError, problems
from ui.templating import render

_LOCAL_CLIENTS = {"127.0.0.1", "::1"}
_LOCAL_HOSTS = {"127.0.0.1", "localhost", "::1"}


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Adding(_Body):
    """A folder or file of this machine that is to be followed."""

    path: str


class Removing(_Body):
    """What is to leave the index, and whether uploaded files are to be deleted too."""

    paths: list[str]
    delete_uploads: bool = False


class Indexing(_Body):
    """What is to be looked at, everything if no path is named."""

    paths: list[str] = []
    rebuild: bool = False
    dry_run: bool = False


class JobNow(BaseModel):
    """The job that runs or the last one, in figures and words.

    `empty` says that there is nothing yet that could be asked.
    """

    state: JobState | None
    words: JobWords | None
    empty: bool


def add(app: FastAPI, pinpoint: Pinpoint, job: Job) -> None:
    """Add the routes to the application."""
    problem.add(app)
    empty = False

    @app.get("/page/job")
    def job_now() -> JobNow:
        nonlocal empty
        state = job.state
        # While a job commits, who reads waits; its progress is not to.
        empty = _is_empty(pinpoint) if state is None or state.finished else empty
        words = job_words(state) if state else None
        # Lists are for the result; a poll a second is not to carry them.
        small = state.model_copy(update={"report": None, "plan": None}) if state else None
        return JobNow(state=small, words=words, empty=empty)

    @app.get("/page/job/result")
    def result() -> HTMLResponse:
        return HTMLResponse(render("job_result.html", state=job.state, most=MOST_LISTED))

    @app.post("/page/job/cancel")
    def cancel() -> bool:
        return job.cancel()

    @app.post("/page/documents/add", status_code=202)
    def add_folder(adding: Adding, request: Request) -> JobState:
        check_at_the_machine(request)
        with problems():
            return start_adding(pinpoint, job, adding)

    @app.post("/page/documents/remove", status_code=202)
    def remove(removing: Removing) -> JobState:
        with problems():
            return start_removing(pinpoint, job, removing)

    @app.post("/page/documents/index", status_code=202)
    def index(indexing: Indexing) -> JobState:
        with problems():
            return start_indexing(pinpoint, job, indexing)


def start_adding(pinpoint: Pinpoint, job: Job, adding: Adding) -> JobState:
    """Follow a folder or file, and index it.

    Raises:
        InputError: it cannot be.
        BusyError: a job is running.
    """
    path = folder_to_add(pinpoint.home, adding.path)
    return job.start("add", lambda own, progress: own.sync(path, progress=progress))


def start_removing(pinpoint: Pinpoint, job: Job, removing: Removing) -> JobState:
    """Take documents out of the index.

    Raises:
        InputError: one of the paths is none of the index's.
        BusyError: a job is running.
    """
    check_removable(pinpoint.home, removing.paths)
    return job.start("remove", lambda own, _: _remove(own, removing))


def _remove(own: Pinpoint, removing: Removing) -> int:
    count = own.remove(removing.paths)
    if removing.delete_uploads:
        delete_uploads(own.home, removing.paths)
    return count


def start_indexing(pinpoint: Pinpoint, job: Job, indexing: Indexing) -> JobState:
    """Look at everything that is followed, or at some of it.

    Raises:
        InputError: one of the paths is none of the index's, or a part is to be rebuilt.
        BusyError: a job is running.
    """
    if indexing.paths:
        check_removable(pinpoint.home, indexing.paths)
        if indexing.rebuild:
            raise InputError("a rebuild is of all documents; select none")
    paths, rebuild = files_of(indexing.paths) or None, indexing.rebuild
    if indexing.dry_run:
        return job.start("dry run", lambda own, _: own.plan(paths, rebuild=rebuild))
    return job.start(
        "re-index" if rebuild else "index",
        lambda own, progress: own.sync(paths, rebuild=rebuild, progress=progress),
    )


def _is_empty(pinpoint: Pinpoint) -> bool:
    try:
        with open_store(pinpoint.home) as store:
            return store.state().documents == 0
    except IndexMissingError:
        return True
    except PinpointError:
        return False  # what is wrong is told where it is asked


def check_at_the_machine(request: Request) -> None:
    """Look whether a browser of this machine asks, and for this machine's own name.

    A path reads whatever the person who started Pinpoint may read, which is theirs to say alone.

    Raises:
        ProblemError: somebody else asks.
    """
    client = request.client.host if request.client else ""
    here = client in _LOCAL_CLIENTS and request.url.hostname in _LOCAL_HOSTS
    if not here or is_forwarded(request.scope):
        raise ProblemError(
            403, "Folders can be added only at the machine that Pinpoint runs on; upload files."
        )
