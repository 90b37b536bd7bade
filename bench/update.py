"""What bringing an index up to date costs, as a share of building it: no change, edits, moves.

The collection is generated text, or what --data names. The embedder is a stand-in that takes a
stated time a passage, so that the share does not depend on what else the machine does; --model
takes the packaged model instead, on as many documents as --documents says.

    python -m bench.update --documents 10000
"""

import argparse
import random
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import numpy as np

from index.embed import Embedder, ModelInfo, Vectors, load_embedder
from index.files import file_stat
from index.settings import Settings
from index.sync import sync

SEED, WORDS, DIMENSION = 20261125, 4000, 384
REPEATS = 5


class TimedEmbedder:
    """Takes a fixed time a passage, for vectors that depend on nothing but the text."""

    fingerprint = "bench"
    max_tokens = 256
    special_tokens = 2

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def info(self) -> ModelInfo:
        """Describe it."""
        return ModelInfo(
            name="bench", revision=None, fingerprint=self.fingerprint, dimension=DIMENSION,
            pooling="none", prompts={}, max_tokens=self.max_tokens,
        )  # fmt: skip

    def token_offsets(self, text: str) -> list[tuple[int, int]]:
        """Return the words' spans."""
        found, at = [], 0
        for word in text.split():
            start = text.index(word, at)
            at = start + len(word)
            found.append((start, at))
        return found

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Embed passages, in the stated time."""
        time.sleep(self._seconds * len(texts))
        return np.stack([self.encode_query(text) for text in texts])

    def encode_query(self, text: str) -> Vectors:
        """Embed one text."""
        seed = int.from_bytes(sha256(text.encode()).digest()[:8], "big")
        vector = np.random.default_rng(seed).standard_normal(DIMENSION, dtype=np.float32)
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def write_documents(folder: Path, count: int) -> None:
    """Write generated texts of a few paragraphs, a hundred in a folder."""
    chance = random.Random(SEED)
    words = ["".join(chance.choices("abcdefghiklmnoprstu", k=chance.randint(3, 9)))
             for _ in range(WORDS)]  # fmt: skip
    for number in range(count):
        place = folder / f"{number // 100:03}"
        place.mkdir(exist_ok=True)
        paragraphs = []
        for _ in range(chance.randint(1, 4)):
            sentences = [
                " ".join(chance.choices(words, k=chance.randint(6, 18))).capitalize() + "."
                for _ in range(chance.randint(2, 6))
            ]
            paragraphs.append(" ".join(sentences))
        text = f"{words[number % WORDS].title()} {number}\n\n" + "\n\n".join(paragraphs)
        (place / f"{number:05}.txt").write_text(text)


def steps(folder: Path) -> dict[str, Callable[[int], list[Path] | None]]:
    """Return the changes by name; each takes a number, and may return where to look."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())

    def edit(number: int) -> Path:
        path = files[(number * 997 + 1) % len(files)]
        path.write_text(path.read_text(errors="ignore") + f"\n\nAn added line {number}.\n")
        return path

    def rename(number: int) -> None:
        path = files[-2 * number - 2]
        path.rename(path.with_name(f"renamed-{number}{path.suffix}"))

    def rename_folder(number: int) -> None:
        found = sorted(path for path in folder.iterdir() if path.is_dir())[: REPEATS + 1]
        found[number % len(found)].rename(folder / f"moved-{number}")

    return {
        "no change": lambda _: None,
        "one edit": lambda number: edit(number) and None,
        "one edit, named": lambda number: [edit(number + 100)],
        "one new file": lambda n: (folder / f"new{n}.txt").write_text(f"A new file {n}.") and None,
        "one file less": lambda number: files[-2 * number - 1].unlink(),
        "one renamed": rename,
        "one folder of 100 renamed": rename_folder,
    }


def written_bytes() -> int | None:
    """Return how many bytes this process has handed to the system to write, on Linux."""
    try:
        told = Path("/proc/self/io").read_text(encoding="ascii")
    except OSError:
        return None
    return int(dict(line.split(": ") for line in told.splitlines())["wchar"])


def settle(folder: Path) -> None:
    """Wait until size and times prove that a file is unchanged."""
    last = max((p for p in folder.rglob("*") if p.is_file()), key=lambda p: p.stat().st_ctime_ns)
    while file_stat(last) is None:
        time.sleep(0.1)


def measure(home: Path, folder: Path, embedder: Embedder, settings: Settings) -> None:
    """Build, change, and print a table."""
    started = time.perf_counter()
    report = sync(home, [folder], embedder, settings)
    full = time.perf_counter() - started
    with closing(sqlite3.connect(home / "pinpoint.db")) as db:
        (chunks,) = db.execute("SELECT count(*) FROM chunks").fetchone()
    size = (home / "pinpoint.db").stat().st_size
    print(f"full build: {report.added} documents, {chunks} passages, {full:.1f} s, "
          f"{size / 1e6:.0f} MB\n")  # fmt: skip
    print("| change | median s | worst s | share of a full build | written |")
    print("| --- | ---: | ---: | ---: | ---: |")
    settle(folder)
    sync(home, None, embedder, settings)  # notes the times of files that had just been written
    for name, change in steps(folder).items():
        times, written = [], []
        for number in range(REPEATS):
            where = change(number)
            before, started = written_bytes(), time.perf_counter()
            sync(home, where, embedder, settings, within=where is not None)
            times.append(time.perf_counter() - started)
            written.append((written_bytes() or 0) - (before or 0))
        median = sorted(times)[REPEATS // 2]
        print(f"| {name} | {median:.3f} | {max(times):.3f} | {median / full:.2%} | "
              f"{sorted(written)[REPEATS // 2] / 1e6:.2f} MB |")  # fmt: skip


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--data", type=Path, help="a folder of documents instead of generated text")
    parser.add_argument("--model", action="store_true", help="the packaged model, not a stand-in")
    parser.add_argument(
        "--milliseconds", type=float, default=1.0, help="of the stand-in, a passage"
    )
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder, home = Path(made, "documents").resolve(), Path(made, "home")
        if arguments.data:
            shutil.copytree(arguments.data, folder)
        else:
            folder.mkdir()
            write_documents(folder, arguments.documents)
        settings = Settings()
        embedder: Embedder = TimedEmbedder(arguments.milliseconds / 1000)
        told = f"a stand-in that takes {arguments.milliseconds:g} ms a passage"
        if arguments.model:
            embedder, told = load_embedder(settings.model), settings.model
        print(f"embedder: {told}; median of {REPEATS} changes each\n")
        measure(home, folder, embedder, settings)


if __name__ == "__main__":
    main()
