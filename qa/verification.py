"""Checks a receipt: is each quote where it was, elsewhere, changed, or gone?"""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from pydantic import AwareDatetime, BaseModel, ConfigDict, computed_field

from index.errors import LoadError
from index.settings import Settings, default_home, resolve_settings
from qa.compose import first_page, places_at
from qa.document_texts import FileTexts, Text, Texts
from qa.models import Citation, CitedLocation
from qa.quote_search import find_again, find_near
from qa.receipt import Receipt, Surroundings
from qa.receipt_file import read_receipt
from qa.words import DiffPart, diff

_NAMED_ALIKE = 20  # files of the same name that are looked into


class State(StrEnum):
    """What became of a quote, or of an answer; the later, the worse."""

    UNCHANGED = "unchanged"
    MOVED = "moved"
    CHANGED = "changed"
    GONE = "gone"
    UNREADABLE = "unreadable"

    @property
    def holds(self) -> bool:
        """Whether the documents still have the quote's words."""
        return self in (State.UNCHANGED, State.MOVED)


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Place(_Frozen):
    """Where words stand now: characters `[start, end)` of the whole text of `sha256` at a path."""

    path: str
    sha256: str
    start: int
    end: int
    page: int | None
    locations: tuple[CitedLocation, ...]
    heading: tuple[str, ...]


class QuoteCheck(_Frozen):
    """What became of a quote.

    `place` is where it stands now, or where what it has become stands, and None where it is gone.
    `text` are the words at that place, and `diff` leads from the quote to them where they differ.
    `notes` say what else a person should know, such as the cause why a file cannot be read.
    """

    number: int
    state: State
    quote: str
    path: str
    start: int
    end: int
    place: Place | None = None
    text: str | None = None
    diff: tuple[DiffPart, ...] = ()
    notes: tuple[str, ...] = ()


class Verification(_Frozen):
    """What became of all quotes of a receipt, in the receipt's order."""

    asked: str
    question: str
    answered: bool
    created_at: AwareDatetime
    quotes: tuple[QuoteCheck, ...]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def holds(self) -> bool:
        """Whether the documents still have the words of every quote."""
        return all(check.state.holds for check in self.quotes)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def state(self) -> State:
        """The worst state of a quote; unchanged where there are none."""
        return worst(check.state for check in self.quotes)


def worst(states: Iterator[State]) -> State:
    """Return the worst of some states, unchanged where there are none."""
    order = list(State)
    return max(states, key=order.index, default=State.UNCHANGED)


def verify(
    receipt: Receipt | Path | str,
    *,
    folders: Sequence[Path | str] = (),
    home: Path | str | None = None,
) -> Verification:
    """Check a receipt against the files of its documents as they are now.

    No index and no model is needed. A document that is not at its path is looked for at the paths
    that the index in the home has for the same text, if there is one, and in the folders.

    Args:
        receipt: A receipt, or the file of one, JSON or HTML.
        folders: Where to look for documents that are not at their paths.
        home: Its settings limit the reading of files; None means the default home.

    Raises:
        InputError: the file holds no receipt.
        PinpointError: the file is damaged, or was edited.
    """
    found = receipt if isinstance(receipt, Receipt) else read_receipt(Path(receipt))
    place = default_home() if home is None else Path(home).absolute()
    settings = reading_settings(found, resolve_settings(place))
    with FileTexts(settings, folders, place) as texts:
        return verification(found, texts)


def reading_settings(receipt: Receipt, own: Settings) -> Settings:
    """Return the settings by which the receipt's texts came out; limits are one's own."""
    names = {"max_pages", "json_fields", "ocr", "ocr_language"}
    return own.model_copy(update=receipt.settings.model_dump(include=names))


def verification(receipt: Receipt, texts: Texts) -> Verification:
    """Check a receipt against texts from anywhere."""
    pairs = zip(receipt.answer.citations, receipt.surroundings, strict=True)
    return Verification(
        asked=receipt.asked,
        question=receipt.answer.question,
        answered=receipt.answer.answered,
        created_at=receipt.created_at,
        quotes=tuple(
            _Check(number, citation, around, texts).done()
            for number, (citation, around) in enumerate(pairs, 1)
        ),
    )


class _Found(NamedTuple):
    """A text in which the quote stands, and where."""

    text: Text
    start: int
    notes: tuple[str, ...] = ()


