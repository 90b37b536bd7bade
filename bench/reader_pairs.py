"""Write each question of a file twice: over its passage, and so that the passage does not answer.

    python -m bench.reader_pairs --data FOLDER --negatives other --output FILE

`pinpoint eval --reader FILE` then says how well the reader tells the two apart (AUROC). The
negatives are the question over another passage of the same title that lacks the answer (`other`;
`hard_other`: of eight the one that shares most words with the question), or the question edited
so that its own passage does not answer it (`edited`). The development file's titles are not
among those of the training file. Questions without a negative of the kind are left out.
"""

import json
import random
from collections.abc import Iterable
from pathlib import Path

from tokenizers import Tokenizer

from bench.qa_data import data_argument
from bench.reader_edits import Editor
from bench.reader_rows import HARD, Planner, Row, read_data

SEED = 20261124
NEGATIVES = ("other", "hard_other", "edited")


def pairs(rows: list[Row], planner: Planner, negatives: str) -> Iterable[Row]:
    """Yield every answerable row that has a negative, and the negative after it."""
    rng = random.Random(SEED)
    for row in rows:
        if not row.answers:
            continue
        if negatives == "edited":
            negative = planner.edited(row, rng)
        else:
            among = HARD if negatives == "hard_other" else 1
            negative = planner.other_passage(row, rng, among)
        if negative is not None:
            yield from (row, negative)


def to_json(row: Row) -> dict:
    """Return a row in the form of the `qa-*.jsonl.gz` files."""
    answers = [
        {"text": text, "start": start}
        for text, (start, _) in zip(row.texts, row.answers, strict=True)
    ]
    return {
        "set": row.set,
        "title": row.title,
        "context": row.context,
        "question": row.question,
        "answers": answers,
    }


def main() -> None:
    """Write the pairs of the development file."""
    parser = data_argument((__doc__ or "").splitlines()[0])
    parser.add_argument("--negatives", choices=NEGATIVES, required=True)
    parser.add_argument("--output", type=Path, required=True, help="file to write, JSON lines")
    arguments = parser.parse_args()
    rows = read_data(arguments.data / "qa-dev.jsonl.gz")
    tokenizer = Tokenizer.from_file(
        str(Path(__file__).parents[1] / "qa/data/reader/tokenizer.json")
    )
    planner = Planner(rows, tokenizer, Editor([row.context for row in rows]), SEED)
    with arguments.output.open("w", encoding="utf-8") as stream:
        for row in pairs(rows, planner, arguments.negatives):
            stream.write(json.dumps(to_json(row), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
