"""Loads the library that talks to Milvus, quietly."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from index.errors import PinpointError

_NO_DOTENV = "PYTHON_DOTENV_DISABLED"


def pymilvus() -> Any:  # noqa: ANN401 - it has no types
    """Return the library; it takes seconds to load, so most of Pinpoint goes without.

    It reads no `.env` file into this process's environment, and logs nothing: what goes wrong is
    raised, once.

    Raises:
        PinpointError: it is not installed.
    """
    with _without_dotenv():
        try:
            import pymilvus as library
        except ImportError as error:
            raise PinpointError(
                "the store is on Milvus, and its library is missing; install it with: pip install "
                "'pinpoint-qa[milvus]'"
            ) from error
    for name in ("pymilvus", "milvus_lite"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    return library


@contextmanager
def _without_dotenv() -> Iterator[None]:
    before = os.environ.get(_NO_DOTENV)
    os.environ[_NO_DOTENV] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_NO_DOTENV]
        else:
            os.environ[_NO_DOTENV] = before
