"""The view of the documents: their table, uploads, and jobs on them."""

from typing import Annotated

from fastapi import FastAPI, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel
from starlette.requests import ClientDisconnect

from index.errors import InputError
from qa.api import Pinpoint
from ui import document_table, job_routes, problem
from ui.document_table import Direction, Sort
from ui.job import Job
from ui.multipart import receive
from ui.problem import problems
from ui.uploads import Refused, Uploads, uploads_folder

MOST_FILES = 1000
"""Files in one upload."""


class Uploaded(BaseModel):
    """What became of the files of an upload: paths of those that were kept, and the others."""

    saved: list[str]
    refused: list[Refused]


def add(app: FastAPI, pinpoint: Pinpoint, job: Job) -> None:
    """Add the routes to the application.

    Args:
        app: Gets them.
        pinpoint: Whose documents are shown.
        job: What changes them.
    """
    problem.add(app)
    job_routes.add(app, pinpoint, job)

    @app.get("/page/documents")
    def documents(
        query: str = "",
        sort: Sort = "path",
        direction: Direction = "ascending",
        offset: Annotated[int, Query(ge=0)] = 0,
    ) -> HTMLResponse:
        with problems():
            return HTMLResponse(
                document_table.table(
                    pinpoint, query=query, sort=sort, direction=direction, offset=offset
                )
            )

    @app.get("/page/documents/places")
    def places() -> HTMLResponse:
        with problems():
            return HTMLResponse(document_table.places(pinpoint))

    @app.post("/page/documents/upload", status_code=202)
    async def upload(request: Request, *, replace: bool = False) -> Uploaded:
        with problems():
            job.check_free()
            uploaded = await receive_files(request, pinpoint, replace=replace)
            if uploaded.saved:
                folder = uploads_folder(pinpoint.home)
                job.start("add", lambda own, progress: own.sync(folder, progress=progress))
            return uploaded


async def receive_files(request: Request, pinpoint: Pinpoint, *, replace: bool) -> Uploaded:
    """Take in the files of a request.

    Raises:
        InputError: it holds none that can be taken, or ends too early.
    """
    with Uploads(pinpoint.home, pinpoint.settings.max_file_bytes, replace=replace) as uploads:
        try:
            await receive(
                request.stream(),
                request.headers.get("content-type", ""),
                uploads,
                most_files=MOST_FILES,
            )
        except ClientDisconnect as error:
            raise InputError("the upload ends too early; send it again") from error
    return Uploaded(saved=list(map(str, uploads.saved)), refused=uploads.refused)
