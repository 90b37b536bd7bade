"""What lets somebody in: a password that begins a session, a session's cookie, or a token."""

import asyncio
from http import HTTPStatus

from starlette.requests import HTTPConnection
from starlette.types import Scope

from index.settings import Settings
from ui.access import Access, Entry
from ui.checked import Checked
from ui.person import Person, address_of
from ui.problem import ProblemError, try_later
from ui.rate import Rate
from ui.secret import entry_of, hash_of_nobody, matches
from ui.sessions import Sessions

COOKIE = "pinpoint_session"
_HOUR_SECONDS = 3600.0
_FAILURES_AT_ONCE = 5
_FAILURES_A_MINUTE = 6
_HASHED_AT_ONCE = 2  # of 64 MiB each
_MOST_WAITING = 20


class Keys:
    """Finds out who a request is from. For one event loop.

    Args:
        access: Who may come in.
        settings: How long a session lasts.

    Attributes:
        session_seconds: Longest time of a session.
    """

    def __init__(self, access: Access, settings: Settings) -> None:
        self._access = access
        self.session_seconds = settings.session_hours * _HOUR_SECONDS
        self._sessions = Sessions(
            longest_seconds=self.session_seconds,
            idle_seconds=settings.session_idle_hours * _HOUR_SECONDS,
        )
        self._checked = Checked()
        self._failures = Rate(_FAILURES_A_MINUTE, _FAILURES_AT_ONCE)
        self._hashing = asyncio.Semaphore(_HASHED_AT_ONCE)
        self._waiting = 0

    @property
    def demanded(self) -> bool:
        """Whether there is anybody who may come in, so that all others may not."""
        return bool(self._access.entries())

    async def person(self, scope: Scope) -> Person | None:
        """Return who a request is from; None if it has no token, and no session that goes on.

        Raises:
            ProblemError: its token is wrong, or there were too many wrong ones.
            PinpointError: the access file cannot be read.
        """
        connection = HTTPConnection(scope)
        kind, _, token = connection.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            return _person(await self._by_token(token.strip(), address_of(scope)))
        holder = self._sessions.find(connection.cookies.get(COOKIE, ""))
        entry = self._find(hash=holder) if holder else None
        return _person(entry) if entry else None

    async def log_in(self, scope: Scope, name: str, password: str) -> str | None:
        """Return the secret of a new session; None if the name or password is wrong.

        Raises:
            ProblemError: there were too many wrong ones.
            PinpointError: the access file cannot be read.
        """
        entry = self._find(name=name, kind="password")
        # As much work for a name that is unknown, so that nobody learns which ones are known.
        stored = entry.hash if entry else hash_of_nobody()
        right = await self._matches(address_of(scope), stored, password)
        return self._sessions.begin(entry.hash) if entry and right else None

    def log_out(self, scope: Scope) -> None:
        """End the session of a request, if it has one."""
        self._sessions.end(HTTPConnection(scope).cookies.get(COOKIE, ""))

    async def _by_token(self, token: str, address: str) -> Entry:
        if holder := self._checked.holder(token):
            known = self._find(hash=holder)
        else:
            found = self._find(id=entry_of(token), kind="token")
            # A token without an entry is no more work, but a failure like another.
            stored = found.hash if found else None
            known = found if await self._matches(address, stored, token) else None
            if known:
                self._checked.remember(token, known.hash)
        if known is None:
            raise ProblemError(
                HTTPStatus.UNAUTHORIZED,
                "the token is not right, or was taken back; ask for another",
                {"WWW-Authenticate": 'Bearer error="invalid_token"'},
            )
        return known

    async def _matches(self, address: str, stored: str | None, secret: str) -> bool:
        """Tell whether a secret matches, at the cost of one of the address's failures if not."""
        if wait := self._failures.wait_seconds(address):
            raise try_later(
                HTTPStatus.TOO_MANY_REQUESTS, "too many wrong passwords or tokens", wait
            )
        if self._waiting >= _MOST_WAITING:
            self._failures.give_back(address)
            raise try_later(HTTPStatus.SERVICE_UNAVAILABLE, "too many are logging in at once", 1)
        self._waiting += 1
        try:
            async with self._hashing:
                right = stored is not None and await asyncio.to_thread(matches, stored, secret)
        finally:
            self._waiting -= 1
        if right:
            self._failures.give_back(address)
        return right

    def _find(self, **wanted: str | None) -> Entry | None:
        return next(
            (
                entry
                for entry in self._access.entries()
                if all(getattr(entry, field) == value for field, value in wanted.items())
            ),
            None,
        )


def _person(entry: Entry) -> Person:
    return Person(entry.name, entry.role)
