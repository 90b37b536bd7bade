"""Speed of the embedding model: ONNX Runtime as Pinpoint uses it, beside sentence-transformers.

    python -m bench.embedding --data FOLDER [--passages N] [--rounds N] [--starts N]

Prints a table for docs/embedding.md: passages of 190 word pieces a second, one question, a fresh
process up to its first vector, its memory, and the nearness to sentence-transformers in fp32.
Passages are contexts of the training file, cut. All ways take turns, passages and rounds in the
same order; medians, with the slowest and the fastest round. Last, whole `pinpoint ask` commands
over `seeds/`, each in a fresh process.
"""

import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import onnxruntime

from bench.qa_data import data_argument, read_rows
from index.embed import Embedder, Vectors, load_embedder
from index.model_folder import find_model_folder
from index.onnx_embedder import OnnxEmbedder, cores, open_session
from index.settings import Settings
from qa.api import Pinpoint

PIECES, SEED = 190, 20261125
ROOT = Path(__file__).parents[1]
ASKED = "How long have the militias been attacking US troops?"
RUNTIMES = {"sentence-transformers": "sentence-transformers", "ONNX Runtime": "auto"}
FIRST_VECTOR = r"""
import re, sys
from index.embed import load_embedder
load_embedder(sys.argv[1], runtime=sys.argv[2]).encode_query(sys.argv[3])
print(int(re.search(r"VmHWM:\s+(\d+)", open("/proc/self/status").read())[1]) / 1024)
"""


class OneByOne(OnnxEmbedder):
    """All cores at one text, instead of a text a core."""

    def __init__(self, model: str) -> None:
        super().__init__(find_model_folder(model, None)[0], name=model, threads=1)
        self._session = open_session(self._weights, threads=cores())


def passages(embedder: Embedder, contexts: Sequence[str], count: int) -> list[str]:
    """Return texts of `PIECES` word pieces, the model's own two included."""
    found = []
    for context in random.Random(SEED).sample(contexts, len(contexts)):
        offsets = embedder.token_offsets(context)
        if len(offsets) >= PIECES:
            found.append(context[: offsets[PIECES - 3][1]])
        if len(found) == count:
            return found
    raise SystemExit(f"only {len(found)} contexts are long enough")


def in_turns(
    ways: dict[str, Callable[[], object]], rounds: int, unit: float = 1.0
) -> dict[str, list[float]]:
    """Return the seconds of each way in each round, divided by the unit, after one for warmth."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name, way in ways.items():
            started = time.perf_counter()
            way()
            if number:
                seconds[name].append((time.perf_counter() - started) / unit)
    return seconds


def fresh(arguments: Sequence[str], environment: dict[str, str] | None = None) -> str:
    """Run a Python of its own; return what it prints."""
    run = subprocess.run(
        [sys.executable, *arguments],
        env=os.environ | {"PYTHONPATH": str(ROOT)} | (environment or {}),
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout


def starts(rounds: int) -> tuple[dict[str, list[float]], dict[str, float]]:
    """Return seconds of fresh processes up to the first vector, and the most MiB of each."""
    model, memory = Settings().model, {}

    def start(name: str) -> None:
        memory[name] = float(fresh(["-c", FIRST_VECTOR, model, RUNTIMES[name], ASKED]))

    ways = {name: (lambda name=name: start(name)) for name in RUNTIMES}
    return in_turns(ways, rounds), memory


def commands(rounds: int) -> dict[str, list[float]]:
    """Return seconds of whole `pinpoint ask` commands over `seeds/`."""
    with tempfile.TemporaryDirectory() as home:
        Pinpoint.open(home).sync(ROOT / "seeds")
        code = "from ui.cli import main; main()"
        ways = {
            name: (
                lambda runtime=runtime: fresh(
                    ["-c", code, "ask", ASKED],
                    {"PINPOINT_HOME": home, "PINPOINT_MODEL_RUNTIME": runtime},
                )
            )
            for name, runtime in RUNTIMES.items()
        }
        return in_turns(ways, rounds)


def nearness(found: Vectors, expected: Vectors) -> str:
    """Return the least cosine of two vectors of a text, and the largest difference of a number."""
    cosine = float((found.astype(np.float64) * expected).sum(axis=1).min())
    return f"{cosine:.7f}, {np.abs(found - expected).max():.0e}"


def spread(values: Sequence[float], form: str) -> str:
    """Return the median, and the least and the most in brackets."""
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:{form}} ({low:{form}}–{high:{form}})"


def main() -> None:
    """Measure and print."""
    parser = data_argument((__doc__ or "").splitlines()[0])
    parser.add_argument("--passages", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--starts", type=int, default=5)
    arguments = parser.parse_args()
    rows = read_rows(arguments.data / "qa-train.jsonl.gz")
    contexts = sorted({row["context"] for row in rows})
    questions = random.Random(SEED).sample(sorted({row["question"] for row in rows}), 50)
    embedders: dict[str, Embedder] = {
        name: load_embedder(Settings().model, runtime=runtime)  # type: ignore[arg-type]
        for name, runtime in RUNTIMES.items()
    }
    fast = embedders["ONNX Runtime"]
    if not isinstance(fast, OnnxEmbedder):
        raise SystemExit("ONNX Runtime does not run the model here")
    embedders["ONNX Runtime, all cores at one text"] = OneByOne(Settings().model)
    texts = passages(fast, contexts, arguments.passages)
    vectors = {name: embedder.encode_documents(texts) for name, embedder in embedders.items()}
    many = in_turns(
        {name: (lambda e=e: e.encode_documents(texts)) for name, e in embedders.items()},
        arguments.rounds,
    )
    one = in_turns(
        {
            name: (lambda e=e: [e.encode_query(question) for question in questions])
            for name, e in embedders.items()
        },
        arguments.rounds,
        len(questions) / 1000,
    )
    first, memory = starts(arguments.starts)
    columns = {
        "passages a second": {
            name: spread([len(texts) / seconds for seconds in found], ".1f")
            for name, found in many.items()
        },
        "one question, ms": {name: spread(found, ".1f") for name, found in one.items()},
        "a process up to its first vector, s": {n: spread(s, ".2f") for n, s in first.items()},
        "its memory, MiB": {name: f"{found:.0f}" for name, found in memory.items()},
        "`pinpoint ask`, s": {n: spread(s, ".2f") for n, s in commands(arguments.starts).items()},
        "least cosine, largest difference": {
            name: nearness(found, vectors["sentence-transformers"])
            for name, found in vectors.items()
        },
    }
    print(
        f"{platform.machine()}, {cores()} cores, Python {platform.python_version()}, ONNX Runtime "
        f"{onnxruntime.__version__}; {len(texts)} passages, {arguments.rounds} rounds, "
        f"{arguments.starts} starts\n"
    )
    print(f"| | {' | '.join(columns)} |\n| --- |{' ---: |' * len(columns)}")
    for name in embedders:
        print(f"| {name} | {' | '.join(column.get(name, '') for column in columns.values())} |")


if __name__ == "__main__":
    main()
