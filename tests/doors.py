"""What tests of the door share: people, their secrets, and an application behind a front."""

from fastapi import FastAPI, Request

from ui import front
from ui.access import Access
from ui.person import person_of
from ui.secret import new_id, new_token

PASSWORD = "four words of no meaning"


def with_token(home, name, role):
    """Let somebody in with a token, and return it."""
    made = new_id()
    token = new_token(made)
    Access(home).add(name, role, "token", token, id=made)
    return token


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def fronted(pinpoint, faces=None, add=lambda _: None):
    """Return an application that says at all addresses who a request is from.

    `add` gives it routes that come before.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    front.add(app, pinpoint, faces or front.Front())
    add(app)

    @app.api_route("/{path:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    def who(request: Request) -> list[str]:
        person = person_of(request.scope)
        return [person.name, person.role] if person else ["nobody", ""]

    return app
