"""The page of a source document."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.models import CitedDocument
from ui.source_page import HEADERS, render, render_note

HOSTILE = "<img src=x onerror=alert(1)>"
LITERAL = "&lt;img src=x onerror=alert(1)&gt;"


def cited(title="Harbour handbook", path="/docs/harbour.md", date="2024-05-02"):
    return CitedDocument(
        id="0" * 16, path=path, title=title, sha256="0" * 64, date=date, media_type="text/plain"
    )


class Reading(HTMLParser):
    """The text of `main` and of `mark#quote`, as a browser would read it."""

    def __init__(self, html):
        super().__init__()
        self.open, self.main, self.quote, self.tags = [], "", "", set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.open.append((tag, dict(attrs).get("id")))

    def handle_endtag(self, tag):
        while self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if ("main", None) in self.open:
            self.main += data
        if ("mark", "quote") in self.open:
            self.quote += data


def main_of(html):
    return html[html.index("<main>") : html.index("</main>") + len("</main>")]


def test_the_quote_is_marked_and_everything_is_escaped():
    html = render(cited(), 'a <b> & "c"\n  d', 2, 5)
    assert main_of(html) == (
        '<main>a <mark id="quote">&lt;b&gt;</mark> &amp; &quot;c&quot;\n  d</main>'
    )


def test_the_header_says_what_and_where():
    html = render(cited(), "0123456789", 3, 7)
    assert html[html.index("<header>") : html.index("<main>")] == (
        "<header><h1><bdi>Harbour handbook</bdi></h1>"
        "<p>2024-05-02 · characters 3–7</p>"
        "<p><bdi>/docs/harbour.md</bdi></p></header>\n"
    )


def test_an_undated_document_has_no_date():
    assert "<p>characters 0–1</p>" in render(cited(date=None), "a", 0, 1)


def test_the_short_answer_is_bold_inside_the_quote():
    html = render(cited(), "It opens at <nine> sharp.", 3, 18, (12, 18))
    assert main_of(html) == (
        '<main>It <mark id="quote">opens at <b>&lt;nine&gt;</b></mark> sharp.</main>'
    )


@pytest.mark.parametrize(
    ("text", "start", "end", "marked"),
    [
        ("🚪🚢 opens", 1, 2, '🚪<mark id="quote">🚢</mark> opens'),
        ("👩\u200d🚀 flies", 2, 5, '👩\u200d<mark id="quote">🚀 f</mark>lies'),
        ("cafe\u0301 au lait", 4, 6, 'cafe<mark id="quote">\u0301 </mark>au lait'),
        ("a\r\nb\r\nc", 3, 5, 'a&#13;\n<mark id="quote">b&#13;</mark>\nc'),
        ("\n\nfirst", 0, 3, '<mark id="quote">\n\nf</mark>irst'),
        ("whole", 0, 5, '<mark id="quote">whole</mark>'),
        ("שלום עולם", 0, 4, '<mark id="quote">שלום</mark> עולם'),
    ],
)
def test_offsets_count_characters(text, start, end, marked):
    html = render(cited(), text, start, end)
    assert main_of(html) == f"<main>{marked}</main>"
    assert Reading(html).quote == text[start:end]


@given(st.data())
def test_any_text_is_shown_whole_and_any_span_is_marked(data):
    text = data.draw(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
    start = data.draw(st.integers(0, max(len(text) - 1, 0)))
    end = data.draw(st.integers(start + 1, max(len(text), start + 1)))
    if end > len(text):
        with pytest.raises(ValueError, match="are not in this document"):
            render(cited(), text, start, end)
        return
    reading = Reading(render(cited(), text, start, end))
    assert (reading.main, reading.quote) == (text, text[start:end])


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 2), (3, 2), (0, 6), (5, 6), (-3, -1)])
def test_a_span_outside_the_text_is_refused(start, end):
    with pytest.raises(ValueError) as caught:
        render(cited(), "abcde", start, end)
    assert str(caught.value) == f"characters {start} to {end} are not in this document; it has 5"


@pytest.mark.parametrize("answer", [(0, 2), (1, 1), (2, 4), (3, 2)])
def test_an_answer_outside_the_quote_is_refused(answer):
    with pytest.raises(ValueError) as caught:
        render(cited(), "abcde", 1, 3, answer)
    assert str(caught.value) == f"the answer {answer[0]} to {answer[1]} is not in the quote"


def test_nothing_in_a_document_becomes_an_element():
    hostile = f"</main></style></title><script>alert(1)</script>{HOSTILE}"
    html = render(cited(title=hostile, path=hostile, date=HOSTILE), hostile, 0, 5)
    reading = Reading(html)
    assert reading.main == hostile
    page = "html head meta title style body header h1 p bdi main mark"
    assert reading.tags == set(page.split())
    assert html.count(LITERAL) == 5  # tab title, heading, date, path, text


def test_a_note_is_escaped():
    html = render_note(HOSTILE)
    assert f'<body><p class="note">{LITERAL}</p></body>' in html
    assert "<title>Pinpoint</title>" in html


def test_the_headers_forbid_scripts_and_strangers():
    assert HEADERS == {
        "Content-Security-Policy": (
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }
