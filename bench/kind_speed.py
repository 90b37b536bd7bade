"""Time whole answers by kind of question, over a collection of some 10,000 passages.

    python -m bench.kind_speed --data FOLDER [--documents 9000]

The collection is distinct contexts of the training file. Single questions are its own; comparisons
ask how the titles of two articles differ, lists which people are named with a title. The models
are loaded before the clock starts.
"""

import random
import sys
import time
from itertools import pairwise

from bench.qa_data import build, data_argument, read_rows
from qa.api import Pinpoint

SEED, ASKED = 20261125, 100


def milliseconds(pinpoint: Pinpoint, questions: list[str]) -> list[float]:
    """Ask every question; return how long each took, ascending."""
    taken = []
    for question in questions:
        started = time.perf_counter()
        pinpoint.ask(question)
        taken.append(1000 * (time.perf_counter() - started))
    return sorted(taken)


def main() -> None:
    """Print a table of medians and 95th percentiles."""
    parser = data_argument(__doc__ or "")
    parser.add_argument("--documents", type=int, default=9000, help="distinct contexts taken")
    arguments = parser.parse_args()
    rows = read_rows(arguments.data / "qa-train.jsonl.gz")
    contexts = sorted({row["context"] for row in rows})
    chosen = set(random.Random(SEED).sample(contexts, min(arguments.documents, len(contexts))))
    pinpoint, questions = build("kind_speed", [row for row in rows if row["context"] in chosen])
    random.Random(SEED).shuffle(questions)
    titles = list(dict.fromkeys(q.title.replace("_", " ") for q in questions if q.title))
    asked = {
        "a question": [question.text for question in questions[:ASKED]],
        "a list": [f"Which people are named with {title}?" for title in titles[:ASKED]],
        "a comparison": [
            f"How does {one} differ from {other}?" for one, other in pairwise(titles[: ASKED + 1])
        ],
    }
    pinpoint.ask("Is this the first question?")
    print(f"{pinpoint.status().index.chunks} passages", file=sys.stderr)
    print("| asked | questions | median ms | 95th percentile ms |")
    print("| --- | --- | --- | --- |")
    for name, texts in asked.items():
        taken = milliseconds(pinpoint, texts)
        print(
            f"| {name} | {len(taken)} | {taken[len(taken) // 2]:.0f} "
            f"| {taken[int(0.95 * len(taken))]:.0f} |"
        )


if __name__ == "__main__":
    main()
