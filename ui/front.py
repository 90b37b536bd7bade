"""Everything that a request passes before it reaches a route."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from fastapi import FastAPI

from qa.api import Pinpoint
from ui import login_routes
from ui.access import Access
from ui.body_limit import BodyLimit
from ui.closing import Closing
from ui.door import Door
from ui.guard import Guard
from ui.hosts import Hosts, allowed_names, is_loopback
from ui.keys import Keys
from ui.limits import Limits
from ui.request_log import RequestLog


@dataclass(frozen=True)
class Front:
    """How the application faces those who call it.

    Attributes:
        ajar: Whether everybody is let in while nobody is in the access file.
        names: By which it may be called; None for any.
        numbers: Whether it may be called by any number of an address, too.
        closing: Whether it is being ended.
    """

    ajar: bool = True
    names: frozenset[str] | None = None
    numbers: bool = False
    closing: Closing = field(default_factory=Closing)

    @classmethod
    def of(cls, host: str, allowed_hosts: Sequence[str] = ()) -> "Front":
        """Return how a server faces those who reach an address.

        Args:
            host: The address.
            allowed_hosts: Names by which it may be called, besides its own.
        """
        alone = is_loopback(host)
        return cls(ajar=alone, names=allowed_names(host, allowed_hosts), numbers=not alone)


def add(app: FastAPI, pinpoint: Pinpoint, faces: Front) -> None:
    """Put everything before an application, and the routes to log in at."""
    settings = pinpoint.settings
    keys = Keys(Access(pinpoint.home), settings)
    login_routes.add(app, keys)
    # The last that is added is the first that a request meets.
    app.add_middleware(BodyLimit, settings=settings)
    app.add_middleware(Limits, settings=settings, closing=faces.closing)
    app.add_middleware(Door, keys=keys, ajar=faces.ajar)
    if faces.names is not None:
        app.add_middleware(Hosts, names=faces.names, numbers=faces.numbers)
    app.add_middleware(Guard)
    app.add_middleware(RequestLog)
