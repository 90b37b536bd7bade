"""Questions and answers as the HTML of the chat."""

from collections.abc import Sequence
from urllib.parse import urlencode

from qa.models import Answer, Citation
from ui.markup import emphasised, literal
from ui.show import located, unread, unsaid

FRAME = "pinpoint-source"
"""Name of the frame in which chips open documents."""


def turn(question: str, reply: str) -> str:
    """Return one exchange; a blank question is not shown."""
    asked = f'<p class="question">{literal(question)}</p>' if question.strip() else ""
    return f'<article class="turn">{asked}{reply}</article>'


def failure(message: str) -> str:
    """Return an error in words."""
    return f'<div class="reply failure" role="alert"><p>{literal(message)}</p></div>'


def answer(result: Answer) -> str:
    """Return quotes, sources, confidence and other answers, or "not in your documents"."""
    if result.answered:
        confidence = f'<p class="confidence">Confidence {result.confidence:.0%}</p>'
        quotes = _quotes(result.citations)
        return (
            f'<div class="reply found">{quotes}{confidence}{_others(result)}{_unread(result)}</div>'
        )
    nearest = ""
    if result.nearest:
        lead = '<p class="lead">The nearest passages, which do not answer it:</p>'
        nearest = lead + _quotes(result.nearest)
    return (
        f'<div class="reply missing"><h3>Not in your documents</h3>{nearest}{_unread(result)}</div>'
    )


def source_url(citation: Citation) -> str:
    """Return the address of the cited document, scrolled to the quote."""
    places = {"start": citation.start, "end": citation.end}
    if citation.answer is not None:
        places |= {"astart": citation.answer.start, "aend": citation.answer.end}
    return f"/source/{citation.document.sha256}?{urlencode(places)}#quote"


def _unread(result: Answer) -> str:
    told = unread(result.index)
    return f'<p class="unread">{literal(told[0].upper() + told[1:])}.</p>' if told else ""


def _others(result: Answer) -> str:
    """Return the answers that the quotes shown do not give, folded; nothing if there are none."""
    others = [candidate.citations[0] for candidate in result.other_candidates]
    if not others:
        return ""
    told = "1 other answer" if len(others) == 1 else f"{len(others)} other answers"
    quotes = _quotes(others, len(result.citations) + 1)
    return f'<details class="others"><summary>{told}</summary>{quotes}</details>'


def _quotes(citations: Sequence[Citation], first: int = 1) -> str:
    numbered = list(enumerate(citations, first))
    quotes = "".join(_quote(number, citation) for number, citation in numbered)
    sources = "".join(_source(number, citation) for number, citation in numbered)
    return f'{quotes}<ul class="sources">{sources}</ul>'


def _quote(number: int, citation: Citation) -> str:
    inner = None
    if citation.answer is not None:
        inner = (citation.answer.start - citation.start, citation.answer.end - citation.start)
    words = emphasised(citation.quote, 0, len(citation.quote), inner)
    chip = (
        f'<a class="chip" href="{literal(source_url(citation))}" target="{FRAME}"'
        f' aria-label="Open source {number}">{number}</a>'
    )
    return f'<blockquote dir="auto"><span class="quote">{words}</span>&nbsp;{chip}</blockquote>'


def _source(number: int, citation: Citation) -> str:
    document = citation.document
    headings = [heading for heading in citation.heading if heading != document.title]
    headings += located(citation)
    place = "".join(f" \N{RIGHTWARDS ARROW} {heading}" for heading in headings)
    copies = "".join(f'<bdi class="path">also {literal(p)}</bdi>' for p in document.copies)
    author, day = unsaid(citation)
    authors = f" · by <bdi>{literal(author)}</bdi>" if author else ""
    date = f' · <span class="date">{literal(day)}</span>' if day else ""
    return (
        f'<li><span class="number">{number}</span><span><bdi class="title">'
        f"{literal(document.title)}</bdi><bdi>{literal(place)}</bdi>{authors}{date}"
        f'<bdi class="path">{literal(document.path)}</bdi>{copies}</span></li>'
    )
