"""Questions with answers, from JSON lines or a SQuAD file."""

import hashlib
import json
import random
import zlib
from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, Self, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator

from index.errors import InputError
from qa.evaluate import unpacked

_FORMS = (
    "give lines of JSON with question and answers (and where known document, spans or context), "
    "or a SQuAD file"
)
_SEED = 20261128
_T = TypeVar("_T")
Spans = tuple[tuple[int, int], ...]
"""`[start, end)` characters."""


class Question(BaseModel):
    """A question and what would be right.

    `answers` are the gold answers; with none, silence is right. `document` names the documents
    that answer, by path or by the SHA-256 of their text; `spans` are where, in the text of the
    one document. `context` is a run of text of the documents that answer instead, and
    `context_spans` are where in it. `set` names the part of the file that is also scored by
    itself; questions of one `group` depend on each other, as those about one article do.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    question: str
    answers: tuple[str, ...]
    document: tuple[str, ...] = ()
    spans: Spans = ()
    context: str | None = None
    context_spans: Spans = ()
    set: str | None = None
    group: str | None = None
    where: str = ""


class QuestionFile(NamedTuple):
    """The questions of a file, its name, and the SHA-256 of its bytes."""

    name: str
    sha256: str
    questions: tuple[Question, ...]


class _Answer(BaseModel):
    text: str
    start: int | None = None
    answer_start: int | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: object) -> object:
        return {"text": value} if isinstance(value, str) else value

    @property
    def first(self) -> int | None:
        return self.start if self.start is not None else self.answer_start


class _Row(BaseModel):
    """A line as people write it; what it does not know it leaves alone."""

    question: str
    answers: tuple[_Answer, ...]
    id: str | int | None = None
    document: tuple[str, ...] = ()
    spans: Spans = ()
    context: str | None = None
    set: str | None = None
    group: str | None = None
    title: str | None = None

    @field_validator("document", mode="before")
    @classmethod
    def _several(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value or ()

    @model_validator(mode="before")
    @classmethod
    def _no_slips(cls, value: object) -> object:
        for name in value if isinstance(value, dict) else ():
            known = get_close_matches(str(name), cls.model_fields, 1, cutoff=0.8)
            if known and name not in cls.model_fields:
                raise ValueError(f"{name} is unknown; is it {known[0]}?")
        return value

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not self.question.strip():
            raise ValueError("question is empty")
        if self.context is not None and self.document:
            raise ValueError("document and context are both given; leave one out")
        if self.spans and len(self.document) != 1:
            raise ValueError("spans count in one document; name it as document")
        if any(not 0 <= start < end for start, end in self.spans):
            raise ValueError("a span is [start, end] with 0 <= start < end")
        if any(not answer.text.strip() for answer in self.answers):
            raise ValueError("an answer is empty; leave it out")
        return self

    def starts(self) -> Spans:
        """Return where the answers stand that say so, in the context or else the document."""
        known = [(a.first, a.first + len(a.text)) for a in self.answers if a.first is not None]
        if self.context is not None:
            texts = {answer.text for answer in self.answers}
            for start, end in known:
                if start < 0 or self.context[start:end] not in texts:
                    raise ValueError(f"the context has no answer at {start}")
        elif known and len(self.document) != 1:
            raise ValueError("an answer has a start, but there is no context or document")
        return tuple(dict.fromkeys(known))


def read_questions(file: Path | None, raw: bytes) -> QuestionFile:
    """Read a file's questions; it may be compressed by gzip.

    Args:
        file: Its name, None for what comes from a pipe.
        raw: Its bytes.

    Raises:
        InputError: it is of another form; the message names the line.
    """
    name = "stdin" if file is None else str(file)
    try:
        text = unpacked(raw)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise InputError(f"{name}: {error}; {_FORMS}") from error
    questions = list(_questions(name, text))
    if not questions:
        raise InputError(f"{name}: no questions; {_FORMS}")
    seen: dict[str, str] = {}
    for question in questions:
        if question.id in seen:
            raise InputError(
                f"{name}: {question.where}: id {question.id} is that of {seen[question.id]} too; "
                "give each question its own"
            )
        seen[question.id] = question.where
    return QuestionFile(name, hashlib.sha256(raw).hexdigest(), tuple(questions))


def sample(questions: Sequence[Question], limit: int | None) -> tuple[Question, ...]:
    """Return at most `limit` questions, the same ones each time, in their order.

    Raises:
        InputError: `limit` is not positive.
    """
    if limit is not None and limit < 1:
        raise InputError(f"a sample of {limit} questions cannot be scored; take at least 1")
    if limit is None or limit >= len(questions):
        return tuple(questions)
    chosen = random.Random(_SEED).sample(range(len(questions)), limit)  # noqa: S311 - no secret
    return tuple(questions[number] for number in sorted(chosen))


def _questions(name: str, text: str) -> Iterator[Question]:
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        whole = None
    rows: list[tuple[str, str | dict[str, Any]]]
    if isinstance(whole, dict) and "data" in whole:
        rows = _checked(name, "its data", lambda: list(_squad_rows(whole)))
    else:
        lines = enumerate(text.split("\n"), 1)
        rows = [(f"line {number}", line) for number, line in lines if line.strip()]
    made: dict[str, int] = {}
    for where, row in rows:
        question = _checked(name, where, partial(_question, row, where))
        if question.id == "":
            number = made[question.question] = made.get(question.question, 0) + 1
            question = question.model_copy(update={"id": _made_id(question.question, number)})
        yield question


def _made_id(question: str, number: int) -> str:
    """Return an id that follows from the question, and from how often it came before."""
    return hashlib.sha256(f"{number} {question}".encode()).hexdigest()[:16]


def _question(row: str | dict[str, Any], where: str) -> Question:
    given = json.loads(row) if isinstance(row, str) else row
    if not isinstance(given, dict):
        raise TypeError("is no JSON object")
    json.dumps(given, ensure_ascii=False).encode()  # a lone surrogate is no character
    found = _Row.model_validate(given)
    starts = found.starts()
    in_context = found.context is not None
    return Question(
        id="" if found.id is None else str(found.id),
        question=found.question,
        answers=tuple(dict.fromkeys(answer.text for answer in found.answers)),
        document=found.document,
        spans=found.spans or (() if in_context else starts),
        context=found.context,
        context_spans=starts if in_context else (),
        set=found.set,
        group=found.group if found.group is not None else found.title,
        where=where,
    )


def _squad_rows(squad: dict[str, Any]) -> Iterator[tuple[str, str | dict[str, Any]]]:
    for article in squad["data"]:
        for paragraph in article["paragraphs"]:
            for row in paragraph["qas"]:
                answers = [] if row.get("is_impossible") else row["answers"]
                yield (
                    f"question {row.get('id', row['question'])}",
                    {
                        "id": row.get("id"),
                        "question": row["question"],
                        "answers": answers,
                        "context": paragraph["context"],
                        "group": article.get("title"),
                    },
                )


def _checked(name: str, where: str, read: Callable[[], _T]) -> _T:
    try:
        return read()
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        cause = f"{field}: {first['msg']}" if field else first["msg"].removeprefix("Value error, ")
        raise InputError(f"{name}: {where}: {cause}; {_FORMS}") from error
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        cause = f"no {error}" if isinstance(error, KeyError) else str(error)
        raise InputError(f"{name}: {where}: {cause}; {_FORMS}") from error
