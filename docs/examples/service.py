"""A service of your own that answers from documents: FastAPI with Pinpoint inside.

From a clone: `DOCUMENTS=seeds .venv/bin/uvicorn --app-dir docs/examples service:app`, then
`curl "http://127.0.0.1:8000/ask?question=Who+is+Vali+Nasr"`. Everything is described at /docs.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Query, Request
from fastapi.responses import JSONResponse

from index.errors import DocumentMissingError, InputError, PinpointError
from qa import Answer, AsyncPinpoint


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Bring the index up to date at the start, and hold it open until the end."""
    async with AsyncPinpoint.open(os.environ.get("PINPOINT_HOME")) as pinpoint:
        await pinpoint.sync(os.environ.get("DOCUMENTS"))
        app.state.pinpoint = pinpoint
        yield


def opened(request: Request) -> AsyncPinpoint:
    """Return what the lifespan holds open."""
    pinpoint: AsyncPinpoint = request.app.state.pinpoint
    return pinpoint


app = FastAPI(title="Answers from documents", lifespan=lifespan)
Library = Annotated[AsyncPinpoint, Depends(opened)]


@app.exception_handler(PinpointError)
async def on_error(_: Request, error: PinpointError) -> JSONResponse:
    """Say in words what is wrong; the library's messages name the way out."""
    status = {InputError: 400, DocumentMissingError: 404}.get(type(error), 500)
    return JSONResponse({"detail": str(error)}, status)


@app.get("/ask")
async def ask(
    *,
    pinpoint: Library,
    question: str,
    since: str | None = None,
    until: str | None = None,
    folders: Annotated[tuple[str, ...], Query()] = (),
    kinds: Annotated[tuple[str, ...], Query()] = (),
) -> Answer:
    """Answer in exact quotes with their citations."""
    return await pinpoint.ask(question, since=since, until=until, folders=folders, kinds=kinds)


@app.get("/documents/{sha256}")
async def text(pinpoint: Library, sha256: str, start: int, end: int) -> dict[str, Any]:
    """Return characters of a document, to check a citation by."""
    part = await pinpoint.text(sha256, start, end)
    return {"title": part.document.title, "text": part.text}
