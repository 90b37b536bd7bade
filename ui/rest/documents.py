"""Documents: the list, one with its text and places, adding and removing."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from index.errors import InputError
from qa.api import Pinpoint
from qa.listing import MOST_ROWS
from qa.models import CitedDocument, DocumentPage, DocumentText, Place
from qa.place import MOST_CHARS
from ui.document_routes import Uploaded, receive_files
from ui.document_table import Direction, Sort
from ui.job import Job, JobState
from ui.job_routes import Removing, start_removing
from ui.problem import problems
from ui.rest import described
from ui.rest.given import Kind, Path
from ui.uploads import uploads_folder

_PART_CHARS = 100_000
_FAR = 1_000_000_000

Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
"""Of a document's whole text, as citations have it."""


class _Query(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Listed(_Query):
    """Which part of the table."""

    query: str = Field("", max_length=1000, description="Only those with it in path or title.")
    sort: Sort = "path"
    direction: Direction = "ascending"
    offset: int = Field(0, ge=0, le=_FAR)
    limit: int = Field(50, ge=1, le=MOST_ROWS)
    folders: list[Path] = Field([], max_length=100)
    kinds: list[Kind] = Field([], max_length=100)


class Run(_Query):
    """Characters of the text, half-open."""

    start: int = Field(ge=0, le=_FAR)
    end: int = Field(ge=1, le=_FAR)


class Part(_Query):
    """Characters of the text, half-open; without an end, a part of the text from the start on."""

    start: int = Field(0, ge=0, le=_FAR)
    end: int | None = Field(None, ge=1, le=_FAR)


class Removed(_Query):
    """Which documents leave."""

    path: list[Path] = Field(min_length=1, max_length=1000)
    delete_uploads: bool = Field(False, description="Delete uploaded files too.")


class DocumentDetails(CitedDocument):
    """A document, and how many characters its whole text has."""

    length: int


class UploadStarted(Uploaded):
    """What became of uploaded files, and the job that indexes them if any was kept."""

    job: JobState | None


_UPLOAD: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "files": {
                            "type": "array",
                            "items": {"type": "string", "format": "binary"},
                            "minItems": 1,
                        }
                    },
                    "required": ["files"],
                }
            }
        },
    }
}


def routes(pinpoint: Pinpoint, job: Job) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/documents", tags=["documents"])
    _reading(router, pinpoint)
    _changing(router, pinpoint, job)
    return router


def _reading(router: APIRouter, pinpoint: Pinpoint) -> None:
    @router.get("", responses=described.problems(400, 404), summary="List documents")
    def list_documents(listed: Annotated[Listed, Query()]) -> DocumentPage:
        """Return a part of the table of documents and of files that could not be indexed."""
        with problems():
            return pinpoint.documents(
                listed.query,
                listed.sort,
                descending=listed.direction == "descending",
                offset=listed.offset,
                limit=listed.limit,
                folders=listed.folders,
                kinds=listed.kinds,
            )

    @router.get("/{sha256}", responses=described.problems(404), summary="Get a document")
    def get_document(sha256: Sha256) -> DocumentDetails:
        """Return what is known of a document."""
        with problems():
            document, text = pinpoint.document(sha256)
        return DocumentDetails(**document.model_dump(), length=len(text))

    @router.get(
        "/{sha256}/text", responses=described.problems(400, 404), summary="Get a document's text"
    )
    def get_text(sha256: Sha256, part: Annotated[Part, Query()]) -> DocumentText:
        """Return characters of the extracted text, in which all offsets count."""
        with problems():
            limit = MOST_CHARS if part.end is not None else _PART_CHARS
            return pinpoint.text(sha256, part.start, part.end, limit=limit)

    @router.get("/{sha256}/place", responses=described.problems(400, 404), summary="Find a place")
    def get_place(sha256: Sha256, run: Annotated[Run, Query()]) -> Place:
        """Return where characters stand in the original: page, row, headings, rectangles."""
        with problems():
            return pinpoint.place(sha256, run.start, run.end)


def _changing(router: APIRouter, pinpoint: Pinpoint, job: Job) -> None:
    @router.post(
        "",
        status_code=202,
        responses=described.problems(400, 409, 413),
        openapi_extra=_UPLOAD,
        summary="Upload documents",
    )
    async def upload_documents(
        request: Request, *, replace: Annotated[bool, Query()] = False
    ) -> UploadStarted:
        """Keep files in the home and index them; with `replace`, in place of those of their names.

        The job is done when `/api/v1/jobs/current` says so.
        """
        with problems():
            job.check_free()
            uploaded = await receive_files(request, pinpoint, replace=replace)
            if not uploaded.saved and not uploaded.refused:
                raise InputError("the request holds no file; send files as multipart/form-data")
            state = None
            if uploaded.saved:
                folder = uploads_folder(pinpoint.home)
                state = job.start("add", lambda own, told: own.sync(folder, progress=told))
        return UploadStarted(saved=uploaded.saved, refused=uploaded.refused, job=state)

    @router.delete(
        "",
        status_code=202,
        responses=described.problems(400, 404, 409),
        summary="Remove documents",
    )
    def remove_documents(removed: Annotated[Removed, Query()]) -> JobState:
        """Take documents or followed folders out of the index, by their paths."""
        with problems():
            removing = Removing(paths=removed.path, delete_uploads=removed.delete_uploads)
            return start_removing(pinpoint, job, removing)
