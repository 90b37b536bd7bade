"""What requests hold. Nothing that is not named here is taken, and everything has bounds."""

from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from index.kind_names import KINDS
from qa.api import MOST_PASSAGES
from qa.bounds import MOST_FOLDERS
from qa.conversation import MAX_TITLE_CHARS
from qa.past import PastTurn
from ui.claim_routes import MAX_CHARS

_QUESTION_CHARS = 100_000  # the setting `max_question_chars` goes no higher
_PATH_CHARS = 4096
_PAST_CHARS = 2000
_MOST_TURNS = 8
_MOST_PAST = 20


def _day(value: str) -> str:
    return date.fromisoformat(value).isoformat()


def _kind(value: str) -> str:
    if value not in KINDS:
        raise ValueError(f"there is no kind {value!r}; the kinds are {', '.join(sorted(KINDS))}")
    return value


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


Day = Annotated[
    str,
    Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$", json_schema_extra={"format": "date"}),
    AfterValidator(_day),
]
"""`YYYY-MM-DD`."""
Kind = Annotated[str, Field(json_schema_extra={"enum": sorted(KINDS)}), AfterValidator(_kind)]
"""The short name of a kind of documents."""
Path = Annotated[str, Field(min_length=1, max_length=_PATH_CHARS)]
"""Of a file or folder on the machine that Pinpoint runs on."""
Whole = Annotated[int, BeforeValidator(_whole)]
"""A whole number, which JSON may also write as 5.0."""
_Past = Annotated[str, Field(max_length=_PAST_CHARS)]


class Given(BaseModel):
    """A body of a request in JSON."""

    # A number is no text, and a text no number.
    model_config = ConfigDict(extra="forbid", strict=True)


class Bounds(Given):
    """What the documents are narrowed to.

    `since` and `until` are days, the last included; `folders` are folders, archives or files.
    """

    since: Day | None = None
    until: Day | None = None
    folders: list[Path] = Field([], max_length=MOST_FOLDERS)
    kinds: list[Kind] = Field([], max_length=100)


class Question(Bounds):
    """A question, and what the documents are narrowed to; see `Bounds`."""

    question: str = Field(min_length=1, max_length=_QUESTION_CHARS)


class Submitted(Bounds):
    """A text to be checked, read as Markdown, and what the documents are narrowed to."""

    text: str = Field(min_length=1, max_length=MAX_CHARS)


class ReceiptFile(Given):
    """A receipt as it is kept in a file; `sha256` shows whether `receipt` was changed."""

    format: str
    version: Whole
    sha256: str
    receipt: dict[str, Any]


class PastQuestion(Given):
    """An earlier question with what its answer showed, for questions that go on from it.

    `question` is that of the answer, as it was understood. `answers` are the texts of its
    candidates, `quotes`, `titles` and `documents` those of its citations; the last are SHA-256.
    """

    question: str = Field(min_length=1, max_length=_QUESTION_CHARS)
    answers: list[_Past] = Field([], max_length=_MOST_PAST)
    quotes: list[_Past] = Field([], max_length=_MOST_PAST)
    titles: list[_Past] = Field([], max_length=_MOST_PAST)
    documents: list[_Past] = Field([], max_length=_MOST_PAST)

    def turn(self) -> PastTurn:
        """Return it as the library has it."""
        return PastTurn(
            question=self.question,
            answers=tuple(self.answers),
            quotes=tuple(self.quotes),
            titles=tuple(self.titles),
            documents=tuple(self.documents),
        )


class Asked(Question):
    """A question, with the turns before it if it goes on from them, earlier first."""

    turns: list[PastQuestion] = Field([], max_length=_MOST_TURNS)


class Searched(Question):
    """What to search for, and how many passages are wanted."""

    limit: Whole = Field(10, ge=1, le=MOST_PASSAGES)


class Renamed(Given):
    """Another title for a conversation."""

    title: str = Field(min_length=1, max_length=MAX_TITLE_CHARS)


class Rated(Given):
    """What a person thinks of an answer: 1 good, -1 bad, 0 neither."""

    rating: Whole = Field(ge=-1, le=1)


class Synced(Given):
    """What to look at: documents or followed folders, everything if none is named."""

    paths: list[Path] = Field([], max_length=1000)
    rebuild: bool = False
    dry_run: bool = False


class Followed(Given):
    """A folder or file that is to be followed, by its whole path."""

    path: Path
