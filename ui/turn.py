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


def transcript(turns: Sequence[str]) -> str:
    """Return the whole chat, or what to do when it is still empty."""
    if not turns:
        return (
            '<div class="welcome"><p>Ask your documents a question.</p>'
            "<p>Answers are exact quotes. The number after a quote opens its place.</p></div>"
        )
    return f'<div role="log">{"".join(turns)}</div>'


def pending() -> str:
    """Return what stands under a question until its answer is there."""
    return (
        '<div class="reply pending"><p>Reading your documents…</p>'
        '<p class="patience">The first question takes longer: the model has to load.</p></div>'
    )


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


def frame(source: str, number: int) -> str:
    """Return the frame showing a source page.

    Gradio changes the page in place and leaves an element whose HTML is the same alone. A tag
    that no turn shares makes it put in a new frame, whatever a chip has opened in the old one.

    Args:
        source: Address of the page.
        number: Of the turn.
    """
    tag = f"pinpoint-turn-{number}"
    inner = f'<iframe name="{FRAME}" title="Source document" src="{literal(source)}"></iframe>'
    return f"<{tag}>{inner}</{tag}>"


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
