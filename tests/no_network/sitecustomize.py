"""Refuse and note every attempt to reach past this machine, in any Python started with this."""

import os
import sys

_LOCAL = ("127.", "::1", "localhost", "0.0.0.0")


def _watch(event: str, arguments: tuple) -> None:
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        address = arguments[0]
    else:
        return
    host = address[0] if isinstance(address, tuple) else address
    is_unix_socket = event == "socket.connect" and isinstance(address, str | bytes)
    if host and not is_unix_socket and not str(host).startswith(_LOCAL):
        with open(os.environ["NETWORK_LOG"], "a", encoding="utf-8") as log:  # noqa: PTH123
            log.write(f"{event} {host}\n")
        raise OSError(101, f"network denied by the test: {host}")


sys.addaudithook(_watch)