class _Check:
    """The check of one quote."""

    def __init__(
        self, number: int, citation: Citation, surroundings: Surroundings | None, texts: Texts
    ) -> None:
        self._number = number
        self._citation = citation
        self._around = surroundings
        self._texts = texts
        self._cause: str | None = None

    def done(self) -> QuoteCheck:
        """Return what became of the quote."""
        path = self._citation.document.path
        here = self._read(path)
        cause = self._cause
        found = self._in(here) or self._elsewhere()
        lost = here is None and cause is None and found is None
        alike = self._named_alike() if lost else []
        found = found or next(filter(None, map(self._in, alike)), None)
        if found is not None:
            why = cause or ("no such document" if here is None else "has other words now")
            return self._standing(found, f"{path}: {why}")
        for text in alike if here is None else [here]:
            near = find_near(text.document, self._citation.quote, self._around)
            if near is not None:
                return self._made(State.CHANGED, text, near.start, near.end, self._about(text))
        if here is not None:
            return self._checked(State.GONE, notes=self._about(here))
        if cause is not None:
            return self._checked(State.UNREADABLE, notes=(f"{path}: {cause}",))
        return self._checked(State.GONE, notes=(f"{path}: no such document",))

    def _read(self, path: str) -> Text | None:
        try:
            return self._texts.read(path)
        except LoadError as error:
            self._cause = str(error)
            return None

    def _in(self, text: Text | None) -> _Found | None:
        """Return where the quote stands in a text, word for word."""
        if text is None:
            return None
        quote, start = self._citation.quote, self._citation.start
        whole = text.document.text
        if text.sha256 == self._citation.document.sha256 and whole.startswith(quote, start):
            return _Found(text, start)
        found = find_again(text.document, quote, start, self._around)
        if found is None:
            return None
        notes = self._about(text)
        if found.equals:
            notes += (
                f"the same words stand in {found.equals + 1} places that look alike; this is the "
                "one nearest to where they stood",
            )
        return _Found(text, found.start, notes)

    def _elsewhere(self) -> _Found | None:
        """Return a document at another path that was a copy, or is one."""
        document, around = self._citation.document, self._around
        size, file = (around.file_bytes, around.file_sha256) if around else (0, None)
        places = [*document.copies, *self._texts.same(document.sha256, file, size)]
        for path in dict.fromkeys(places):
            found = None if path == document.path else self._in(self._read(path))
            if found is not None:
                return found
        return None

    def _named_alike(self) -> list[Text]:
        """Return documents elsewhere of the same name, the likeliest first."""
        paths = self._texts.named_alike(self._citation.document.path)[:_NAMED_ALIKE]
        return [text for text in map(self._read, paths) if text is not None]

    def _standing(self, found: _Found, why: str) -> QuoteCheck:
        """Return a check whose quote stands somewhere, word for word.

        Args:
            found: Where.
            why: What keeps it from standing at its path, if it does not.
        """
        path, start = self._citation.document.path, self._citation.start
        same = (found.text.path, found.start) == (path, start)
        notes = found.notes if found.text.path == path else (why, *found.notes)
        end = found.start + len(self._citation.quote)
        return self._made(
            State.UNCHANGED if same else State.MOVED, found.text, found.start, end, notes
        )

    def _about(self, text: Text) -> tuple[str, ...]:
        """Return what is to be said of a text that is not the one that was cited."""
        if text.sha256 == self._citation.document.sha256:
            return ("the receipt names another place than that of its quote",)
        if self._around is not None and text.file_sha256 == self._around.file_sha256:
            return (f"{text.path}: the file is the same, but its text is read in another way now",)
        return (f"{text.path}: the text is another one than it was",)

    def _made(
        self, state: State, text: Text, start: int, end: int, notes: tuple[str, ...]
    ) -> QuoteCheck:
        document, words = text.document, text.document.text[start:end]
        locations = places_at(document.locations, start, end)
        headings = (block.heading for block in document.blocks if block.end > start)
        place = Place(
            path=text.path,
            sha256=text.sha256,
            start=start,
            end=end,
            page=first_page(locations),
            locations=locations,
            heading=next(headings, ()),
        )
        quote = self._citation.quote
        changed = diff(quote, words) if words != quote else ()
        return self._checked(state, place=place, text=words, diff=changed, notes=notes)

    def _checked(
        self,
        state: State,
        *,
        notes: tuple[str, ...],
        place: Place | None = None,
        text: str | None = None,
        diff: tuple[DiffPart, ...] = (),
    ) -> QuoteCheck:
        citation = self._citation
        return QuoteCheck(
            number=self._number,
            state=state,
            quote=citation.quote,
            path=citation.document.path,
            start=citation.start,
            end=citation.end,
            place=place,
            text=text,
            diff=diff,
            notes=notes,
        )
