"""The process that takes texts out of files, so that a parser's crash costs one file only.

    python -m index.worker MEMORY_MB

Reads requests from standard input and answers on standard output. A request is a line of JSON
with `path`, `size` and `options`, then that many bytes; the answer is a line of JSON.
"""

import base64
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from index.document import Block, Extracted, LoadOptions, Location
from index.errors import LoadError
from index.tidy import one_line

OUT_OF_MEMORY = 70
"""Exit status of a worker that has no memory left even to answer."""
NEEDS_MEMORY = "needs too much memory; raise extract_memory_mb, or leave it out"


def main() -> None:
    """Answer requests until standard input ends."""
    limit_memory(int(sys.argv[1]))
    try:
        _serve()
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # an orderly end would need memory too


def _serve() -> None:
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a parser prints is no answer
    while line := requests.readline():
        request = json.loads(line)
        content = requests.read(request["size"])
        answer = reply(Path(request["path"]), content, options_from(request["options"]))
        answers.write(answer)
        answers.write(b"\n")
        answers.flush()


def limit_memory(memory_mb: int) -> None:
    """Let allocations beyond so many MiB fail, where the system can do that."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20))


def options_from(values: dict[str, Any]) -> LoadOptions:
    """Return the options that `asdict` made these values of, back from JSON."""
    return LoadOptions(**values | {"json_fields": tuple(values["json_fields"])})


def reply(path: Path, content: bytes, options: LoadOptions) -> bytes:
    """Return the document or the cause why there is none, as JSON."""
    from index.load import load  # not above: the reader of the answers needs no loader

    try:
        with one_cause():
            return json.dumps({"document": to_json(load(path, content, options))}).encode()
    except LoadError as error:
        return json.dumps({"error": str(error)}).encode()


@contextmanager
def one_cause() -> Iterator[None]:
    """Turn whatever is raised inside the `with` block into a LoadError of one line."""
    try:
        yield
    except LoadError as error:
        raise LoadError(one_line(str(error))) from error
    except MemoryError as error:
        raise LoadError(NEEDS_MEMORY) from error
    except RecursionError as error:
        raise LoadError("nested too deeply; simplify it, or leave it out") from error
    except Exception as error:  # whatever a parser raises concerns this file only
        cause = one_line(f"{type(error).__name__}: {error}")
        raise LoadError(f"cannot be read ({cause}); is it damaged?") from error


def to_json(document: Extracted) -> dict[str, Any]:
    """Return a document in types that JSON has."""
    layout = document.layout
    kept = None if layout is None else base64.b64encode(layout).decode()
    return asdict(document) | {"layout": kept}


def from_json(values: dict[str, Any]) -> Extracted:
    """Return the document that `to_json` was given."""
    layout = values["layout"]
    return Extracted(
        **values
        | {
            "blocks": tuple(
                Block(**block | {"heading": tuple(block["heading"])}) for block in values["blocks"]
            ),
            "locations": tuple(Location(**place) for place in values["locations"]),
            "warnings": tuple(values["warnings"]),
            "layout": None if layout is None else base64.b64decode(layout),
        }
    )


if __name__ == "__main__":
    main()
