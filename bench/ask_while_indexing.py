"""How long answers take while the page indexes: `python -m bench.ask_while_indexing`.

Indexes `seeds/`, asks the same questions at rest and during a job that embeds made-up documents,
and prints a table for the docs. Real models, a home of its own that is deleted afterwards.
"""

import argparse
import random
import statistics
import tempfile
import time
from pathlib import Path

from qa.api import Pinpoint
from ui.job import Job

QUESTIONS = [
    "How do I add a folder?",
    "Which files does Pinpoint read?",
    "What happens to a file with a password?",
    "How do I remove a document from the index?",
    "Where did Iran-backed militias attack American troops?",
]
WORDS = [
    "harbour",
    "gate",
    "ferry",
    "lamp",
    "keeper",
    "tide",
    "rope",
    "pier",
    "buoy",
    "captain",
    "storm",
    "morning",
    "market",
    "bridge",
]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=400, help="Made-up documents.")
    parser.add_argument("--rounds", type=int, default=6, help="Times that each question is asked.")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        pinpoint = Pinpoint.open(Path(folder) / "home")
        pinpoint.sync(Path(__file__).parents[1] / "seeds")
        make(Path(folder) / "made", given.documents)
        pinpoint.ask(QUESTIONS[0])
        rest = [seconds(pinpoint, q) for _ in range(given.rounds) for q in QUESTIONS]
        job = Job(Pinpoint(pinpoint.home, pinpoint.settings))
        job.start("add", lambda own, progress: own.sync(Path(folder) / "made", progress=progress))
        while job.state.stage != "embedding chunks":
            time.sleep(0.05)
        during, rate = [], 0.0
        for question in QUESTIONS * given.rounds:
            took = seconds(pinpoint, question)
            if job.state.finished:
                break
            during.append(took)
            rate = job.state.rate or rate
        answered, passages = len(during), job.state.total
        job.cancel()
        job.stop(60)
    print("| | answers | median | longest |")
    print("| --- | --- | --- | --- |")
    print(row("at rest", rest))
    print(row("while documents are embedded", during))
    print(
        f"\n{passages} passages to embed; {rate:.0f} a second while {answered} questions were asked"
    )


def make(folder: Path, documents: int) -> None:
    """Write documents whose sentences are all different."""
    folder.mkdir()
    draw = random.Random(1)
    for number in range(documents):
        sentences = (" ".join(draw.choices(WORDS, k=14)) for _ in range(120))
        text = "".join(f"The {sentence} {n}.\n" for n, sentence in enumerate(sentences))
        (folder / f"{number}.txt").write_text(text)


def seconds(pinpoint: Pinpoint, question: str) -> float:
    """Return how long an answer takes."""
    began = time.perf_counter()
    pinpoint.ask(question)
    return time.perf_counter() - began


def row(name: str, took: list[float]) -> str:
    """Return a row of the table; times in seconds."""
    if not took:
        raise SystemExit("the indexing was over before a question; take more --documents")
    return f"| {name} | {len(took)} | {statistics.median(took):.2f} s | {max(took):.2f} s |"


if __name__ == "__main__":
    main()
