"""How the server is set up, and that it is not open to everybody."""

from collections.abc import Sequence
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from index.errors import InputError
from index.settings import Settings
from ui.access import Access
from ui.hosts import is_loopback
from ui.protocol import KEEP_ALIVE_SECONDS, Protocol

_MOST_HEADER_BYTES = 32_768


def check_closed(home: Path, host: str) -> None:
    """Look whether an address may be served.

    Raises:
        InputError: other machines reach it, and nobody has a password or token.
    """
    access = Access(home)
    if not access.entries() and not is_loopback(host):
        raise InputError(
            f"other machines reach {host}, and {access.file} names nobody who may come in; name "
            "somebody first: pinpoint access add NAME --role ask"
        )


def config(app: ASGIApp, settings: Settings, forwarded_by: Sequence[str] = ()) -> uvicorn.Config:
    """Return the configuration of the server.

    Args:
        app: What is served.
        settings: How long it is waited for what runs at the end.
        forwarded_by: Addresses of proxies that are believed whom they forward a request for.
    """
    return uvicorn.Config(
        app,
        http=Protocol,
        ws="none",
        log_config=None,  # `logs` writes all
        access_log=False,
        server_header=False,
        proxy_headers=bool(forwarded_by),
        forwarded_allow_ips=list(forwarded_by),
        h11_max_incomplete_event_size=_MOST_HEADER_BYTES,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=settings.shutdown_seconds,
    )
