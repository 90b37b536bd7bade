"""What goes wrong between here and a Milvus server, in words."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from index.errors import StoreError

_LONGEST_CAUSE = 300
_SECRET = re.compile(r"[^/\s@]*@")


@contextmanager
def told(address: str, what: str) -> Iterator[None]:
    """Turn an error of pymilvus or gRPC into one that names the server, the cause, the way out.

    Args:
        address: Of the server; what stands before an @ is left out.
        what: Was being done, such as `query in pinpoint_ledger`.

    Raises:
        StoreError: the call failed.
    """
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
