"""Questions and answers as HTML."""

import re

from qa.models import (
    Answer,
    AnswerSpan,
    Candidate,
    Citation,
    CitedDocument,
    CitedLocation,
    IndexSummary,
    Side,
)
from ui import turn

SHA = "ab" * 32


def lean(html):
    """Return HTML without the line ends between its elements."""
    return re.sub(r">\s*\n\s*<", "><", html).strip()


def answer(given):
    return lean(turn.answer(given))


def citation(quote="The gate opens\n  at nine.", start=10, answer=None, **changes):
    fields = {"title": "Harbour", "path": "/docs/harbour.md", "date": "2024-05-02", **changes}
    return Citation(
        quote=quote,
        start=start,
        end=start + len(quote),
        answer=answer,
        document=CitedDocument(id="0" * 16, sha256=SHA, media_type="text/plain", **fields),
        page=None,
        locations=(),
        rectangles=(),
        link=None,
        heading=("Harbour", "Opening hours"),
        score=0.87,
    )


def result(*, citations=(), nearest=(), candidates=(), failed=0, partial=0):
    return Answer(
        question="When?",
        answered=bool(citations),
        text="",
        confidence=0.874,
        citations=citations,
        nearest=nearest,
        candidates=candidates,
        index=IndexSummary(generation=1, documents=1, chunks=1, failed=failed, partial=partial),
    )


QUOTE = (
    '<blockquote dir="auto"><span class="quote">The gate opens\n  at nine.</span>&nbsp;'
    f'<a class="chip" href="/source/{SHA}?start=10&amp;end=35#quote" target="pinpoint-source"'
    ' aria-label="Open source 1">1</a></blockquote>'
)
SOURCES = (
    '<ul class="sources"><li><span class="number">1</span><span><bdi class="title">Harbour</bdi>'
    '<bdi> → Opening hours</bdi> · <span class="date">2024-05-02</span>'
    '<bdi class="path">/docs/harbour.md</bdi></span></li></ul>'
)


def test_an_answer_is_quotes_then_sources_then_confidence():
    assert answer(result(citations=(citation(),))) == (
        f'<div class="reply found">{QUOTE}{SOURCES}'
        '<p class="confidence">High confidence <span>87%</span></p></div>'
    )


def candidate(*citations):
    return Candidate(text="nine", confidence=0.5, citations=citations)


def test_other_answers_are_folded_below_and_numbered_on():
    first, second = citation(), citation("It opens at ten.", 40)
    given = (candidate(first), candidate(second, citation(path="/docs/b.md")))
    html = answer(result(citations=(first,), candidates=given))
    _, others = html.split("High confidence <span>87%</span></p>")
    assert others.startswith('<details class="others"><summary>1 other answer</summary><blockquote')
    assert others.count("It opens at ten.") == 1
    assert 'aria-label="Open source 2">2</a>' in others
    assert '<span class="number">2</span>' in others
    assert "b.md" not in others
    assert "<details" not in answer(result(citations=(first,), candidates=given[:1]))


def test_what_could_not_be_searched_is_said():
    told = "2 files could not be read and 1 file could be read in part only"
    for given in ({"citations": (citation(),)}, {}):
        assert answer(result(failed=2, partial=1, **given)).endswith(
            f'<p class="unread">{told}, so not everything was searched.</p></div>'
        )


def test_places_stand_behind_the_headings():
    places = [("page", "3"), ("page", "4"), ("row", "7"), ("chapter", "The Whale")]
    given = tuple(CitedLocation(kind=kind, name=name) for kind, name in places)
    html = answer(result(citations=(citation().model_copy(update={"locations": given}),)))
    assert "→ Opening hours → page 3 and 4 → row 7 → The Whale</bdi>" in html


def test_sender_and_date_of_a_message_stand_once():
    given = citation()
    document = given.document.model_copy(update={"authors": "Ann", "date": "2020-03-03"})
    place = CitedLocation(kind="message", name="Ann, 2020-03-03")
    html = answer(
        result(citations=(given.model_copy(update={"document": document, "locations": (place,)}),))
    )
    assert (html.count("Ann"), html.count("2020-03-03")) == (1, 1)


