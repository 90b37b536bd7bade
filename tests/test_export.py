"""Conversations as files: exact text, nothing marked up by documents."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from answers import SHA, answered, citation
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from qa.conversation import Conversation, Filters, Turn
from qa.models import AnswerSpan, Candidate, CitedLocation, IndexSummary, Side
from ui.export import Format, export, file_name, html
from ui.export_markdown import markdown, plain

AT = datetime(2024, 5, 2, 9, 30, 59, tzinfo=UTC)
HOSTILE = "</style><script>alert(1)</script><img src=x onerror=alert(1)>\r\n\"&'"


def turn(asked="When does the gate open?", **given):
    fields = {"question": asked, "filters": Filters(), "answer": None, "error": None, **given}
    return Turn(id="t1", conversation="c1", asked=asked, rating=0, created_at=AT, **fields)


def conversation(*turns, title="The gate"):
    return Conversation(id="c1", title=title, created_at=AT, updated_at=AT, turns=turns)


SHORT = AnswerSpan(text="nine", start=30, end=34)
PAGE = (CitedLocation(kind="page", name="3"),)
FIRST = citation(answer=SHORT).model_copy(update={"locations": PAGE})
OTHER = citation(
    "At *ten*.", 50, path="/docs/b_c.md", title="Old [notes]", date=None, authors="Zoë"
)
SMALL = conversation(
    turn(
        answer=answered(
            FIRST, candidates=(Candidate(text="ten", confidence=0.5, citations=(OTHER,)),)
        )
    ),
    turn(
        "And\nit?",
        question="And the gate?",
        answer=answered(nearest=(citation("Closed.", 70),)),
        filters=Filters(
            since="2024-01-01", until="2024-12-31", folders=("/a", "/b"), kinds=("pdf",)
        ),
    ),
    turn("Who?", error="there is no index"),
)


def test_a_small_conversation_as_markdown():
    assert export(SMALL, Format.MARKDOWN) == (
        "pinpoint-the-gate.md",
        "text/markdown",
        f"""\
# The gate

2024-05-02 09:30 UTC

## When does the gate open?

> The gate opens
> &#32;&#32;at **nine**. \\[1\\]

**Harbour**, Opening hours, page 3, 2024-05-02\\
/docs/harbour.md\\
characters 10–35, SHA-256 {SHA}

Other answers:

> At \\*ten\\*. \\[2\\]

**Old \\[notes\\]**, by Zoë, Harbour, Opening hours\\
/docs/b\\_c.md\\
characters 50–59, SHA-256 {SHA}

Confidence 87%

## And it?

Understood as: And the gate?

Only documents dated 2024-01-01 or later, dated 2024-12-31 or earlier, in /a or /b, of the kind pdf.

Not in your documents.

The nearest passages, which do not answer it:

> Closed. \\[1\\]

**Harbour**, Opening hours, 2024-05-02\\
/docs/harbour.md\\
characters 70–77, SHA-256 {SHA}

## Who?

there is no index
""",
    )


def test_a_small_conversation_as_html():
    name, media_type, text = export(SMALL, Format.HTML)
    assert (name, media_type) == ("pinpoint-the-gate.html", "text/html")
    assert text.startswith('<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n')
    assert "<title>The gate</title>\n" in text
    assert (
        text.partition("</head>\n")[2]
        == f"""\
<body>
<h1><bdi>The gate</bdi></h1>
<p class="soft">2024-05-02 09:30 UTC</p>
<section>
<h2 dir="auto">When does the gate open?</h2>
<figure>
<blockquote dir="auto">The gate opens
  at <mark>nine</mark>.</blockquote>
