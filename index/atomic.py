"""Files that are there whole or not at all."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from index.errors import NoSpaceError, PinpointError


@contextmanager
def replacing(path: Path, mode: int = 0o666) -> Iterator[IO[bytes]]:
    """Yield a stream to a new file, which takes the place of the old one when the block ends well.

    Readers see the old content or the new one, after a crash too. The file has its mode, less the
    process's mask, from the first moment.
    """
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        temporary.unlink(missing_ok=True)  # a crash may have left one of another mode
        with open(temporary, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def unwritten(told: str, error: OSError) -> PinpointError:
    """Return what is raised where a file could not be written, with what is told of it."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    return NoSpaceError(told) if full else PinpointError(told)
