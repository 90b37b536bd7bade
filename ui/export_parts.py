"""What an exported answer says, whatever the format."""

from datetime import datetime

from qa.conversation import Filters, Turn
from qa.models import Answer, Citation
from ui.show import located, unread, unsaid
from ui.show import place as span_of

NO_ANSWER = "Not in your documents."
NEAREST = "The nearest passages, which do not answer it:"
OTHERS = "Other answers:"
DIFFERING = "Your sources differ. All answers that were found, the newest document first:"
UNSAID = "Your documents do not say."

Numbered = list[tuple[int, Citation]]


def parts(answer: Answer) -> list[tuple[str, Numbered]]:
    """Return the quotes of an answer in groups, each with the words that lead it, or none."""
    if not answer.answered:
        nearest = list(enumerate(answer.nearest, 1))
        found = [(NO_ANSWER, []), *([(NEAREST, nearest)] if nearest else [])]
    else:
        others = [candidate.citations[0] for candidate in answer.other_candidates]
        more = list(enumerate(others, len(answer.citations) + 1))
        found = [*_quotes(answer), *([(OTHERS, more)] if more else [])]
    told = unread(answer.index)
    return [*found, (f"{told[0].upper()}{told[1:]}.", [])] if told else found


def _quotes(answer: Answer) -> list[tuple[str, Numbered]]:
    """Return the quotes of an answer, by side where it compares."""
    numbered = list(enumerate(answer.citations, 1))
    if not answer.sides:
        return [(DIFFERING if answer.differing else "", numbered)]
    numbers = {span_of(citation): number for number, citation in numbered}
    return [
        (
            f"{side.subject}:" if side.citations else f"{side.subject}: {UNSAID}",
            [(numbers[span_of(citation)], citation) for citation in side.citations],
        )
        for side in answer.sides
    ]


def unproven(turn: Turn) -> str:
    """Return what of a kept answer could not be checked again, or nothing."""
    count = len(turn.gone)
    documents = "a cited document" if count == 1 else f"{count} cited documents"
    return (
        f"The text of {documents} has changed or was removed since this answer was given, so its "
        "quotes could not be checked again; ask again."
        if count
        else ""
    )


def about(citation: Citation) -> str:
    """Return authors, headings, places and date of a quote's document, without its title."""
    title = citation.document.title
    authors, date = unsaid(citation)
    headings = [heading for heading in citation.heading if heading != title]
    said = [f"by {authors}" if authors else "", *headings, *located(citation), date]
    return ", ".join(part for part in said if part)


def place(citation: Citation) -> str:
    """Return where in the text of which SHA-256 a quote stands."""
    return f"characters {citation.start}–{citation.end}, SHA-256 {citation.document.sha256}"


def narrowed(filters: Filters) -> str:
    """Return what the documents were narrowed to in words, or nothing."""
    said = [
        f"dated {filters.since} or later" if filters.since else "",
        f"dated {filters.until} or earlier" if filters.until else "",
        f"in {' or '.join(filters.folders)}" if filters.folders else "",
        f"of the kind {' or '.join(filters.kinds)}" if filters.kinds else "",
    ]
    told = ", ".join(part for part in said if part)
    return f"Only documents {told}." if told else ""


def minute(at: datetime) -> str:
    """Return a time as people read it."""
    return f"{at:%Y-%m-%d %H:%M} UTC"