<cite>[1] <b><bdi>Harbour</bdi></b>
<bdi>Opening hours, page 3, 2024-05-02</bdi>
<bdi>/docs/harbour.md</bdi>
<bdi>characters 10–35, SHA-256 {SHA}</bdi></cite>
</figure>
<p>Other answers:</p>
<figure>
<blockquote dir="auto">At *ten*.</blockquote>
<cite>[2] <b><bdi>Old [notes]</bdi></b>
<bdi>by Zoë, Harbour, Opening hours</bdi>
<bdi>/docs/b_c.md</bdi>
<bdi>characters 50–59, SHA-256 {SHA}</bdi></cite>
</figure>
<p class="soft">Confidence 87%</p>
</section>
<section>
<h2 dir="auto">And
it?</h2>
<p class="soft">Understood as: <bdi>And the gate?</bdi></p>
<p class="soft"><bdi>Only documents dated 2024-01-01 or later, dated 2024-12-31 or earlier, \
in /a or /b, of the kind pdf.</bdi></p>
<p>Not in your documents.</p>
<p>The nearest passages, which do not answer it:</p>
<figure>
<blockquote dir="auto">Closed.</blockquote>
<cite>[1] <b><bdi>Harbour</bdi></b>
<bdi>Opening hours, 2024-05-02</bdi>
<bdi>/docs/harbour.md</bdi>
<bdi>characters 70–77, SHA-256 {SHA}</bdi></cite>
</figure>
</section>
<section>
<h2 dir="auto">Who?</h2>
<p>there is no index</p>
</section>
</body>
</html>
"""
    )


def test_json_holds_the_whole_conversation():
    name, media_type, text = export(SMALL, Format.JSON)
    assert (name, media_type) == ("pinpoint-the-gate.json", "application/json")
    assert Conversation.model_validate_json(text) == SMALL
    assert text.startswith('{\n  "id": "c1",\n  "title": "The gate",\n')


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("When does the gate open?", "pinpoint-when-does-the-gate-open"),
        ("../../etc/passwd", "pinpoint-etc-passwd"),
        ('Café \N{LATIN SMALL LIGATURE FI}sh\r\n";x', "pinpoint-cafe-fish-x"),
        ("船は", "pinpoint-conversation"),
        ("", "pinpoint-conversation"),
        ("a" * 59 + " b", "pinpoint-" + "a" * 59),
    ],
)
def test_a_file_name_is_safe_everywhere(title, name):
    assert file_name(title) == name


class Seen(HTMLParser):
    """Notes the tags and the text of a page."""

    def __init__(self):
        super().__init__()
        self.tags, self.text = [], ""

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, *(name for name, _ in attrs if name.startswith("on"))))

    def handle_data(self, data):
        self.text += data


def test_everything_from_outside_is_escaped_in_html():
    short = AnswerSpan(text=HOSTILE, start=10 + len(HOSTILE), end=10 + 2 * len(HOSTILE))
    said = {"title": HOSTILE, "path": HOSTILE, "date": HOSTILE, "authors": HOSTILE + "!"}
    found = citation(HOSTILE * 3, answer=short, **said)
    found = found.model_copy(update={"heading": (HOSTILE + "!",)})
    made = html(
        conversation(
            turn(HOSTILE, question=HOSTILE + "?", answer=answered(found)),
            turn(error=HOSTILE, filters=Filters(since=HOSTILE)),
            title=HOSTILE,
        )
    )
    seen = Seen()
    seen.feed(made)
    ours = "html head meta title style body h1 bdi p section h2 figure blockquote mark cite b"
    assert " ".join(dict.fromkeys(tag for tag, *_ in seen.tags)).split() == ours.split()
    assert all(len(tag) == 1 for tag in seen.tags)
    assert seen.text.count("<script>alert(1)</script><img src=x onerror=alert(1)>") == 14
    assert "<script" not in made


def test_the_html_loads_nothing():
    made = html(SMALL)
    assert "default-src 'none'; style-src 'unsafe-inline'" in made
    assert not re.search(r"url\(|@import|\bsrc=|\bhref=|https?:", made)


def shown(text):
    """Return the text that a Markdown reader shows, and the kinds of its marks."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    inner = [child for token in tokens for child in token.children or ()]
    kinds = {token.type for token in [*tokens, *inner]} - {"text", "text_special", "inline"}
    return "".join("\n" if "break" in c.type else c.content for c in inner), kinds


PARAGRAPH = {"paragraph_open", "paragraph_close", "softbreak"}


@pytest.mark.parametrize(
    "text",
    [
        "# No heading #",
        "1. No list",
        "12) no list",
        "- no list",
        "+ no list",
        "* no *emphasis* __here__",
        "a\n===",
        "a\n---",
        "| a | b |\n|---|---|",
        "<b onclick=x>&amp; [link](x) ![i](y) `code` ~~x~~ <http://x>",
        "> no quote",
        "\\ \\* back",
        "    no code",
        "\tno code",
        "```\nno code",
        "[a]: /definition",
        HOSTILE.replace("\r\n", " "),
    ],
)
def test_plain_text_marks_up_nothing_in_markdown(text):
    found, kinds = shown(plain(text))
    assert (found.strip(" \t"), kinds <= PARAGRAPH) == (text.strip(" \t"), True), kinds


