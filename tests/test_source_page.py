"""The page of a source document."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.document import Location
from index.page_images import PageShape
from index.rows import StoredDocument
from ui.source_page import HEADERS, page, render_note, render_part, render_sheet
from ui.spans import Span, marks
from ui.texts import Found, Structure

HOSTILE = "<img src=x onerror=alert(1)>"
LITERAL = "&lt;img src=x onerror=alert(1)&gt;"


def stored(title="Harbour handbook", path="/docs/harbour.md", date="2024-05-02", **more):
    return StoredDocument(
        rowid=1,
        path=path,
        size_bytes=1,
        file_sha256="1" * 64,
        sha256="0" * 64,
        title=title,
        date=date,
        media_type=more.pop("media_type", "text/plain"),
        **more,
    )


NONE = Structure((), ())


def render(document, text, start, end, answer=None, *, url=None, structure=NONE):
    given = map(str, (start, end, *(answer or ())))
    return page(Found(document, text, url), structure, marks(text, *given))


class Reading(HTMLParser):
    """The text of `main` and of `mark#quote`, as a browser would read it."""

    def __init__(self, html):
        super().__init__()
        self.open, self.main, self.quote, self.tags = [], "", "", set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag in {"meta", "link", "input"}:
            return
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
    part = html.index('<div class="part"')
    return html[html.index(">", part) + 1 : html.index("</div></section></main>")]


MARK = '<mark id="quote" class="quote">'


def test_the_quote_is_marked_and_everything_is_escaped():
    html = render(stored(), 'a <b> & "c"\n  d', 2, 5)
    assert main_of(html) == f"a {MARK}&lt;b&gt;</mark> &amp; &#34;c&#34;\n  d"


def test_the_header_says_what_and_where():
    html = render(stored(), "0123456789", 3, 7)
    assert html[html.index("<header>") : html.index('  <div id="tools"')] == (
        "<header>\n  <h1><bdi>Harbour handbook</bdi></h1>\n"
        "  <p><bdi>2024-05-02</bdi> · <bdi>characters 3–7</bdi></p>\n"
        "  <p><bdi>/docs/harbour.md</bdi></p>\n"
    )


def test_an_undated_document_has_no_date():
    assert "<p><bdi>characters 0–1</bdi></p>" in render(stored(date=None), "a", 0, 1)


def test_authors_come_first():
    html = render(stored(authors="Ada & Bo", date=None), "a", 0, 1)
    assert "<p><bdi>by Ada &amp; Bo</bdi> · <bdi>characters 0–1</bdi></p>" in html


def test_the_short_answer_is_bold_inside_the_quote():
    html = render(stored(), "It opens at <nine> sharp.", 3, 18, (12, 18))
    assert main_of(html) == f"It {MARK}opens at <b>&lt;nine&gt;</b></mark> sharp."


@pytest.mark.parametrize(
    ("text", "start", "end", "marked"),
    [
        ("🚪🚢 opens", 1, 2, f"🚪{MARK}🚢</mark> opens"),
        ("👩\u200d🚀 flies", 2, 5, f"👩\u200d{MARK}🚀 f</mark>lies"),
        ("cafe\u0301 au lait", 4, 6, f"cafe{MARK}\u0301 </mark>au lait"),
        ("a\r\nb\r\nc", 3, 5, f"a&#13;\n{MARK}b&#13;</mark>\nc"),
        ("\n\nfirst", 0, 3, f"{MARK}\n\nf</mark>irst"),
        ("whole", 0, 5, f"{MARK}whole</mark>"),
        ("שלום עולם", 0, 4, f"{MARK}שלום</mark> עולם"),
    ],
)
def test_offsets_count_characters(text, start, end, marked):
    html = render(stored(), text, start, end)
    assert main_of(html) == marked
    assert Reading(html).quote == text[start:end]


@given(st.data())
def test_any_text_is_shown_whole_and_any_span_is_marked(data):
    text = data.draw(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
    start = data.draw(st.integers(0, max(len(text) - 1, 0)))
    end = data.draw(st.integers(start + 1, max(len(text), start + 1)))
    if end > len(text):
        with pytest.raises(ValueError, match="are not in this document"):
            render(stored(), text, start, end)
        return
    reading = Reading(render(stored(), text, start, end))
    assert (reading.main, reading.quote) == (text, text[start:end])


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 2), (3, 2), (0, 6), (5, 6), (-3, -1)])
def test_a_span_outside_the_text_is_refused(start, end):
    with pytest.raises(ValueError) as caught:
        render(stored(), "abcde", start, end)
    assert str(caught.value) == f"characters {start} to {end} are not in this document; it has 5"


@pytest.mark.parametrize("answer", [(0, 2), (1, 1), (2, 4), (3, 2)])
def test_an_answer_outside_the_quote_is_refused(answer):
    with pytest.raises(ValueError) as caught:
        render(stored(), "abcde", 1, 3, answer)
    assert str(caught.value) == f"the answer {answer[0]} to {answer[1]} is not in the quote"


def test_nothing_in_a_document_becomes_an_element():
    hostile = f"</main></style></title><script>alert(1)</script>{HOSTILE}"
    html = render(stored(title=hostile, path=hostile, date=HOSTILE), hostile, 0, 5)
    reading = Reading(html)
    assert reading.main == hostile
    page = "html head meta title link script body header h1 p bdi main mark"
    page += " div span section button a form input"
    assert reading.tags == set(page.split())
    assert html.count("<script") == 2
    assert html.count(LITERAL) == 5  # tab title, heading, date, path, text


def test_a_note_is_escaped():
    html = render_note(HOSTILE)
    assert f'<body><main class="note"><h1>{LITERAL}</h1></main></body>' in html
    assert "<title>Pinpoint</title>" in html


def test_the_headers_forbid_strangers():
    assert HEADERS == {
        "Content-Security-Policy": (
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
            "connect-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }


def test_nothing_in_the_page_is_script_or_style_of_its_own():
    html = render(stored(), "abc", 0, 1)
    assert "<style" not in html
    assert " style=" not in html
    assert re.findall("<script[^>]*>[^<]", html) == []
    assert re.findall(r"\son\w+=", html) == []


def test_a_long_text_is_not_sent_whole():
    text = "".join(f"Line {n:06}\n" for n in range(100_000))  # 12 characters each
    start = 600_000
    html = render(stored(), text, start, start + 11)
    shown = Reading(html).main
    # 600,000 - 20,000 falls into a line, which is shown from its beginning.
    assert shown == text[579_996:620_016]
    address = f"/source/{'0' * 64}/text"
    query = f"start={start}&amp;end={start + 11}"
    assert f'data-before="{address}?before=579996&amp;{query}"' in html
    assert f'data-after="{address}?after=620016&amp;{query}"' in html


def test_a_part_says_what_is_before_and_behind_it():
    text = "one\ntwo\nthree\n"
    found = Found(stored(), text, None)
    html = render_part(found, Span(4, 8), marks(text, "0", "3"), Span(4, 7))
    address = f"/source/{'0' * 64}/text"
    assert html == (
        '<div class="part" data-start="4" data-end="8"'
        f' data-before="{address}?before=4&amp;start=0&amp;end=3"'
        f' data-after="{address}?after=8&amp;start=0&amp;end=3">'
        '<mark class="hit">two</mark>\n</div>'
    )


@pytest.mark.parametrize(
    ("url", "link"),
    [
        (None, None),
        ("https://example.org/a?b=1&c=2", "https://example.org/a?b=1&amp;c=2#:~:text=abc"),
        ("http://example.org/", "http://example.org/#:~:text=abc"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("//example.org/", None),
        ("https://[broken", None),
    ],
)
def test_only_web_pages_are_linked(url, link):
    html = render(stored(), "abc", 0, 3, url=url)
    found = re.findall('<a href="([^"]*)" target="_blank" rel="noopener noreferrer">', html)
    assert found == ([link] if link else [])


def test_a_pdf_opens_at_its_page():
    places = Structure((), (Location(0, 4, "page", "1"), Location(4, 9, "page", "2")))
    pdf = stored(media_type="application/pdf")
    assert 'data-first="2"' in render(pdf, "one two three", 5, 7, structure=places)
    assert 'data-first="1"' in render(pdf, "one two three", 3, 7, structure=places)
    assert "data-first" not in render(stored(), "one two three", 3, 7, structure=places)


def test_rectangles_are_shares_of_the_page():
    shape = PageShape(2, 3, 612.0, 792.4, ((0.1, 0.25, 0.5, 0.0125),))
    html = render_sheet(Found(stored(), "abc", None), shape, marks("abc", "0", "1"))
    address = f"/source/{'0' * 64}/page"
    assert (
        '<rect class="spot" x="10.0000%" y="25.0000%" width="50.0000%" height="1.2500%"/>' in html
    )
    assert 'width="612" height="792" alt="Page 2 of 3, with the quote marked"' in html
    assert f'data-before="{address}/1?start=0&amp;end=1"' in html
    assert f'data-after="{address}/3?start=0&amp;end=1"' in html
