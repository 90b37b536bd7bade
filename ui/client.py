"""Who asks: a random name kept in a cookie, so that two browsers never see each other's work."""

import hashlib
import re
import secrets

from fastapi import Request, Response

from ui.person import person_of

COOKIE = "pinpoint_client"
_YEAR_SECONDS = 365 * 24 * 3600
_TOKEN = re.compile(r"[\w-]{43}", re.ASCII)


def client(request: Request, response: Response) -> str:
    """Return the name under which somebody's conversations are kept.

    A person who was let in has the same in every browser. Where nobody is asked who they are, it
    is the browser's, and new ones get a cookie. What is stored is the cookie's SHA-256, so that
    reading the database does not give a way in. For FastAPI's `Depends`.
    """
    person = person_of(request.scope)
    if person is not None and person.name:
        return _sha256(f"person {person.name}")  # no cookie has a space
    token = request.cookies.get(COOKIE, "")
    if not _TOKEN.fullmatch(token):
        token = secrets.token_urlsafe(32)
    secure = request.url.scheme == "https"
    # Every time, so that it ends a year after the last visit and not after the first.
    response.set_cookie(
        COOKIE, token, max_age=_YEAR_SECONDS, httponly=True, samesite="strict", secure=secure
    )
    return _sha256(token)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
