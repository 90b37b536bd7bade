"""What goes wrong between here and a Milvus server, in words."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from index.errors import StoreError
from index.milvus.driver import pymilvus

_LOAD_SECONDS = 60.0
_NOT_LOADED = 101
_LONGEST_CAUSE = 300
_SECRET = re.compile(r"[^/\s@]*@")


def call(
    client: Any,  # noqa: ANN401 - pymilvus has no types
    address: str,
    name: str,
    collection: str,
    arguments: dict[str, Any],
) -> Any:  # noqa: ANN401
    """Call a method of a client; what goes wrong names the server, the cause and the way out.

    A server that was started again loads its collections in its own time; that is waited for.

    Args:
        client: A `pymilvus.MilvusClient`.
        address: Of the server; what stands before an @ is left out.
        name: Of the method, such as `query`.
        collection: Its name.
        arguments: For the method.

    Raises:
        StoreError: the call failed.
    """
    method = partial(getattr(client, name), collection, **arguments)
    with told(address, f"{name} in {collection}"):
        try:
            return method()
        except Exception as error:
            if getattr(error, "code", None) != _NOT_LOADED:
                raise
        client.load_collection(collection, timeout=_LOAD_SECONDS)
        return method()


@contextmanager
def told(address: str, what: str) -> Iterator[None]:
    """Turn an error of pymilvus or gRPC into one that names the server, the cause, the way out.

    Raises:
        StoreError: what was being done failed.
    """
    pymilvus()
    import grpc
    from pymilvus.exceptions import MilvusException

    try:
        yield
    except MilvusException as error:
        raise _error(address, what, error.message or str(error)) from error
    except grpc.RpcError as error:
        details = getattr(error, "details", None)
        raise _error(address, what, (details() if details else None) or str(error)) from error


def without_secrets(text: str) -> str:
    """Leave out names and passwords that stand before an @ in addresses."""
    return _SECRET.sub("", text)


def _error(address: str, what: str, cause: str) -> StoreError:
    short = " ".join(without_secrets(cause).split())[:_LONGEST_CAUSE]
    return StoreError(
        f"{without_secrets(address)}: {what} failed ({short}); see that the server runs and that "
        "the setting `store` names it, then try again"
    )
