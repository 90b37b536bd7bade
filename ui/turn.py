"""Questions and answers as the HTML of the chat."""

from collections.abc import Iterable
from urllib.parse import urlencode

from markupsafe import Markup

from qa.models import Answer, Citation
from ui.show import located, place, unread, unsaid
from ui.templating import render

_LEVELS = ((0.75, "High"), (0.5, "Fair"), (0.0, "Low"))

Numbered = list[tuple[int, Citation]]


def turn(asked: str, reply: str, question: str | None = None) -> str:
    """Return one exchange; a blank question is not shown.

    Args:
        asked: The question as typed.
        reply: HTML of the answer or failure.
        question: As it was understood; shown if it is not what was typed.
    """
    understood = None if question == asked else question
    made = Markup(reply)  # noqa: S704 - by this module
    return render("turn.html", asked=asked, understood=understood, reply=made)


def failure(message: str) -> str:
    """Return an error in words."""
    return render("failure.html", message=message)


def answer(result: Answer) -> str:
    """Return quotes, sources, confidence and other answers, or "not in your documents"."""
    others = [candidate.citations[0] for candidate in result.other_candidates]
    told = unread(result.index)
    return render(
        "answer.html",
        answer=result,
        found=list(enumerate(result.citations, 1)),
        sides=_sides(result),
        others=list(enumerate(others, len(result.citations) + 1)),
        nearest=list(enumerate(result.nearest, 1)),
        level=next(word for least, word in _LEVELS if result.confidence >= least),
        percent=f"{result.confidence:.0%}",
        unread=f"{told[0].upper()}{told[1:]}." if told else "",
        source_url=source_url,
        places=places,
        unsaid=unsaid,
    )


def source_url(citation: Citation) -> str:
    """Return the address of the cited document, scrolled to the quote."""
    places = {"start": citation.start, "end": citation.end}
    if citation.answer is not None:
        places |= {"astart": citation.answer.start, "aend": citation.answer.end}
    return f"/source/{citation.document.sha256}?{urlencode(places)}#quote"


def _sides(result: Answer) -> list[tuple[str, Numbered]]:
    """Return each side of a comparison with its quotes, numbered as in the whole answer."""
    numbers = {place(citation): n for n, citation in enumerate(result.citations, 1)}
    return [
        (side.subject, [(numbers[place(citation)], citation) for citation in side.citations])
        for side in result.sides
    ]


def places(citation: Citation) -> Iterable[str]:
    """Return headings and places of a quote, outer ones first, without the document's title."""
    title = citation.document.title
    return [*(heading for heading in citation.heading if heading != title), *located(citation)]
