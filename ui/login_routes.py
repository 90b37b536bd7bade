"""Logging in and out, and who one is."""

import logging
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated

from fastapi import FastAPI, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel

from index.errors import PinpointError
from ui.keys import COOKIE, Keys
from ui.person import Role, person_of
from ui.problem import ProblemError
from ui.templating import render

_log = logging.getLogger(__name__)

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'self'"
    ),
    # Without a referrer, browsers do not say either which site a form was sent from.
    "Referrer-Policy": "same-origin",
}
_OWN_PLACE = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")


class Me(BaseModel):
    """Who the page is for; without a name where nobody is asked for one."""

    name: str
    role: Role


def add(app: FastAPI, keys: Keys) -> None:
    """Add the routes to the application."""

    @app.get("/login")
    def login_page(next: str = "/") -> HTMLResponse:  # noqa: A002 - as it stands in the address
        return _page(next)

    @app.post("/login")
    async def log_in(
        request: Request,
        name: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        next: Annotated[str, Form()] = "/",  # noqa: A002
    ) -> Response:
        try:
            session = await keys.log_in(request.scope, name.strip(), password)
        except ProblemError as problem:
            return _page(next, name, problem.detail, problem.status, problem.headers)
        except PinpointError as error:
            _log.error("nobody can be let in: %s", error)
            return _page(next, name, "Nobody can be let in; the terminal says why.", 503)
        if session is None:
            return _page(next, name, "The name or password is not right.", 401)
        response = RedirectResponse(own_place(next), HTTPStatus.SEE_OTHER, _HEADERS)
        response.set_cookie(
            COOKIE,
            session,
            max_age=int(keys.session_seconds),
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return response

    @app.post("/logout", status_code=204)
    def log_out(request: Request, response: Response) -> None:
        keys.log_out(request.scope)
        response.delete_cookie(COOKIE, httponly=True, samesite="strict")

    @app.get("/page/me")
    def me(request: Request, response: Response) -> Me:
        response.headers["Cache-Control"] = "no-store"
        person = person_of(request.scope)
        return Me(name=person.name, role=person.role) if person else Me(name="", role="ask")


def own_place(asked: str) -> str:
    """Return the place to go on to: a path of this server, whatever was asked for."""
    return asked if _OWN_PLACE.fullmatch(asked) else "/"


def _page(
    next_: str,
    name: str = "",
    told: str = "",
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    html = render("login.html", next=own_place(next_), name=name, told=told)
    return HTMLResponse(html, status, {**_HEADERS, **(headers or {})})
