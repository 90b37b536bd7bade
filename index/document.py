"""What a loader returns: one canonical text and the structure found in it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text that sentences do not cross.

    Attributes:
        start: First character, counted in the document's whole text.
        end: One past the last character.
        heading: Titles of the headings above the block, outermost first.
        kind: `text` is cut into sentences, `item` is a list item and cut likewise, `code`
            stays whole, `row` is one table row.
    """

    start: int
    end: int
    heading: tuple[str, ...] = ()
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Location:
    """Where a run of the text is found in the original.

    Attributes:
        start: First character, counted in the document's whole text.
        end: One past the last character.
        kind: `page`, `slide`, `sheet`, `row`, `chapter`, `message`, `cell` or `record`.
        name: What a person would look for: a page's number, a sheet's or chapter's name, a row's
            number, a message's sender and date.
    """

    start: int
    end: int
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """The settings that loaders heed, under the names that they have in `Settings`.

    Attributes:
        seconds: Time that reading the file may take, for loaders that can give a part of it when
            it runs short; None means that it does not matter.
        max_pages: Most pages of a PDF that are read.
        json_fields: Names of the JSON fields to read; none means every longer string.
        ocr_language: Language of text recognition; None where it is not wanted.
    """

    seconds: float | None = None
    max_pages: int = 5000
    json_fields: tuple[str, ...] = ()
    ocr_language: str | None = None


@dataclass(frozen=True, slots=True)
class Extracted:
    """A document as extracted: its whole text, and blocks in reading order.

    `text` is what every offset in Pinpoint counts in. `date` is ISO 8601 (`YYYY-MM-DD`).
    `locations` are ordered by start, outer ones before those inside them; those of one kind do
    not overlap. `language` is an ISO 639 code, `url` the document's own address. `layout` says
    where each character stands on its page, as `index.formats.layout` packs it. `warnings` say what
    could not be read although the rest could.
    """

    text: str
    title: str
    date: str | None
    media_type: str
    blocks: tuple[Block, ...] = field(default=())
    locations: tuple[Location, ...] = field(default=())
    authors: str | None = None
    language: str | None = None
    url: str | None = None
    layout: bytes | None = None
    warnings: tuple[str, ...] = ()
