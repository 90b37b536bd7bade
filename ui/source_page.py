"""The page that shows a whole document with one quote marked."""

from qa.models import CitedDocument
from ui.markup import emphasised, literal

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
"""Sent with every source page: no script, nothing loaded, shown in no other site's frame."""

_STYLE = """
:root { color-scheme: light dark; --ink: #1f2328; --soft: #656d76; --line: #d8dee4;
  --paper: #ffffff; --mark: #ffe58a; }
@media (prefers-color-scheme: dark) {
  :root:not([data-theme=light]) { --ink: #f1f5f9; --soft: #9aa6b6; --line: #334155;
    --paper: #0b0f19; --mark: #6b4e00; }
}
:root[data-theme=light] { color-scheme: light; }
:root[data-theme=dark] { color-scheme: dark; --ink: #f1f5f9; --soft: #9aa6b6; --line: #334155;
  --paper: #0b0f19; --mark: #6b4e00; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.6 system-ui, sans-serif; overflow-wrap: anywhere; }
header { box-sizing: border-box; position: sticky; top: 0; max-height: 30vh; overflow: auto;
  background: var(--paper);
  border-bottom: 1px solid var(--line); padding: 14px 24px; }
h1 { margin: 0; font-size: 16px; line-height: 1.35; }
header p { margin: 3px 0 0; font-size: 12.5px; line-height: 1.5; color: var(--soft); }
main { padding: 18px 24px 40vh; max-width: 76ch; white-space: pre-wrap; unicode-bidi: plaintext; }
mark { background: var(--mark); color: inherit; border-radius: 3px; padding: 2px 0;
  scroll-margin-block: 32vh; }
mark b { text-decoration: underline; text-underline-offset: 3px; }
.note { display: grid; place-content: center; min-height: 90vh; padding: 0 32px;
  text-align: center; color: var(--soft); }
"""


def render(
    document: CitedDocument, text: str, start: int, end: int, answer: tuple[int, int] | None = None
) -> str:
    """Return the page of a whole document with `<mark id="quote">` around `text[start:end]`.

    Args:
        document: What to say of it in the header.
        text: Its whole text; shown with its white space.
        start: First character of the quote.
        end: One past the last character.
        answer: `[start, end)` of the short answer inside the quote, made bold.

    Raises:
        ValueError: `0 <= start < end <= len(text)` is false, or the answer is not in the quote.
    """
    if not 0 <= start < end <= len(text):
        raise ValueError(
            f"characters {start} to {end} are not in this document; it has {len(text)}"
        )
    if answer is not None and not start <= answer[0] < answer[1] <= end:
        raise ValueError(f"the answer {answer[0]} to {answer[1]} is not in the quote")
    quote = emphasised(text, start, end, answer)
    marked = f'{literal(text[:start])}<mark id="quote">{quote}</mark>{literal(text[end:])}'
    return _document_page(document, marked, f"characters {start}\N{EN DASH}{end}")


def render_whole(document: CitedDocument, text: str) -> str:
    """Return the page of a whole document with nothing marked."""
    return _document_page(document, literal(text), f"{len(text)} characters")


def _document_page(document: CitedDocument, main: str, place: str) -> str:
    authors = f"by {document.authors}" if document.authors else None
    about = [authors, document.date, place]
    return _page(
        document.title,
        f"<header><h1><bdi>{literal(document.title)}</bdi></h1>"
        f"<p>{' · '.join(literal(part) for part in about if part)}</p>"
        f"<p><bdi>{literal(document.path)}</bdi></p></header>\n"
        f"<main>{main}</main>",
    )


def render_note(message: str) -> str:
    """Return a page with one message, for when there is no document to show."""
    return _page("Pinpoint", f'<p class="note">{literal(message)}</p>')


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html>\n<html lang="">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{literal(title)}</title><style>{_STYLE}</style></head>\n"
        f"<body>{body}</body>\n</html>\n"
    )
