"""Score a reader alone: questions with their contexts in, SQuAD's measures out."""

import gzip
import json
import random
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from pydantic import BaseModel, ConfigDict

from index.errors import InputError
from qa.span_model import SpanModel
from qa.spans import best_spans
from qa.squad import best_f1, exact_match, f1
from qa.windows import cut

WINDOW_PIECES, OVERLAP_PIECES = 384, 128
_SEED = 20261124
_ROWS_AT_ONCE = 64
_T = TypeVar("_T")
_FORMS = (
    "give a SQuAD file, or lines of JSON with context, question and answers "
    '([{"text": …, "start": …}], empty if the context does not answer)'
)


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """A question, its context, and the gold answers; none if the context does not answer."""

    question: str
    context: str
    answers: tuple[str, ...]


class Evaluation(BaseModel):
    """How well a reader does; `pinpoint eval --json` prints exactly this.

    `em` and `f1` are percentages over the answerable rows, by the best span whether or not the
    reader holds it to be an answer. `auroc` is how well its score tells answerable rows from the
    others, 0 to 1. `best_f1` is SQuAD 2.0's F1, in per cent, at the `threshold` (in logits) that
    gives most. What a file has no rows for is None, and so is a `threshold` above all scores.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    reader: str
    file: str
    rows: int
    answerable: int
    em: float | None
    f1: float | None
    auroc: float | None
    best_f1: float | None
    threshold: float | None
    seconds: float
    passages_per_second: float


def read_rows(file: Path) -> list[ReadingRow]:
    """Read a SQuAD file (1.1 or 2.0), or lines of JSON; either may be compressed by gzip.

    Raises:
        InputError: the file cannot be read, or is of another form.
    """
    try:
        text = unpacked(file.read_bytes())
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise InputError(f"{file}: {error}; {_FORMS}") from error
    try:
        squad = json.loads(text)
    except (ValueError, RecursionError):
        squad = None
    if isinstance(squad, dict) and "data" in squad:
        rows = _checked(file, "its data", lambda: list(_squad_rows(squad)))
    else:
        lines = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
        rows = [_checked(file, f"line {n}", partial(_line_row, line)) for n, line in lines]
    if not rows:
        raise InputError(f"{file}: no rows; {_FORMS}")
    return rows


def unpacked(raw: bytes) -> str:
    """Return the text of a file in UTF-8 that may be compressed by gzip.

    Raises:
        OSError, EOFError, ValueError, zlib.error: it is broken.
    """
    return (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8-sig")


def _checked(file: Path, where: str, read: Callable[[], _T]) -> _T:
    try:
        return read()
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        cause = f"no {error}" if isinstance(error, KeyError) else str(error)
        raise InputError(f"{file}: {where}: {cause}; {_FORMS}") from error


def _line_row(line: str) -> ReadingRow:
    row = json.loads(line)
    answers = tuple(_text(answer["text"]) for answer in row["answers"])
    return ReadingRow(_text(row["question"]), _text(row["context"]), answers)


def _squad_rows(squad: dict[str, Any]) -> Iterator[ReadingRow]:
    for article in squad["data"]:
        for paragraph in article["paragraphs"]:
            for row in paragraph["qas"]:
                given = () if row.get("is_impossible") else row["answers"]
                answers = tuple(_text(answer["text"]) for answer in given)
                yield ReadingRow(_text(row["question"]), _text(paragraph["context"]), answers)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    value.encode()  # a lone surrogate is no character
    return value


def evaluate(
    model: SpanModel, rows: Sequence[ReadingRow], *, file: str = "", limit: int | None = None
) -> Evaluation:
    """Let a model answer every row from its context alone.

    Args:
        model: Reads windows of 384 word pieces, 128 of them shared by neighbours.
        rows: At least one.
        file: Where the rows come from, for the report.
        limit: Take a pseudo-random sample of so many, the same each time.

    Raises:
        InputError: `limit` is not positive.
    """
    if limit is not None and limit < 1:
        raise InputError(f"a sample of {limit} rows cannot be scored; take at least 1")
    if limit is not None and limit < len(rows):
        rows = random.Random(_SEED).sample(rows, limit)  # noqa: S311 - no secret
    started = time.perf_counter()
    found = [answer for part in _parts(rows) for answer in best_answers(model, part)]
    seconds = time.perf_counter() - started
    answerable = np.array([bool(row.answers) for row in rows])
    scores = np.array([score for _, score in found])
    both = bool(answerable.any() and not answerable.all())
    pairs = [(text, row.answers) for (text, _), row in zip(found, rows, strict=True)]
    ems = np.array([exact_match(text, gold) if gold else 0.0 for text, gold in pairs])
    f1s = np.array([f1(text, gold) if gold else 0.0 for text, gold in pairs])
    best, threshold = best_f1(scores, f1s, answerable) if both else (None, None)
    return Evaluation(
        reader=model.name,
        file=file,
        rows=len(rows),
        answerable=int(answerable.sum()),
        em=_percent(float(ems[answerable].mean())) if answerable.any() else None,
        f1=_percent(float(f1s[answerable].mean())) if answerable.any() else None,
        auroc=_auroc(answerable, scores) if both else None,
        best_f1=None if best is None else _percent(best),
        threshold=threshold if threshold is None or np.isfinite(threshold) else None,
        seconds=round(seconds, 2),
        passages_per_second=round(len(rows) / max(seconds, 1e-9), 1),
    )


def best_answers(model: SpanModel, rows: Sequence[ReadingRow]) -> list[tuple[str, float]]:
    """Return each row's best answer and its score above "no answer", in logits.

    A context without a word piece gives an empty answer and the score -inf.
    """
    pairs: list[tuple[str, str]] = []
    owners: list[int] = []
    for number, row in enumerate(rows):
        size = min(model.room(row.question), WINDOW_PIECES)
        whole = [(0, len(row.context))]
        for start, end in cut(
            model.offsets(row.context), whole, size, min(OVERLAP_PIECES, size // 3)
        ):
            pairs.append((row.question, row.context[start:end]))
            owners.append(number)
    answers = [("", -np.inf)] * len(rows)
    for owner, (_, text), logits in zip(owners, pairs, model.logits(pairs), strict=True):
        for span in best_spans(logits, text):
            if span.score > answers[owner][1]:
                answers[owner] = text[span.start : span.end], span.score
    return answers


def _parts(rows: Sequence[ReadingRow]) -> Iterator[Sequence[ReadingRow]]:
    for first in range(0, len(rows), _ROWS_AT_ONCE):
        yield rows[first : first + _ROWS_AT_ONCE]


def _auroc(answerable: np.ndarray, scores: np.ndarray) -> float:
    from sklearn.metrics import roc_auc_score

    finite = np.nan_to_num(scores, neginf=-1e9)
    return round(float(roc_auc_score(answerable, finite)), 4)


def _percent(share: float) -> float:
    return round(100 * share, 2)
