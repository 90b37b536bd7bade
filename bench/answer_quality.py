"""Ask a collection every development question, and others that do not answer it.

    python -m bench.answer_quality --data FOLDER [--limit N] [--plot FILE.svg] [--accept]

The collection is that of `bench.retrieval`: every distinct context of the development file and
2,000 contexts of the training file that no question is asked of. Each question is asked once more
without the document that answers it, and a third time of the 2,000 alone. Prints the table of
docs/answer-quality.md; writes the scores, a page with plots, the records and twenty failures in
full text below `bench/cache/answer_quality/`. A run that was stopped goes on when it is started
again. Exit status 1 where a quote is not exact, or a figure has drifted from bench/measured.json.
"""

import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.measured import keeping_argument, measured, told
from bench.qa_data import CACHE, build, choose_contexts, data_argument, read_rows
from bench.quality_plot import drawing
from bench.retrieval import DISTRACTORS, SEED
from qa.api import Pinpoint
from qa.evaluation.collection import Evaluated, evaluate_collection
from qa.evaluation.questions import QuestionFile, read_questions
from qa.evaluation.record import Asked, Record, Stage
from qa.evaluation.report import report
from qa.evaluation.score import Scores, score
from ui import eval_page
from ui.show_evaluation import interval, number

FOLDER = CACHE / "answer_quality"
TOLERANCE = 0.01
FIGURES = (
    "recall@1",
    "recall@5",
    "MRR",
    "nDCG@10",
    "recall@1 after reading",
    "recall@5 after reading",
    "best right",
    "right",
    "answered",
    "right when answered",
    "citation precision",
    "exactness",
    "EM",
    "F1",
    "abstention precision",
    "abstention recall",
    "AUROC",
    "AUROC right",
    "AURC",
    "calibration error",
)
ELSEWHERE = {"AUROC elsewhere": "AUROC", "silent elsewhere": "abstention recall"}
"""Figures of the questions that the 2,000 alone were asked, by the names they have in `Scores`."""
TIMES = ("seconds p50", "seconds p95")
LOST = (Stage.NOT_RETRIEVED, Stage.NOT_READ, Stage.READ_WRONG, Stage.SILENT_WRONGLY)
FAILURES = 20


def ask_elsewhere(
    pinpoint: Pinpoint, file: QuestionFile, limit: int | None, found: Evaluated, records: Path
) -> Scores:
    """Ask a collection that answers none of the questions.

    Returns:
        The scores of its silence beside what was answered of the other.
    """
    bare = {"answers": (), "context": None, "context_spans": ()}
    asked = file._replace(questions=tuple(q.model_copy(update=bare) for q in file.questions))
    silent = evaluate_collection(pinpoint, asked, limit=limit, records=records, progress=_told)
    there = [record for record in found.records if record.asked is Asked.ANSWERABLE]
    return score([*there, *silent.records], silent.scores.setup)


def table(scores: Scores, elsewhere: Scores) -> Iterator[str]:
    """Yield a Markdown table: a row for each figure, the sets beside all."""
    parts = (scores.total, *scores.sets)
    others = (elsewhere.total, *elsewhere.sets)
    found = {name: [part.score(name) for part in parts] for name in FIGURES}
    found |= {name: [part.score(own) for part in others] for name, own in ELSEWHERE.items()}
    found |= {name: [part.score(name) for part in parts] for name in TIMES}
    yield "| figure | " + " | ".join(part.name for part in parts) + " | all, 95% |"
    yield "| --- |" + " ---: |" * (len(parts) + 1)
    for name, row in found.items():
        cells = [number(each.value, name) for each in row]
        yield f"| {name} | " + " | ".join(cells) + f" | {interval(row[0])} |"
    for stage in Stage:
        if any(stage in part.stages for part in parts):
            cells = [str(part.stages.get(stage, 0)) for part in parts]
            yield f"| *{stage}* | " + " | ".join(cells) + " | |"


def failures(records: Sequence[Record]) -> Iterator[str]:
    """Yield at most twenty failures in full text, four of each stage."""
    chosen: list[Record] = []
    chooser = random.Random(SEED)
    for stage in (*LOST, Stage.NOT_SILENT):
        lost = [record for record in records if record.stage is stage]
        chosen += chooser.sample(lost, min(FAILURES // (len(LOST) + 1), len(lost)))
    for record in chosen:
        yield f"{record.stage}: {record.question}"
        yield f"  right: {' | '.join(record.answers)}"
        if record.best is not None:
            best = record.best
            yield f"  best ({best.confidence:.2f}): {best.text!r} in {best.quote!r}"


def main() -> int:
    """Ask, score, write and print."""
    parser = keeping_argument(data_argument(__doc__ or ""))
    parser.add_argument("--plot", type=Path, help="draw the plots into this file, as SVG")
    parser.add_argument("--limit", type=int, default=None, help="ask a fixed sample of so many")
    arguments = parser.parse_args()
    file = arguments.data / "qa-dev.jsonl.gz"
    others_file = arguments.data / "qa-train.jsonl.gz"
    others = choose_contexts(read_rows(others_file), DISTRACTORS, SEED)
    pinpoint, _ = build("retrieval", [*read_rows(file), *others])
    limit = arguments.limit
    folder = FOLDER / ("all" if limit is None else str(limit))
    folder.mkdir(parents=True, exist_ok=True)
    questions = read_questions(file, file.read_bytes())
    found = evaluate_collection(
        pinpoint,
        questions,
        limit=limit,
        withhold=True,
        records=folder / "records.jsonl",
        progress=_told,
    )
    scores = found.scores
    silent, _ = build("elsewhere", others)
    elsewhere = ask_elsewhere(silent, questions, limit, found, folder / "elsewhere.jsonl")
    (folder / "scores.json").write_text(scores.model_dump_json(), encoding="utf-8")
    (folder / "report.html").write_text(eval_page.html(scores, found.records), encoding="utf-8")
    (folder / "failures.txt").write_text("\n".join(failures(found.records)), encoding="utf-8")
    if arguments.plot is not None:
        plots = eval_page.plots(report(scores, found.records))
        arguments.plot.write_text(drawing(plots), encoding="utf-8")
    print("\n".join(table(scores, elsewhere)))
    values = {name: scores.total.score(name).value for name in FIGURES}
    values |= {name: elsewhere.total.score(own).value for name, own in ELSEWHERE.items()}
    sample = "" if limit is None else f" --limit {limit}"
    result = measured(
        f"python -m bench.answer_quality --data FOLDER{sample}",
        {
            "questions": scores.setup.file_sha256,
            "distractors": others_file,
            "embedder": scores.setup.model_fingerprint,
            "reader": scores.setup.reader_fingerprint or "",
        },
        len(found.records),
        {name: value for name, value in values.items() if value is not None},
        tolerance=TOLERANCE,
    )
    name = f"answer quality, {'all' if limit is None else limit} questions"
    drifted = told(name, result, accepted=arguments.accept)
    return 1 if drifted or not scores.exact else 0


def _told(stage: str, done: int, total: int) -> None:
    if done % 100 == 0:
        print(f"{stage} {done} of {total}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
