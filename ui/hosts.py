"""By which names the server may be called, so that no other name can be pointed at it."""

import re
import socket
from collections.abc import Iterable
from http import HTTPStatus
from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.problem import ProblemError

_OWN = ("localhost", "127.0.0.1", "::1")
_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([\w.-]+))(?::\d{1,5})?", re.ASCII | re.IGNORECASE)


def is_loopback(host: str) -> bool:
    """Tell whether no other machine reaches an address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def allowed_names(host: str, more: Iterable[str] = ()) -> frozenset[str]:
    """Return the names by which a server at an address may be called, beside numbers.

    Args:
        host: Address that the server listens on.
        more: Further names.
    """
    if is_loopback(host):
        return frozenset({*_OWN, host.lower(), *map(str.lower, more)})
    names = (host, socket.gethostname(), socket.getfqdn(), *_OWN, *more)
    return frozenset(name.lower() for name in names)


class Hosts:
    """Refuses requests whose `Host` is another name.

    A site elsewhere can point its own name at this machine, and its page would then be of the same
    origin as ours. It cannot do so with a number, so numbers are allowed where `numbers` is set.
    """

    def __init__(self, app: ASGIApp, *, names: frozenset[str], numbers: bool) -> None:
        self._app = app
        self._names = names
        self._numbers = numbers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http" or self._allows(Headers(scope=scope).getlist("host")):
            return await self._app(scope, receive, send)
        problem = ProblemError(
            HTTPStatus.BAD_REQUEST,
            "this server is not called by that name; whoever runs it can allow the name with "
            "pinpoint serve --allowed-host",
        )
        return await problem.response(scope, receive, send)

    def _allows(self, hosts: list[str]) -> bool:
        found = _HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
        if found is None:
            return False
        name = (found[1] or found[2]).lower()
        return name in self._names or (self._numbers and _is_number(name))


def _is_number(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
