"""Who has logged in, in this process's memory: a restart logs everybody out."""

import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

_MOST = 10_000


@dataclass(slots=True)
class _Session:
    holder: str
    began: float
    seen: float


class Sessions:
    """Sessions that end by themselves, some time after their start or their last use.

    Only the SHA-256 of a session's secret is kept. For one event loop.

    Args:
        longest_seconds: Time after which a session ends in any case.
        idle_seconds: Time without a request after which it ends.
        clock: Seconds that go on while the machine sleeps.
    """

    def __init__(
        self,
        *,
        longest_seconds: float,
        idle_seconds: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._longest_seconds = longest_seconds
        self._idle_seconds = idle_seconds
        self._clock = clock
        self._sessions: OrderedDict[str, _Session] = OrderedDict()

    def begin(self, holder: str) -> str:
        """Return the secret of a new session, which is found again by it.

        Args:
            holder: What `find` is to return.
        """
        secret, now = secrets.token_urlsafe(32), self._clock()
        self._sessions[_key(secret)] = _Session(holder, now, now)
        while len(self._sessions) > _MOST:
            self._sessions.popitem(last=False)
        return secret

    def find(self, secret: str) -> str | None:
        """Return the holder of a session, None if there is none or it has ended."""
        key, now = _key(secret), self._clock()
        session = self._sessions.get(key)
        if session is None:
            return None
        old = now - session.began >= self._longest_seconds
        if old or now - session.seen >= self._idle_seconds:
            del self._sessions[key]
            return None
        session.seen = now
        self._sessions.move_to_end(key)
        return session.holder

    def end(self, secret: str) -> None:
        """End a session; one that is unknown is none."""
        self._sessions.pop(_key(secret), None)


def _key(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