@given(st.text(st.sampled_from("a1 .)#*_`[]()<>!&|~=+-\\:\"'$\n"), min_size=1, max_size=30))
@example("a  \n#")
def test_any_text_marks_up_nothing_in_markdown(text):
    _, kinds = shown(plain(text))
    assert kinds <= PARAGRAPH | {"hardbreak"}


@pytest.mark.parametrize(
    ("quote", "short", "marked"),
    [
        ("nine", "nine", "> **nine** \\[1\\]"),
        ("At nine.", "nine", "> At **nine**. \\[1\\]"),
        ("x(nine)y", "(nine)", "> x<b>(nine)</b>y \\[1\\]"),
        ("Pay $5 now", "$5", "> Pay **\\$5** now \\[1\\]"),
        ("at\nnine", "at\nnine", "> at\n> nine \\[1\\]"),
        ("a\r\n\r\n- b nine - c", "nine", "> a\n>\n> \\- b **nine** - c \\[1\\]"),
    ],
)
def test_a_short_answer_is_bold(quote, short, marked):
    start = 10 + quote.index(short)
    span = AnswerSpan(text=short, start=start, end=start + len(short))
    text = markdown(conversation(turn(answer=answered(citation(quote, answer=span)))))
    assert marked in text.split("\n\n**Harbour**")[0]
    assert text.split("open?\n\n")[1].startswith(marked)


def told(made):
    """Return what is said between the quotes of an answer, in each of the formats for people."""
    kept = conversation(turn(answer=made))
    said = re.findall(r"<p(?: class=\"soft\")?>(.*)</p>|<cite>\[(\d)", html(kept))
    blocks = markdown(kept).strip().split("\n\n")
    lines = [block for block in blocks if block[0] not in "#*>"]
    return [words or number for words, number in said][1:], lines[1:]


def test_a_comparison_says_which_side_a_quote_is_of():
    one, both = citation("Apples keep.", 10), citation("Apples and pears fall.", 50)
    sides = (
        Side(subject="apples", citations=(one, both)),
        Side(subject="<pears>", citations=(both,)),
        Side(subject="plums", citations=()),
    )
    page, text = told(answered(one, both).model_copy(update={"sides": sides}))
    unsaid = "plums: Your documents do not say."
    assert page == [
        "apples:", "1", "2", "&lt;pears&gt;:", "2", unsaid, "Confidence 87%",
    ]  # fmt: skip
    assert text == ["apples:", "\\<pears\\>:", unsaid, "Confidence 87%"]


def test_differing_sources_are_named_as_such():
    one, other = citation("At nine.", 10), citation("At ten.", 50)
    differing = tuple(Candidate(text=c.quote, confidence=1, citations=(c,)) for c in (one, other))
    page, text = told(answered(one, other).model_copy(update={"differing": differing}))
    lead = "Your sources differ. All answers that were found, the newest document first:"
    assert page == [lead, "1", "2", "Confidence 87%"]
    assert text == [lead, "Confidence 87%"]


def test_what_could_not_be_searched_is_told():
    index = IndexSummary(generation=1, documents=1, chunks=1, failed=2)
    page, text = told(answered(nearest=(citation(),)).model_copy(update={"index": index}))
    words = "2 files could not be read, so not everything was searched."
    lead = "The nearest passages, which do not answer it:"
    assert page == ["Not in your documents.", lead, "1", words]
    assert text == ["Not in your documents.", lead, words]


@pytest.mark.parametrize(
    ("gone", "documents"), [((SHA,), "a cited document"), (("a", "b"), "2 cited documents")]
)
def test_quotes_that_could_not_be_checked_again_are_told(gone, documents):
    kept = conversation(turn(answer=answered(), gone=gone))
    words = (
        f"The text of {documents} has changed or was removed since this answer was given, so its "
        "quotes could not be checked again; ask again."
    )
    assert f"<p>{words}</p>\n</section>" in html(kept)
    assert markdown(kept).endswith(f"Confidence 87%\n\n{words}\n")
