"""The interface as an application of its own, which leaves the page's routes undescribed."""

from http import HTTPStatus
from importlib.metadata import version
from typing import Never

from fastapi import APIRouter, Depends, FastAPI, Request
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
from ui.rest import ask, conversations, documents, jobs, proof, state
from ui.rest.described import Described, check_query
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
        dependencies=[Depends(check_query)],
    )
    problem.add(app)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Exception, _on_fault)
    routers: list[tuple[APIRouter, str]] = [
        (ask.routes(asker), V1),
        (documents.routes(pinpoint, job), V1),
        (jobs.routes(pinpoint, job), V1),
        (conversations.routes(pinpoint, asker, kept), V1),
        (proof.routes(pinpoint, asker), V1),
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
        """Pass a request on; where GET is, HEAD is too, whose body the server leaves out."""
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        await self.app({**scope, "method": method}, receive, send)

    def url_path_for(self, name: str, /, **path_params: object) -> Never:
        """Make no address."""
        raise NoMatchFound(name, dict(path_params))


def _name(route: APIRoute) -> str:
    return route.name


async def _on_http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == HTTPStatus.NOT_FOUND:
        return problem.response(404, f"there is nothing at this address; see {API}/")
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = ", ".join(_methods(request, (error.headers or {})["Allow"]))
        detail = f"{request.method} is not taken here; send {allowed}"
        return problem.response(405, detail, {"Allow": allowed})
    return problem.response(error.status_code, error.detail, error.headers)


def _methods(request: Request, first: str) -> list[str]:
    """Return the methods that an address can be asked by; `first` are those of its first route."""
    found = set(first.split(", "))
    for template, methods in request.app.openapi()["paths"].items():
        if compile_path(template)[0].match(request.url.path):
            found |= {method.upper() for method in methods}
    return sorted(found | ({"HEAD"} if "GET" in found else set()))


async def _on_fault(_request: Request, _error: Exception) -> JSONResponse:
    return problem.response(500, problem.FAULT)
