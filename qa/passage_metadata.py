"""What a retriever tells of a passage besides its text: where it stands, to be checked."""

from typing import Any

from index.kind_names import kind_name
from qa.models import FoundPassage


def passage_id(passage: FoundPassage) -> str:
    """Return an id that the same characters of the same text always have."""
    return f"{passage.document.sha256}:{passage.start}-{passage.end}"


def passage_metadata(passage: FoundPassage) -> dict[str, Any]:
    """Return a passage's citation as values that JSON has.

    `sha256` is that of the document's whole text, in which the passage is the characters
    `[start, end)`. `place` tells where that is in the original, such as `page 3` or `sheet
    Budget, row 7`, and is empty in a plain text; `heading` are the headings above it, outer ones
    first. `date` (`YYYY-MM-DD`), `page` and `link` are None where there is none. `score`, 0 to 1,
    orders the passages of one search; `similarity` is a cosine.
    """
    document = passage.document
    return {
        "sha256": document.sha256,
        "start": passage.start,
        "end": passage.end,
        "path": document.path,
        "title": document.title,
        "date": document.date,
        "kind": kind_name(document.media_type),
        "place": ", ".join(f"{place.kind} {place.name}" for place in passage.locations),
        "page": passage.page,
        "heading": list(passage.heading),
        "link": passage.link,
        "score": passage.score,
        "similarity": passage.similarity,
    }
