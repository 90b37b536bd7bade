"""Where a run of a document's text stands, whoever asks for it."""

from index.errors import InputError
from index.rows import StoredDocument
from index.store import Store
from qa.compose import Source, cite
from qa.models import Citation, FoundPassage, Place
from qa.read import Passage, Span

MOST_CHARS = 1_000_000
"""Characters of a text that are returned at once."""


def place(store: Store, document: StoredDocument, source: Source, start: int, end: int) -> Place:
    """Return where `[start, end)` of a document stands.

    Raises:
        InputError: that is no run of its characters.
    """
    check_run(source.text, start, end)
    blocks = store.blocks(document.rowid)
    heading = next((b.heading for b in blocks if b.start < end and start < b.end), ())
    passage = Passage(document, start, source.text[start:end], heading, (), 0.0, 0.0)
    cited = cite(Span(passage, start, end, 0.0), {document.rowid: source})
    return Place.model_validate(_described(cited))


def found_passage(passage: Passage, source: Source) -> FoundPassage:
    """Return a passage that was retrieved, its text checked against the document's.

    Raises:
        QuoteError: the stored text at its offsets is another.
    """
    end = passage.start + len(passage.text)
    cited = cite(Span(passage, passage.start, end, passage.score), {passage.document.rowid: source})
    return FoundPassage.model_validate(
        _described(cited) | {"score": passage.score, "similarity": passage.similarity}
    )


def check_run(text: str, start: int, end: int) -> None:
    """Look whether `[start, end)` is a run of characters of a text, and not an empty one.

    Raises:
        InputError: it is not.
    """
    if not 0 <= start < end <= len(text):
        raise InputError(
            f"characters {start} to {end} are no part of this text, which has {len(text)}; "
            "count from 0, and end after the start"
        )


def part(text: str, start: int, end: int | None, limit: int) -> tuple[int, int]:
    """Return a run of characters that is in a text and not too long.

    Without an end, it is as long as the limit allows, and empty at the text's end.

    Raises:
        InputError: it is neither.
    """
    if end is None:
        if not 0 <= start <= len(text):
            raise InputError(f"start {start} is not in this text, which has {len(text)} characters")
        return start, min(start + limit, len(text))
    check_run(text, start, end)
    if end - start > limit:
        raise InputError(f"at most {limit} characters are returned at once; ask for a part")
    return start, end


def _described(cited: Citation) -> dict[str, object]:
    return cited.model_dump(include=set(Place.model_fields))
