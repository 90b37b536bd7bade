"""Pinpoint at 10 thousand, 100 thousand and a million passages, beside tools of the same vectors.

    python -m venv PEERS && PEERS/bin/pip install lancedb chromadb
    python -m bench.scale --size 10000 --size 100000 --size 1000000 --data FOLDER \
        --peers PEERS/bin/python --plot docs/scale-single.svg

The folder is that of `bench.qa_data`; `bench.scale_data` says how the passages are made. What was
built or measured is kept below `bench/cache/scale-SIZE/` and not done again, so a run that was cut
off goes on; `--again NAME` measures one anew, also after a change of the program. Every figure is
taken in a process of its own, one at a time. Tables of all sizes come at the end.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.qa_data import CACHE
from bench.scale_data import load_real
from bench.scale_measure import ENOUGH, disk_mb
from bench.scale_peers import OPTIONS
from bench.scale_plot import plot
from bench.scale_store import build, update_seconds
from bench.scale_tables import tables

ROOT = Path(__file__).parent.parent
TOOLS = ("faiss-flat", "lancedb", "lancedb-sq", "chroma")
OURS = ("build", "serve", "ask", "update")


def run(python: str, module: str, *arguments: str) -> Any:  # noqa: ANN401
    """Run a module in a process of its own and return the JSON on its last line."""
    command = [python, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def searched(python: str, tool: str, folder: Path) -> list[dict[str, Any]]:
    """Return the figures of a tool's defaults, and of the first options that find enough."""
    rows: list[dict[str, Any]] = []
    for number in range(len(OPTIONS[tool])):
        row = run(python, "bench.scale_peers", tool, "serve", str(folder), str(number))
        rows = [*rows[:1], row]
        if row["recall"] >= ENOUGH:
            break
    return rows


def stages(arguments: argparse.Namespace, size: int, folder: Path) -> dict[str, Callable[[], Any]]:
    """Return what is to be measured at a size, by name, in this order."""

    def built() -> dict[str, float]:
        seconds = build(load_real(arguments.data), size, folder)
        faiss_mb = (folder / "home" / "vectors.faiss").stat().st_size / 1e6
        return seconds | {"home_mb": disk_mb(folder / "home"), "faiss_mb": faiss_mb}

    def peer(tool: str) -> dict[str, Any]:
        python = sys.executable if tool == "faiss-flat" else arguments.peers
        made = run(python, "bench.scale_peers", tool, "build", str(folder))
        return made | {"rows": searched(python, tool, folder)}

    return {
        "build": built,
        "serve": lambda: run(sys.executable, "bench.scale_serve", str(folder)),
        "ask": lambda: run(sys.executable, "bench.scale_serve", str(folder), "ask"),
        **{tool: lambda tool=tool: peer(tool) for tool in arguments.tools},
        "update": lambda: update_seconds(load_real(arguments.data), folder),
    }


def measure(arguments: argparse.Namespace, size: int) -> dict[str, Any]:
    """Return all figures of a size; those that are kept are not measured again."""
    folder = CACHE / f"scale-{size}"
    file = folder / "results.json"
    results = json.loads(file.read_text()) if file.exists() else {}
    for name, stage in stages(arguments, size, folder).items():
        if name in results and name not in arguments.again:
            continue
        started = time.perf_counter()
        results[name] = stage()
        file.write_text(json.dumps(results, indent=1))
        taken = time.perf_counter() - started
        print(f"{size} {name}: {taken:.0f} s", file=sys.stderr, flush=True)
    return results


def main() -> None:
    """Measure what is missing, print the tables and draw the plot."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--size", type=int, action="append", required=True, help="passages")
    parser.add_argument("--data", type=Path, required=True, help="folder of qa-*.jsonl.gz")
    parser.add_argument("--tools", nargs="*", choices=TOOLS, default=TOOLS, help="set beside")
    parser.add_argument("--peers", default=sys.executable, help="a Python that has these tools")
    parser.add_argument("--again", nargs="*", choices=(*OURS, *TOOLS), default=(), help="anew")
    parser.add_argument("--plot", type=Path, help="where to draw the plot, an SVG file")
    arguments = parser.parse_args()
    found = {size: measure(arguments, size) for size in sorted(arguments.size)}
    print(tables(found))
    if arguments.plot:
        arguments.plot.write_text(plot(found))


if __name__ == "__main__":
    main()