def test_no_answer_says_so_and_shows_what_came_closest():
    assert answer(result(nearest=(citation(),))) == (
        '<div class="reply missing"><h3>Not in your documents</h3>'
        f'<p class="lead">The nearest passages, which do not answer it:</p>{QUOTE}{SOURCES}</div>'
    )


def test_no_answer_from_an_empty_index_is_one_line():
    assert answer(result()) == ('<div class="reply missing"><h3>Not in your documents</h3></div>')


def test_quotes_are_numbered_in_order():
    html = answer(result(citations=(citation(), citation(quote="Closed."))))
    assert html.index(">1</a>") < html.index("Closed.") < html.index(">2</a>")


def test_the_short_answer_is_bold_and_in_the_address():
    short = AnswerSpan(text="nine", start=30, end=34)
    html = answer(result(citations=(citation(answer=short),)))
    assert "The gate opens\n  at <b>nine</b>." in html
    assert turn.source_url(citation(answer=short)) == (
        f"/source/{SHA}?start=10&end=35&astart=30&aend=34#quote"
    )


def test_an_undated_source_has_no_date():
    assert '<bdi> → Opening hours</bdi><bdi class="path">' in answer(
        result(citations=(citation(date=None),))
    )


def test_everything_from_outside_is_escaped():
    hostile = "<img src=x onerror=alert(1)>\r\n\"&'"
    literal = "&lt;img src=x onerror=alert(1)&gt;&#13;\n&#34;&amp;&#39;"
    found = citation(quote=hostile, title=hostile, path=hostile, date=hostile)
    found = found.model_copy(update={"heading": (hostile + "!",)})
    html = turn.turn(hostile, answer(result(citations=(found,)))) + turn.failure(hostile)
    assert html.count(literal) == 7
    assert "<img" not in html


def test_a_blank_question_is_not_shown():
    assert lean(turn.turn(" \n", "<p>reply</p>")) == '<article class="turn"><p>reply</p></article>'


def test_a_question_stands_above_its_reply():
    assert lean(turn.turn("When?", "<p>reply</p>")) == (
        '<article class="turn"><h2 class="question" dir="auto">When?</h2><p>reply</p></article>'
    )


def test_confidence_is_told_in_a_word_too():
    given = result(citations=(citation(),))
    told = {0.75: "High", 0.749: "Fair", 0.5: "Fair", 0.499: "Low", 0.0: "Low"}
    for confidence, word in told.items():
        html = answer(given.model_copy(update={"confidence": confidence}))
        assert f'<p class="confidence">{word} confidence <span>' in html


def test_sides_stand_beside_each_other_and_share_their_numbers():
    first, second = citation(), citation("Both close at dusk.", 40)
    sides = (
        Side(subject="the <gate>", citations=(first, second)),
        Side(subject="the door", citations=(second,)),
        Side(subject="the wall", citations=()),
    )
    given = result(citations=(first, second)).model_copy(update={"sides": sides})
    gate, door, wall = answer(given).split("<section")[1:]
    assert gate.startswith(
        ' aria-label="the &lt;gate&gt;"><h3><bdi>the &lt;gate&gt;</bdi></h3><blockquote'
    )
    assert (gate.count(">1</a>"), gate.count(">2</a>")) == (1, 1)
    assert (door.count(">1</a>"), door.count(">2</a>")) == (0, 1)
    assert wall.startswith(
        ' aria-label="the wall"><h3><bdi>the wall</bdi></h3>'
        '<p class="lead">Your documents do not say.</p></section></div>'
    )


def test_answers_that_differ_are_marked():
    first, second = citation(), citation("It opens at ten.", 40, path="/docs/b.md")
    both = (candidate(first), candidate(second))
    given = result(citations=(first, second), candidates=both)
    html = answer(given.model_copy(update={"differing": both}))
    assert html.startswith(
        '<div class="reply found"><div class="differing"><h3>Your sources differ</h3>'
        '<p class="lead">All answers that were found, the newest document first.</p><blockquote'
    )
    assert html.index("at nine.") < html.index("at ten.")
    assert "other answer" not in html
