"""What a calibration is worth: made on half of the questions, measured on the other half.

    python -m bench.calibration --data FOLDER [--rows 300] [--splits 20]

The contexts of some rows of the development file are the collection. Its contexts are parted at
random; the questions of one half calibrate, with the shipped questions about other matters, and
those of the other half are the test, with questions of rows whose contexts are not there. A quarter
of both are questions that the documents do not answer. Every question is asked once. In the end all
questions calibrate, and the report is that of `pinpoint calibrate`.
"""

import json
import random
import sys
from collections.abc import Callable, Sequence
from statistics import mean

import numpy as np

from bench.qa_data import build, data_argument, read_rows
from index.filter import Filter
from index.sqlite_store import SqliteStore
from index.store import Store
from qa.calibration.asking import Asked, asked
from qa.calibration.curves import Bools, Floats, reliability
from qa.calibration.judge import Known
from qa.calibration.labels import Labelled
from qa.calibration.models import Calibration, Stamp
from qa.calibration.negatives import Ask, foreign
from qa.calibration.run import Wanted, concluded
from qa.evaluation.gold import find_gold
from qa.evaluation.questions import read_questions
from qa.inquiry import Inquiry
from qa.models import Answer
from qa.span_reader import default_confidence
from ui.show_calibration import report

SEED = 20261128
RISKS = (0.05, 0.1, 0.2)
UNANSWERABLE = 0.25
STAMP = Stamp(reader="bench", confidence="bench", embedder="bench", version=1)


def remembered(ask: Ask) -> Ask:
    """Return what asks the same question of the same documents only once."""
    known: dict[tuple[str, Filter], Answer] = {}

    def once(question: str, within: Filter) -> Answer:
        if (question, within) not in known:
            known[question, within] = ask(question, within)
            if not len(known) % 50:
                print(f"{len(known)} questions asked", file=sys.stderr)
        return known[question, within]

    return once


def known(store: Store, rows: Sequence[dict]) -> list[tuple[str, Labelled]]:
    """Return the rows as labelled questions, each with its context."""
    questions = read_questions(None, "\n".join(map(json.dumps, rows)).encode()).questions
    golds = find_gold(store, questions, "rows")
    return [
        (row["context"], Labelled(each.question, "file", Known(each.answers, gold)))
        for row, each, gold in zip(rows, questions, golds, strict=True)
    ]


def halves(
    questions: Sequence[tuple[str, Labelled]], seed: int
) -> tuple[list[Labelled], list[Labelled]]:
    """Return the questions in two parts, those of one context in one of them."""
    contexts = sorted({context for context, _ in questions})
    random.Random(seed).shuffle(contexts)
    first = set(contexts[: len(contexts) // 2])
    parts: tuple[list[Labelled], list[Labelled]] = [], []
    for context, labelled in questions:
        parts[context not in first].append(labelled)
    return parts


def scored(found: Sequence[Asked]) -> tuple[Floats, Bools]:
    """Return raw confidence and rightness of what has a first quote."""
    some = [each for each in found if each.score is not None]
    return np.array([each.score for each in some]), np.array([each.right for each in some])


def given(found: Sequence[Asked], score: float) -> tuple[float, float]:
    """Return the coverage and risk on questions of answering from a raw score on."""
    scores, right = scored(found)
    answered = scores >= score
    return float(answered.sum() / len(found)), float((~right[answered]).mean())


def split(ask: Ask, parts: Sequence[list[Labelled]], others: Sequence[list[str]]) -> dict:
    """Calibrate on one part and measure on the other."""
    pairs = zip(parts, others, strict=True)
    train, test = (asked(ask, own, more, UNANSWERABLE) for own, more in pairs)
    scores, right = scored(test)
    found: dict = {"ece before": reliability(scores, right).ece}
    found["before"] = given(test, default_confidence().threshold)
    for risk in RISKS:
        made = concluded(train, Wanted(risk), stamp=STAMP, reader="bench", generation=1)
        if isinstance(made, Calibration):
            found["ece after"] = reliability(made.map.probability(scores), right).ece
            found[risk] = given(test, made.score)
    return found


def told(name: str, values: Sequence[tuple[float, float]], asked_for: float | None = None) -> str:
    """Return coverage and risk over splits in a line."""
    if not values:
        return f"{name}: no threshold in any split"
    covered, risks = zip(*values, strict=True)
    line = f"{name}: {len(values)} splits, coverage {mean(covered):.3f}, risk {mean(risks):.3f}"
    line += f" ({min(risks):.3f} to {max(risks):.3f})"
    if asked_for is not None:
        line += f", above what was asked for in {sum(risk > asked_for for risk in risks)}"
    return line


def main() -> None:
    """Ask, split, calibrate, and print."""
    parser = data_argument(__doc__ or "")
    parser.add_argument("--rows", type=int, default=300)
    parser.add_argument("--splits", type=int, default=20)
    arguments = parser.parse_args()
    rows = [r for r in read_rows(arguments.data / "qa-dev.jsonl.gz") if r["set"] != "qamr"]
    rows = [row for row in rows if row["answers"]]
    random.Random(SEED).shuffle(rows)
    chosen, rest = rows[: arguments.rows], rows[arguments.rows :]
    contexts = {row["context"] for row in chosen}
    strangers = [row["question"] for row in rest if row["context"] not in contexts]
    pinpoint, _ = build(f"calibration-{arguments.rows}", chosen)
    raw: Callable[..., Inquiry] = pinpoint._uncalibrated  # as Pinpoint.calibrate asks
    ask = remembered(lambda question, within: raw(question, within, 0.0).answer)
    with SqliteStore.open(pinpoint.home) as store:
        others, questions = (foreign(store), strangers), known(store, chosen)
    found = [split(ask, halves(questions, n), others) for n in range(arguments.splits)]
    print(f"{len(questions)} questions over {len(contexts)} contexts, {len(found)} splits")
    print(f"expected calibration error before {mean(f['ece before'] for f in found):.3f}")
    after = [f["ece after"] for f in found if "ece after" in f]
    print(f"expected calibration error after {mean(after):.3f}" if after else "never calibrated")
    print(told(f"threshold {default_confidence().threshold}", [f["before"] for f in found]))
    for risk in RISKS:
        print(told(f"risk {risk}", [f[risk] for f in found if risk in f], risk))
    every = asked(ask, [labelled for _, labelled in questions], others[0], UNANSWERABLE)
    made = concluded(every, Wanted(0.1), stamp=STAMP, reader="pinpoint-reader", generation=1)
    print(f"\n{report(made.report if isinstance(made, Calibration) else made)}")


if __name__ == "__main__":
    main()
