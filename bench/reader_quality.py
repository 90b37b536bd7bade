"""Score the reader alone on the development rows, each question with its own context.

    python -m bench.reader_quality --data FOLDER [--accept]

Exit status 1 where a figure has drifted from bench/measured.json.
"""

import sys

from bench.measured import keeping_argument, measured, told
from bench.qa_data import data_argument
from index.settings import Settings
from qa.evaluate import evaluate, read_rows
from qa.evaluation.setup import reader_fingerprint
from qa.span_model import load_span_model

TOLERANCE = 0.2  # percentage points


def main() -> int:
    """Score and print."""
    parser = keeping_argument(data_argument(__doc__ or ""))
    arguments = parser.parse_args()
    file = arguments.data / "qa-dev.jsonl.gz"
    settings = Settings()
    model = load_span_model(settings.reader, settings.reader_revision)
    found = evaluate(model, read_rows(file), file=file.name)
    print(found.model_dump_json(indent=2))
    result = measured(
        "python -m bench.reader_quality --data FOLDER",
        {
            "questions": file,
            "reader": reader_fingerprint(settings) or "",
        },
        found.rows,
        {"EM": found.em or 0.0, "F1": found.f1 or 0.0},
        tolerance=TOLERANCE,
    )
    return told("reader quality", result, accepted=arguments.accept)


if __name__ == "__main__":
    sys.exit(main())
