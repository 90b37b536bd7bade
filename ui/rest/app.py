"""The interface as an application of its own, which leaves the page's routes undescribed."""

from http import HTTPStatus
from importlib.metadata import version
from typing import Never

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, NoMatchFound, compile_path
from starlette.types import Receive, Scope, Send

from qa.api import Pinpoint
from qa.conversations import Conversations
from ui import problem
from ui.asker import Asker
from ui.job import Job
from ui.rest import ask, conversations, documents, jobs, state
from ui.rest.described import Described
from ui.templating import render

API = "/api"
V1 = f"{API}/v1"
_ABOUT = (
    "Answers from a collection of documents, in their own words. A citation is a document's "
    "SHA-256 and a half-open span of characters in its whole text, which the interface returns "
    "too: `text[start:end] == quote`."
)


def add(app: FastAPI, pinpoint: Pinpoint, asker: Asker, job: Job, kept: Conversations) -> None:
    """Add the interface to the server's application.

    Args:
        app: Gets it, below `/api`, and health, readiness and metrics beside it.
        pinpoint: Whose documents are asked and listed.
        asker: Asks, in turn with all others.
        job: Changes the index.
        kept: The conversations.
    """
    app.router.routes.append(Addresses(build(pinpoint, asker, job, kept)))


def build(pinpoint: Pinpoint, asker: Asker, job: Job, kept: Conversations) -> FastAPI:
    """Return the interface; see `add`."""
    app = Described(
        title="Pinpoint",
        version=version("pinpoint-qa"),
        description=_ABOUT,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        openapi_url=f"{API}/openapi.json",
        docs_url=None,  # FastAPI's own pages load scripts from elsewhere
        redoc_url=None,
        generate_unique_id_function=_name,
    )
    problem.add(app)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Exception, _on_fault)
    routers: list[tuple[APIRouter, str]] = [
        (ask.routes(asker), V1),
        (documents.routes(pinpoint, job), V1),
        (jobs.routes(pinpoint, job), V1),
        (conversations.routes(pinpoint, asker, kept), V1),
        (state.routes(pinpoint, asker), ""),
    ]
    for router, prefix in routers:
        app.include_router(router, prefix=prefix)

    @app.get(f"{API}/", include_in_schema=False)
    def overview() -> HTMLResponse:
        return HTMLResponse(render("rest.html", description=app.openapi()))

    return app


class Addresses(BaseRoute):
    """Passes the interface's addresses on as they are; a mount would cut them."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Take every address of the interface."""
        ours = scope["type"] == "http" and (
            scope["path"].startswith(f"{API}/") or scope["path"] in state.PLAIN
        )
        return (Match.FULL if ours else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        await self.app(scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: object) -> Never:
        """Make no address."""
        raise NoMatchFound(name, dict(path_params))


def _name(route: APIRoute) -> str:
    return route.name


async def _on_http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:  # by the first route with this address
        headers["Allow"] = ", ".join(_methods(request))
    return problem.response(error.status_code, error.detail, headers)


def _methods(request: Request) -> list[str]:
    """Return the methods that an address can be asked by."""
    described = request.app.openapi()["paths"].items()
    path = request.url.path
    return sorted(
        method.upper()
        for template, methods in described
        if compile_path(template)[0].match(path)
        for method in methods
    )


async def _on_fault(_request: Request, _error: Exception) -> JSONResponse:
    return problem.response(500, problem.FAULT)
