"""What parsers raise on broken files, as the one error that the library promises."""

from collections.abc import Iterator
from contextlib import contextmanager

from index.errors import LoadError

_MAX_CAUSE_CHARS = 120


@contextmanager
def reading(kind: str) -> Iterator[None]:
    """Turn whatever is raised inside the `with` block into a LoadError.

    Parsers meet broken files in many ways: a missing part is a KeyError, a wrong number a
    ValueError, deep nesting a RecursionError.

    Args:
        kind: What the file claims to be, such as `DOCX`.

    Raises:
        LoadError: the block raised anything; a LoadError or MemoryError passes as it is.
    """
    try:
        yield
    except (LoadError, MemoryError):  # too little memory is no damage
        raise
    except Exception as error:
        cause = " ".join(f"{type(error).__name__}: {error}".split())[:_MAX_CAUSE_CHARS]
        raise LoadError(
            f"damaged {kind} file ({cause}); "
            "open it in the program that made it and save it again, or leave it out"
        ) from error
