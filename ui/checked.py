"""Tokens that were checked, so that Argon2 is not run for each request."""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable

_MOST = 1000
_SECONDS = 600.0


class Checked:
    """Remembers for ten minutes what a token was found to be of, by its SHA-256.

    A token has 256 random bits, so that a fast hash of it gives nothing away.

    Args:
        clock: Seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._holders: OrderedDict[bytes, tuple[str, float]] = OrderedDict()

    def remember(self, token: str, holder: str) -> None:
        """Remember the holder of a token that was found to be right."""
        self._holders[_key(token)] = (holder, self._clock() + _SECONDS)
        while len(self._holders) > _MOST:
            self._holders.popitem(last=False)

    def holder(self, token: str) -> str | None:
        """Return the holder of a token, None if it is unknown or must be checked again."""
        holder, until = self._holders.get(_key(token), ("", 0.0))
        if until > self._clock():
            return holder
        self._holders.pop(_key(token), None)
        return None


def _key(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
