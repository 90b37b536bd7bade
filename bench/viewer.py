"""What the viewer takes for a long text and a long PDF file: opening, reading on, finding.

Each is asked of the routes in this process, without network and browser; the first opening reads
and hashes the whole text, or starts the process that draws pages. Prints a table.

    python -m bench.viewer --pages 2000
"""

import argparse
import io
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from fastapi import FastAPI
from reportlab.pdfgen.canvas import Canvas
from starlette.testclient import TestClient

from bench.update import TimedEmbedder
from index.settings import Settings
from index.sqlite_store import SqliteStore
from qa.api import Pinpoint
from ui import source_routes

SEED, REPEATS = 20261125, 9
PAGE_CHARS = 5000
LINE_CHARS = 90
WORDS = ("the", "harbour", "gate", "opens", "tide", "rope", "keeper", "of", "light", "morning")


def pages(count: int) -> list[list[str]]:
    """Return pages of lines of words."""
    choice = random.Random(SEED)

    def line() -> str:
        words = choice.choices(WORDS, k=LINE_CHARS // 6)
        return f"{' '.join(words)} {choice.randrange(10**6)}."

    lines = PAGE_CHARS // len(line())
    return [[line() for _ in range(lines)] for _ in range(count)]


def pdf(texts: list[list[str]]) -> bytes:
    """Return the pages as a PDF file."""
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=(600, 800), invariant=1)
    for lines in texts:
        canvas.setFont("Helvetica", 8)
        for number, line in enumerate(lines):
            canvas.drawString(40, 760 - 12 * number, line)
        canvas.showPage()
    canvas.save()
    return content.getvalue()


def report(name: str, ask: Callable[[int], int], first: bool) -> None:
    """Print how long something takes; `ask` takes a number and returns the bytes it got."""
    times, size = [], 0
    for number in range(1 if first else REPEATS):
        started = time.perf_counter()
        size = ask(number)
        times.append((time.perf_counter() - started) * 1000)
    middle = sorted(times)[len(times) // 2]
    print(f"| {name} | {middle:.0f} | {max(times):.0f} | {size / 1000:.0f} |")


def measure(client: TestClient, home: Path, suffix: str) -> None:
    """Print the lines of one document."""
    with SqliteStore.open(home) as store:
        (found,) = [d for d in store.documents() if d.path.endswith(suffix)]
        length = len(store.document(found.rowid)[1])
    middle, address = length // 2, f"/source/{found.sha256}"
    query = f"start={middle}&end={middle + 80}"
    pages_count = 0

    def get(path: str) -> int:
        response = client.get(path)
        response.raise_for_status()
        return len(response.content)

    print(f"| **{suffix}, {length:,} characters** | | | |")
    report("first opening", lambda _: get(f"{address}?{query}"), first=True)
    report("opening again", lambda _: get(f"{address}?{query}"), first=False)
    step = length // (REPEATS + 1)
    report("a further part", lambda n: get(f"{address}/text?after={n * step}&{query}"), first=False)
    report("finding rare words", lambda n: get(f"{address}/find?words=gate+{n}99999"), first=False)
    if suffix == ".pdf":
        pages_count = int(
            client.get(f"{address}/page/1?{query}").text.split('data-count="')[1].split('"')[0]
        )
        middle_page = pages_count // 2
        report(
            "first page with rectangles",
            lambda _: get(f"{address}/page/{middle_page}?start={middle - 99}&end={middle}"),
            first=True,
        )
        report(
            "a further page",
            lambda n: get(f"{address}/page/{middle_page + n}?{query}"),
            first=False,
        )
        report(
            "its picture, 800 pixels",
            lambda n: get(f"{address}/page/{middle_page + n}.png?width=800"),
            first=False,
        )
        report(
            "its picture, 1600 pixels",
            lambda n: get(f"{address}/page/{middle_page + n}.png?width=1600"),
            first=False,
        )


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--pages", type=int, default=2000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder, home = Path(made, "documents").resolve(), Path(made, "home")
        folder.mkdir()
        texts = pages(arguments.pages)
        (folder / "long.txt").write_text("\n".join("\n".join(lines) for lines in texts))
        (folder / "long.pdf").write_bytes(pdf(texts))
        pinpoint = Pinpoint(home, Settings(), embedder=TimedEmbedder(0))
        if failed := pinpoint.sync(folder).failed:
            raise SystemExit(str(failed))
        app = FastAPI()
        source_routes.add(app, pinpoint)
        print("| | median, ms | longest, ms | kB |\n|---|---:|---:|---:|")
        with TestClient(app) as client:
            measure(client, home, ".txt")
            measure(client, home, ".pdf")


if __name__ == "__main__":
    main()
