"""How long a change takes from its last write until it is answered from, with a watch running.

One process watches a folder of generated documents; this one writes a file, and asks until the
answer holds what was written. The stand-ins for models take no time worth mentioning, so that the
watch, the sync and the retrieval are measured; the packaged models add what one chunk and one
question take.

    python -m bench.watch --documents 1000
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.update import TimedEmbedder, settle, write_documents
from index.settings import Settings
from index.sync import sync
from index.watch import watch
from qa.api import Pinpoint
from qa.read import Passage, Reading, Span, ordered

CHANGES, LONGEST_SECONDS = 20, 30.0


class WholeReader:
    """Takes every sentence that shares a word with the question for an answer."""

    threshold = 0.5

    def read(self, question: str, passages: Sequence[Passage]) -> Reading:
        """Score sentences by the words of the question that they hold."""
        words = set(question.lower().rstrip("?").split())
        spans = [
            Span(passage, start, end, float(bool(words & set(_words(passage, start, end)))))
            for passage in passages
            for start, end in passage.sentences
        ]
        return Reading(ordered(spans), self.threshold)


def _words(passage: Passage, start: int, end: int) -> list[str]:
    return passage.slice(start, end).lower().rstrip(".").split()


def follow(home: Path) -> None:
    """Watch; runs as the other process."""
    watch(home, [], TimedEmbedder(0), Settings(), lambda event: print(event.at, flush=True))


def measure(home: Path, folder: Path) -> list[float]:
    """Return the seconds of each change."""
    pinpoint = Pinpoint(home, Settings(), embedder=TimedEmbedder(0), reader=WholeReader())
    delays = []
    for number in range(CHANGES):
        time.sleep(0.37 * (number % 5))  # at any moment between two looks
        word = f"marker{number}"
        with (folder / f"note{number % 3}.txt").open("w") as stream:
            stream.write(f"The word of the day is {word}.\n")
        written = time.perf_counter()
        while word not in pinpoint.ask(f"{word}?").text:
            if time.perf_counter() - written > LONGEST_SECONDS:
                sys.exit(f"{word} was not answered from within {LONGEST_SECONDS:.0f} s")
            time.sleep(0.01)
        delays.append(time.perf_counter() - written)
    return delays


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--follow", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.follow:
        follow(arguments.follow)
        return
    with tempfile.TemporaryDirectory() as made:
        folder, home = Path(made, "documents").resolve(), Path(made, "home")
        folder.mkdir()
        write_documents(folder, arguments.documents)
        settle(folder)
        sync(home, [folder], TimedEmbedder(0), Settings())
        command = [sys.executable, "-m", "bench.watch", "--follow", str(home)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            try:
                assert process.stdout is not None
                process.stdout.readline()  # it has synced, and is about to watch
                time.sleep(2)
                delays = sorted(measure(home, folder))
            finally:
                process.terminate()
    median, worst = delays[CHANGES // 2], delays[-1]
    print(f"{arguments.documents} documents, {CHANGES} changes; from last write to answer: "
          f"median {median:.2f} s, worst {worst:.2f} s")  # fmt: skip


if __name__ == "__main__":
    main()
