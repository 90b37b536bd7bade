"""A process that embeds batches of texts for another one.

    python -m index.embed_worker

Reads lines of JSON from standard input: an `EmbedSource`, then lists of texts. Answers each on
standard output with a line of JSON: `{}` once the model is loaded, `{"shape": [n, dimension]}`
and that many numbers of four bytes, or `{"error": cause}`. It ends with its input, at once, so
that it never outlives the process that started it.
"""

import json
import os
import queue
import signal
import sys
import threading
from typing import IO, Any

from index.embed import Embedder
from index.embed_source import EmbedSource
from index.errors import PinpointError
from index.tidy import one_line
from index.worker import OUT_OF_MEMORY

_Lines = queue.SimpleQueue[bytes]


def main() -> None:
    """Answer until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the first one ends the rest
    lines: _Lines = queue.SimpleQueue()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    threading.Thread(target=_receive, args=(sys.stdin.buffer, lines), daemon=True).start()
    try:
        _serve(lines, answers)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # an orderly end would need memory too


def _receive(requests: IO[bytes], lines: _Lines) -> None:
    for line in requests:
        lines.put(line)
    os._exit(0)  # even amid a batch, for nobody waits for it any more


def _serve(lines: _Lines, answers: IO[bytes]) -> None:
    embedder: Embedder | None = None
    while True:
        line, vectors = lines.get(), b""
        answer: dict[str, Any]
        try:
            if embedder is None:
                embedder, answer = EmbedSource.model_validate_json(line).load(), {}
            else:
                answer, vectors = encode(embedder, json.loads(line))
        except MemoryError:
            raise
        except Exception as error:  # whatever a library raises ends the whole work
            answer = {"error": cause(error)}
        answers.write(json.dumps(answer).encode() + b"\n" + vectors)
        answers.flush()


def encode(embedder: Embedder, texts: list[str]) -> tuple[dict[str, list[int]], bytes]:
    """Return the shape of the texts' vectors, and their numbers."""
    vectors = embedder.encode_documents(texts)
    return {"shape": list(vectors.shape)}, vectors.astype("<f4").tobytes()


def cause(error: Exception) -> str:
    """Return in one line what went wrong."""
    told = str(error) if isinstance(error, PinpointError) else f"{type(error).__name__}: {error}"
    return one_line(told)


if __name__ == "__main__":
    main()
